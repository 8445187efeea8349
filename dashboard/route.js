// One route: its numbers, its last hour, and an HPA that scales by it.

import { Chart } from "./chart.js";
import { element, setText } from "./dom.js";
import * as numbers from "./numbers.js";
import { address, POD_COLUMNS, routeName, Table } from "./tables.js";

const TILES = [
  ["req/s, 10 s", (row) => numbers.rate(row["req/s_10s"])], ["req/s, 1 min", (row) => numbers.rate(row["req/s_1m"])],
  ["req/s, 5 min", (row) => numbers.rate(row["req/s_5m"])], ["errors", (row) => numbers.share(row.error_share)],
  ["p50", (row) => numbers.milliseconds(row.p50_ms)], ["p95", (row) => numbers.milliseconds(row.p95_ms)],
  ["p99", (row) => numbers.milliseconds(row.p99_ms)], ["total", (row) => numbers.count(row.total)],
  ["state", (row) => row.state], ["age", (row) => numbers.seconds(row.age_s)],
];
const CHARTS = [["requests/s", "req/s", numbers.rate], ["errors/s (5xx)", "5xx/s", numbers.rate], ["p95", "p95_ms", numbers.milliseconds]];
const NAMES = ["namespace", "service"];

export class RoutePage {
  constructor(state) {
    this.state = state;
    this.title = element("span", {}, state.get("route_id"));
    this.tiles = TILES.map(() => element("dd"));
    this.charts = CHARTS.map(([title, , format]) => new Chart(title, format));
    this.pods = new Table("Pods of the service", POD_COLUMNS);
    this.missing = element("p", { class: "empty", hidden: true }, "The service has no such route now.");
    this.node = element("div", {}, this.#heading(), this.missing,
      element("dl", { class: "tiles", "aria-label": "Now" }, ...TILES.map(([label], i) => element("div", {}, element("dt", {}, label), this.tiles[i]))),
      element("section", { class: "charts", "aria-label": "The last hour" }, ...this.charts.map((chart) => chart.figure)),
      this.#autoscaler(), this.pods.node);
    this.#askManifest();
  }

  get query() {
    const query = new URLSearchParams(NAMES.map((name) => [name, this.state.get(name)]));
    query.set("route", this.state.get("route_id"));
    query.set("method", this.state.get("method") || "-");
    return query.toString();
  }

  get histories() {
    return { routes: this.query };
  }

  #heading() {
    const [namespace, service] = NAMES.map((name) => this.state.get(name));
    return element("h1", {}, element("a", { href: "#/" }, "All services"), " / ",
                   element("a", { href: address("service", { namespace, service }) }, `${namespace}/${service}`), " / ", this.title);
  }

  #autoscaler() {
    const field = (name, label, value, placeholder = null) => element("label", {}, `${label} `,
      element("input", { name, value, placeholder, size: 14, oninput: () => this.#askManifest() }));
    this.form = element("form", { class: "hpa", onsubmit: (event) => event.preventDefault() },
      field("workload", "workload", "", this.state.get("service")), field("target", "req/s of a pod", "100"), field("min", "min", "1"), field("max", "max", "10"));
    this.manifest = element("pre", { tabindex: 0, "aria-label": "HPA manifest" });
    this.copied = element("span", { role: "status" });
    return element("details", { class: "manifest", open: true }, element("summary", {}, "HPA for this route"), this.form,
      element("button", { type: "button", onclick: () => this.#copy() }, "Copy"), " ", this.copied, this.manifest);
  }

  async #askManifest() {
    const query = new URLSearchParams(new FormData(this.form));
    for (const name of [...NAMES, "route_id"]) query.set(name, this.state.get(name));
    if (!query.get("workload")) query.delete("workload");
    this.asked = query;
    const answer = await fetch(`hpa?${query}`);
    const text = await answer.text();
    if (this.asked !== query) return;
    this.manifest.classList.toggle("refusal", !answer.ok);
    setText(this.manifest, text);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.manifest.textContent);
      setText(this.copied, "copied");
    } catch {
      getSelection().selectAllChildren(this.manifest); // no clipboard without TLS
      setText(this.copied, "selected: press Ctrl+C");
    }
  }

  refused(text) {
    this.missing.hidden = false;
    setText(this.missing, text.trim());
  }

  update(overview, history) {
    const row = overview.routes[0];
    this.missing.hidden = Boolean(row);
    this.pods.update(overview.pods ?? [], null, "No pod.");
    if (!row) return;
    setText(this.title, routeName(row));
    TILES.forEach(([, text], i) => setText(this.tiles[i], text(row)));
    if (this.drawn === history.routes) return;
    this.drawn = history.routes;
    this.draw();
  }

  // As wide as the window is now.
  draw() {
    const [series] = this.drawn?.of.values() ?? [];
    if (!series) return;
    CHARTS.forEach(([, key], i) => this.charts[i].draw(series[key], this.drawn.endMs, this.drawn.stepMs));
  }
}
