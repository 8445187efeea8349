// Lines of the last hour. Where there was no value there is no line.

import { element, svg, setAttribute } from "./dom.js";
import { hourAndMinute } from "./numbers.js";

const MINUTE = 60000;
// In rem: text has the size of the page's.
const LEFT = 4.2;
const RIGHT = 0.6;
const BOTTOM = 1.5;
const TOP = 0.6;

// A path of the points that are numbers; `x` and `y` place them.
function path(points, x, y) {
  let out = "";
  let drawing = false;
  points.forEach((value, i) => {
    if (value !== null) {
      out += `${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      if (!drawing && (points[i + 1] ?? null) === null) out += "h0.01"; // a point of its own
    }
    drawing = value !== null;
  });
  return out;
}

const greatest = (points) => Math.max(0, ...points.filter((value) => value !== null));

export const sparkline = () =>
  svg("svg", { class: "sparkline", role: "img", viewBox: "0 0 120 24", preserveAspectRatio: "none" },
      svg("path"));

// `words` says what the greatest value is, as in "12 requests/s".
export function drawSparkline(node, points, words) {
  const top = greatest(points) || 1;
  setAttribute(node.firstElementChild, "d",
               path(points, (i) => (i * 119) / (points.length - 1), (value) => 23 - (22 * value) / top));
  const known = points.some((value) => value !== null);
  setAttribute(node, "aria-label", known ? `last hour, at most ${words(greatest(points))}` : "last hour: no value");
}

// A round number that is at least `value`.
function ceiling(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((times) => times * power).find((round) => round >= value);
}

function gaps(points) {
  const found = [];
  points.forEach((value, i) => {
    if (value !== null) return;
    if (found.length && found.at(-1).end === i) found.at(-1).end = i + 1;
    else found.push({ begin: i, end: i + 1 });
  });
  return found;
}

// A figure with axes; by pointer or arrow keys it tells the value of each time.
export class Chart {
  constructor(title, format) {
    this.title = title;
    this.format = format;
    this.readout = element("output", { "aria-live": "polite" });
    this.plot = svg("svg", { class: "chart", tabindex: 0, role: "img" });
    this.figure = element("figure", {}, element("figcaption", {}, title, " ", this.readout), this.plot);
    this.plot.addEventListener("pointermove", (event) => this.#point(this.#indexAt(event.offsetX)));
    this.plot.addEventListener("pointerleave", () => this.#point(null));
    this.plot.addEventListener("blur", () => this.#point(null));
    this.plot.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(points, endMs, stepMs) {
    Object.assign(this, { points, endMs, stepMs });
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = Math.max(this.plot.clientWidth, 200);
    const height = Math.max(this.plot.clientHeight, 100);
    this.box = { width, left: LEFT * rem, right: width - RIGHT * rem, top: TOP * rem, bottom: height - BOTTOM * rem, height, rem };
    this.most = ceiling(greatest(points));
    this.plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.plot.setAttribute("aria-label", this.#summary());
    this.plot.replaceChildren(...this.#axes(), ...this.#gapMarks(),
      svg("path", { class: "line", d: path(points, (i) => this.#x(i), (value) => this.#y(value)) }),
      (this.mark = svg("line", { class: "mark", y1: this.box.top, y2: this.box.bottom, hidden: true })));
  }

  #x(i) {
    return this.box.left + (i * (this.box.right - this.box.left)) / (this.points.length - 1);
  }

  #y(value) {
    return this.box.bottom - (value / this.most) * (this.box.bottom - this.box.top);
  }

  #time(i) {
    return this.endMs - (this.points.length - 1 - i) * this.stepMs;
  }

  #axes() {
    const marks = [];
    const { left, right, width, height, rem } = this.box;
    for (const value of [0, this.most / 2, this.most]) {
      const y = this.#y(value);
      marks.push(svg("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }),
                 svg("text", { x: left - 0.4 * rem, y: y + 0.25 * rem, "text-anchor": "end" }, this.format(value)));
    }
    const every = (width < 32 * rem ? 20 : 10) * MINUTE;
    for (let i = 0; i < this.points.length; ++i) {
      if (this.#time(i) % every !== 0) continue;
      marks.push(svg("text", { x: this.#x(i), y: height - 0.3 * rem, "text-anchor": "middle" }, hourAndMinute(this.#time(i))));
    }
    return marks;
  }

  #gapMarks() {
    const { top, bottom, rem } = this.box;
    return gaps(this.points).flatMap(({ begin, end }) => {
      const left = this.#x(Math.max(begin - 0.5, 0));
      const right = this.#x(Math.min(end - 0.5, this.points.length - 1));
      const rectangle = svg("rect", { class: "gap", x: left, y: top, width: right - left, height: bottom - top });
      if (right - left < 5 * rem) return [rectangle];
      return [rectangle, svg("text", { x: (left + right) / 2, y: (top + bottom) / 2, "text-anchor": "middle" }, "no value")];
    });
  }

  #summary() {
    const known = this.points.filter((value) => value !== null);
    if (!known.length) return `${this.title}: no value in the last hour`;
    return `${this.title} over the last hour: from ${this.format(Math.min(...known))} to ` +
           `${this.format(Math.max(...known))}, now ${this.format(this.points.at(-1))}. Arrow keys tell single values.`;
  }

  #indexAt(offset) {
    if (!this.points) return null;
    const share = (offset - this.box.left) / (this.box.right - this.box.left);
    return Math.min(Math.max(Math.round(share * (this.points.length - 1)), 0), this.points.length - 1);
  }

  #key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !this.points) return;
    event.preventDefault();
    const last = this.points.length - 1;
    this.#point(Math.min(Math.max((this.at ?? last + 1) + step, 0), last));
  }

  #point(i) {
    this.at = i;
    if (!this.mark) return;
    this.mark.toggleAttribute("hidden", i === null);
    this.readout.textContent = i === null ? "" : `${hourAndMinute(this.#time(i))} ${this.format(this.points[i])}`;
    if (i === null) return;
    this.mark.setAttribute("x1", this.#x(i));
    this.mark.setAttribute("x2", this.#x(i));
  }
}
