"""Lines over a logarithmic x axis as SVG: a panel below the other for each y, each point with its value."""

import math
from xml.sax.saxutils import escape

from chart import OWN, TOP, WIDTH, page

LEFT, RIGHT, PANEL, AXIS = 60, 60, 120, 44
HEADING, ROOM = 20, 26  # above a panel's points: its name, their values


def figure(value):
    """As a person would write it: three digits that count."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    digits = f"{value:.3g}"
    return f"{float(digits):,.0f}" if abs(value) >= 100 else digits


def scale(values, begin, end, transform=lambda value: value):
    """value → place, so that the least of `values` is at `begin` and the greatest at `end`."""
    least, most = transform(min(values)), transform(max(values))
    width = most - least or 1
    return lambda value: begin + (transform(value) - least) / width * (end - begin)


def text(x, y, words):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(words)}</text>'


def panel(number, name, points, x_of):
    """`points` of (x, y), on a linear scale from 0."""
    top = TOP + number * PANEL
    y_of = scale([0, *(y for _, y in points)], top + PANEL - 6, top + HEADING + ROOM)
    places = [(x_of(x), y_of(y), y) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    marks = [f'<text x="8" y="{top + 12}">{escape(name)}</text>',
             f'<path d="M{LEFT} {y_of(0):.1f}H{WIDTH - RIGHT}" stroke="#8a94a3"/>',
             f'<polyline points="{path}" fill="none" stroke="{OWN}" stroke-width="2"/>']
    for x, y, value in places:
        marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{OWN}"/>', text(x, y - 8, figure(value))]
    return marks


def svg(title, x_name, panels):
    """`panels`: name → points of (x, y) with x above 0."""
    xs = sorted({x for points in panels.values() for x, _ in points})
    x_of = scale(xs, LEFT, WIDTH - RIGHT, math.log10)
    bottom = TOP + len(panels) * PANEL
    marks = [mark for number, (name, points) in enumerate(panels.items())
             for mark in panel(number, name, points, x_of)]
    marks += [text(x_of(x), bottom + 16, figure(x)) for x in xs]
    marks.append(text(WIDTH / 2, bottom + 36, f"{x_name}, logarithmic"))
    return page(title, bottom + AXIS, marks)
