// How the pipeline fares, as tiles, and in words when it does not fare well.

import { element, setText } from "./dom.js";
import * as numbers from "./numbers.js";

const sum = (services, key) => {
  const values = services.map((service) => service[key]).filter((value) => value !== null);
  return values.length ? values.reduce((all, value) => all + value, 0) : null;
};

function errorShare(services) {
  const known = services.filter((service) => service.error_share !== null);
  const all = sum(known, "req/s_1m");
  return all ? known.reduce((errors, row) => errors + row.error_share * row["req/s_1m"], 0) / all : null;
}

const oldest = (services) => Math.max(...services.filter((row) => row.state !== "gone").map((row) => row.age_s ?? 0), 0);
const rejected = (p) => p.rejected_records + p.rejected_events + p.rejected_requests;

// Label, what it means, value, and whether it is a reason to worry.
const TILES = [
  ["requests/s", "of all known services, over a minute", (o) => numbers.rate(sum(o.services, "req/s_1m")), () => false],
  ["errors", "answered 5xx, over a minute", (o) => numbers.share(errorShare(o.services)), (o) => errorShare(o.services) >= 0.05],
  ["oldest data", "the service whose logs are known up to the earliest time", (o) => (o.services.length ? numbers.seconds(oldest(o.services)) : numbers.NO_VALUE),
    (o) => o.services.some((row) => row.state === "unknown")],
  ["lag", "records in Kafka that this replica has not read yet", (o) => numbers.count(o.pipeline.lag_records), (o) => o.pipeline.partitions_behind > 0],
  ["late", "counted, but after their window had been shown", (o) => numbers.count(o.pipeline.late), () => false],
  ["repeats", "dropped because they were counted before", (o) => numbers.count(o.pipeline.duplicates), () => false],
  ["rejected", "not understood, so not counted", (o) => numbers.count(rejected(o.pipeline)), (o) => rejected(o.pipeline) > 0],
  ["overflow", "counted as route other: too many routes", (o) => numbers.count(o.pipeline.overflow), (o) => o.pipeline.overflow > 0],
  ["series", "that this replica holds", (o) => numbers.count(o.pipeline.series), () => false],
];

export class Pipeline {
  constructor() {
    this.tiles = TILES.map(([label, meaning]) => ({ value: element("dd"), term: element("dt", {}, label), meaning }));
    this.node = element("dl", { class: "tiles", "aria-label": "Pipeline" },
      ...this.tiles.map(({ term, value, meaning }) => element("div", { title: meaning }, term, value)));
  }

  update(overview) {
    TILES.forEach(([, , text, worries], i) => {
      setText(this.tiles[i].value, text(overview));
      this.tiles[i].value.classList.toggle("alarm", worries(overview));
    });
  }
}

// What a person must know first; empty if all is well.
export function alarmOf(overview) {
  const { pipeline, services } = overview;
  const unknown = services.filter((row) => row.state === "unknown").map((row) => `${row.namespace}/${row.service}`);
  if (pipeline.trouble) return `Kafka: ${pipeline.trouble}`;
  if (!pipeline.ready) return `Not ready: ${pipeline.partitions_behind} partitions are not read to their end yet; rates are withheld.`;
  if (unknown.length) {
    return `Blind: nothing new is known of ${unknown.slice(0, 3).join(", ")}${unknown.length > 3 ? ` and ${unknown.length - 3} more` : ""}. ` +
           "Agents, Kafka or this aggregator stand still; rates are withheld, and HPAs hold.";
  }
  return "";
}
