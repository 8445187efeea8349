// Tables of the overview's rows: columns, sorted headers, and rows that stay while numbers change.

import { arrange, element, setAttribute, setText } from "./dom.js";
import { drawSparkline, sparkline } from "./chart.js";
import * as numbers from "./numbers.js";
import { rowKey } from "./stream.js";

// Of what name and format; `key` is the row's field, by which the server sorts unless `fixed`.
// `from` hides a column on screens that are narrower: "medium" or "wide".
const number = (label, key, format, from) => ({ label, key, from, number: true, text: (row) => format(row[key]) });
const RATES = [
  number("req/s 10s", "req/s_10s", numbers.rate, "medium"),
  number("req/s 1m", "req/s_1m", numbers.rate),
  number("req/s 5m", "req/s_5m", numbers.rate, "wide"),
  { ...number("errors", "error_share", numbers.share), fixed: true, alarm: (row) => row.error_share >= 0.05 },
];
// A service's and a pod's need room for the state.
const latencies = (from) => [
  number("p50", "p50_ms", numbers.milliseconds, "wide"),
  number("p95", "p95_ms", numbers.milliseconds, from),
  number("p99", "p99_ms", numbers.milliseconds, "wide"),
];
const AGE = { ...number("age", "age_s", numbers.seconds, "medium"), alarm: (row) => row.state === "unknown" };
const SPARKLINE = { label: "last hour", fixed: true, sparkline: true, from: "medium" };
const STATE = { label: "state", fixed: true, state: true, text: (row) => row.state };

export const address = (view, row) => {
  const names = view === "route" ? ["namespace", "service", "route_id", "method"] : ["namespace", "service"];
  return `#/${view}?${new URLSearchParams(names.map((name) => [name, row[name]]))}`;
};

export const routeName = (row) => (row.method ? `${row.method} ${row.route}` : row.route);
const serviceName = (row) => `${row.namespace}/${row.service}`;
const podStates = (row) =>
  Object.entries(row.pods).filter(([, pods]) => pods > 0).map(([state, pods]) => `${pods} ${state}`).join(", ") || "none";

export const ROUTE_COLUMNS = [
  { label: "route", key: "route", name: true, text: routeName, more: serviceName, to: (row) => address("route", row) },
  SPARKLINE, ...RATES, ...latencies(),
  number("bytes/s", "bytes/s", numbers.bytes, "wide"),
  number("total", "total", numbers.count, "wide"), AGE,
];
export const SERVICE_COLUMNS = [
  { label: "service", name: true, fixed: true, text: serviceName, to: (row) => address("service", row) },
  STATE, SPARKLINE, ...RATES, ...latencies("medium"),
  number("coverage", "coverage", numbers.share, "medium"),
  { label: "pods", fixed: true, text: podStates, from: "medium" }, AGE,
].map((column) => ({ ...column, fixed: true }));
export const POD_COLUMNS = [
  { label: "pod", name: true, text: (row) => row.pod, more: (row) => row.workload ?? "" },
  STATE, ...RATES, ...latencies("medium"), number("total", "total", numbers.count, "medium"), AGE,
].map((column) => ({ ...column, fixed: true }));

export class Table {
  // `sorted(key)` is called when a header is chosen.
  constructor(caption, columns, sorted = null) {
    this.columns = columns;
    this.body = element("tbody");
    this.empty = element("p", { class: "empty", hidden: true });
    this.headers = columns.map((column) => this.#header(column, sorted));
    this.node = element("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: 0 },
      element("table", {}, element("caption", {}, caption),
              element("thead", {}, element("tr", {}, ...this.headers)), this.body), this.empty);
  }

  #header(column, sorted) {
    const fixed = column.fixed || !sorted;
    return element("th", { scope: "col", class: classOf(column) },
                   fixed ? column.label : element("button", { type: "button", onclick: () => sorted(column.key) }, column.label));
  }

  showSorted(key) {
    this.columns.forEach((column, i) => {
      if (column.fixed) return;
      const direction = column.number ? "descending" : "ascending";
      setAttribute(this.headers[i], "aria-sort", column.key === key ? direction : "none");
    });
  }

  // `history` has points by rowKey, if it has come. `nothing` is said where there are no rows.
  update(rows, history, nothing) {
    arrange(this.body, rows, (row) => `${rowKey(row)}${row.pod ?? ""}`, () => this.#row(),
            (line, row) => this.columns.forEach((column, i) => show(line.children[i], column, row, history)));
    this.empty.hidden = rows.length > 0;
    setText(this.empty, nothing);
  }

  #row() {
    return element("tr", {}, ...this.columns.map((column) => {
      const cell = element(column.name ? "th" : "td", { class: classOf(column), scope: column.name ? "row" : null });
      if (column.sparkline) cell.append(sparkline());
      if (column.name) cell.append(element(column.to ? "a" : "span"), element("small"));
      return cell;
    }));
  }
}

const classOf = (column) =>
  [column.number ? "number" : "", column.name ? "name" : "", column.from ? `from-${column.from}` : ""].join(" ").trim() || null;

function show(cell, column, row, history) {
  if (column.sparkline) return drawSparkline(cell.firstChild, lineOf(row, history), (value) => `${numbers.rate(value)} requests/s`);
  if (column.name) {
    setText(cell.firstChild, column.text(row));
    if (column.to) setAttribute(cell.firstChild, "href", column.to(row));
    return setText(cell.lastChild, column.more?.(row) ?? "");
  }
  const text = column.text(row);
  setText(cell, text);
  cell.classList.toggle("no-value", text === numbers.NO_VALUE);
  cell.classList.toggle("alarm", Boolean(column.alarm?.(row)));
  if (column.state) setAttribute(cell, "data-state", row.state);
}

// What was, and what is now.
function lineOf(row, history) {
  const points = history?.of.get(rowKey(row))?.["req/s"] ?? [null, null];
  return [...points, row["req/s_1m"]];
}
