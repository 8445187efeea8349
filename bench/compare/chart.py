"""Bars of CPU seconds for a million lines, as SVG that needs nothing else."""

from xml.sax.saxutils import escape

WIDTH, LABEL, VALUE, ROW, TOP = 860, 250, 70, 26, 44
OWN, PEER = "#1a7f5a", "#8a94a3"
STYLE = ("text{font:13px sans-serif;fill:#222}.title{font-size:15px;font-weight:bold}"
         "@media(prefers-color-scheme:dark){text{fill:#ddd}}")


def bar(row, name, seconds, longest):
    """One row: its name, a bar on a linear scale, the figure."""
    y = TOP + row * ROW
    length = max(1.0, seconds / longest * (WIDTH - LABEL - VALUE))
    colour = OWN if name.startswith("routerate") else PEER
    return (f'<text x="{LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LABEL}" y="{y + 2}" width="{length:.1f}" height="{ROW - 8}" fill="{colour}"/>'
            f'<text x="{LABEL + length + 6:.1f}" y="{y + 15}">{seconds:.2f}</text>')


def page(title, height, marks):
    """The whole image of a title and what is below it."""
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
         f'height="{height}" role="img">', f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
         f'<text class="title" x="8" y="22">{escape(title)}</text>', *marks, "</svg>", ""])


def svg(title, rows):
    """`rows` of (name, seconds), drawn from the least on."""
    rows = sorted(rows, key=lambda row: row[1])
    bars = [bar(number, *row, longest=rows[-1][1]) for number, row in enumerate(rows)]
    return page(title, TOP + len(rows) * ROW + 8, bars)
