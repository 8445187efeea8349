// The first page, and a service's: tiles, services, routes, and the service's pods.

import { element, setText } from "./dom.js";
import { Pipeline } from "./pipeline.js";
import { POD_COLUMNS, ROUTE_COLUMNS, SERVICE_COLUMNS, Table } from "./tables.js";

const LIMITS = [20, 50, 200, 1000];
const TYPING_MS = 250;
const CHOOSES = ["namespace", "service", "grep", "sort", "limit"];

export class Overview {
  // `state` is the address' query; `go(state)` changes it.
  constructor(state, go) {
    this.state = state;
    this.go = go;
    this.pipeline = new Pipeline();
    const service = state.get("service");
    this.services = new Table("Services", SERVICE_COLUMNS);
    this.routes = new Table("Routes", ROUTE_COLUMNS, (key) => this.#change("sort", key));
    this.routes.showSorted(state.get("sort") ?? "req/s_1m");
    this.pods = service ? new Table("Pods", POD_COLUMNS) : null;
    this.matching = element("p", { class: "matching", role: "status" });
    this.node = element("div", {}, this.#heading(service), this.pipeline.node, this.services.node,
                        this.#filter(), this.matching, this.routes.node, this.pods?.node);
  }

  // Of the overview and of the history.
  get query() {
    const query = new URLSearchParams();
    for (const key of CHOOSES) if (this.state.get(key)) query.set(key, this.state.get(key));
    return query.toString();
  }

  get histories() {
    return { routes: this.query, services: `${this.query}&by=service` };
  }

  #heading(service) {
    if (!service) return element("h1", {}, "Routes and services");
    return element("h1", {}, element("a", { href: "#/" }, "All services"), ` / ${this.state.get("namespace")}/${service}`);
  }

  #filter() {
    this.input = element("input", { type: "search", id: "filter", value: this.state.get("grep") ?? "", autocomplete: "off",
      spellcheck: "false", "aria-describedby": "filter-help filter-error", placeholder: "checkout|orders", oninput: () => this.#typed() });
    this.refusal = element("p", { id: "filter-error", class: "refusal", role: "alert" });
    const limit = element("select", { id: "limit", onchange: (event) => this.#change("limit", event.target.value) },
      ...LIMITS.map((rows) => element("option", { value: rows, selected: `${rows}` === (this.state.get("limit") ?? "50") }, `${rows}`)));
    return element("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
      element("label", { for: "filter" }, "Filter"), this.input,
      element("label", { for: "limit" }, "Rows"), limit,
      element("p", { id: "filter-help" }, "a regular expression over a route's line, as grep= of ", element("a", { href: "stats" }, "/stats")),
      this.refusal);
  }

  #typed() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.#change("grep", this.input.value), TYPING_MS);
  }

  #change(key, value) {
    if (value) this.state.set(key, value);
    else this.state.delete(key);
    this.routes.showSorted(this.state.get("sort") ?? "req/s_1m");
    this.go(this.state);
  }

  refused(text) {
    setText(this.refusal, text.trim());
    this.input.setAttribute("aria-invalid", "true");
  }

  update(overview, history) {
    setText(this.refusal, "");
    this.input.removeAttribute("aria-invalid");
    this.pipeline.update(overview);
    this.services.update(overview.services, history.services, "No service has been heard of yet: no agent has sent anything.");
    const filtered = this.state.get("grep");
    this.routes.update(overview.routes, history.routes, filtered ? "No route matches the filter." : "No route yet.");
    setText(this.matching, `${overview.routes.length} of ${overview.matching} routes`);
    this.pods?.update(overview.pods ?? [], null, "No pod.");
  }
}
