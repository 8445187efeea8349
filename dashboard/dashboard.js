// Which page is shown, fed by one stream; the theme and the keys.

import { setText } from "./dom.js";
import { Overview } from "./overview.js";
import { alarmOf } from "./pipeline.js";
import { RoutePage } from "./route.js";
import { fetchHistory, rowKey, Stream } from "./stream.js";
import * as numbers from "./numbers.js";

const THEMES = ["system", "light", "dark"];
const HISTORY_MS = 30000;
const NEW_ROWS_MS = 5000; // after which a new row's history is asked for

const content = document.getElementById("content");
const connection = document.getElementById("connection");
const alarm = document.getElementById("alarm");
let page = null;
let history = {};

const stream = new Stream({
  shown(overview) {
    page.update(overview, history);
    setText(document.getElementById("version"), `routerate ${overview.version}`);
    say(alarmOf(overview));
    refresh(overview);
  },
  refused: (text) => page.refused(text),
  contact(state, timeMs) {
    document.body.dataset.contact = state;
    const at = timeMs ? numbers.clock(timeMs) : "";
    setText(connection, { live: `live ${at}`, lost: "no contact", hidden: "paused" }[state]);
    if (state === "lost") say(`No contact with the aggregator.${at ? ` What is shown is of ${at}, and may be wrong now.` : ""}`);
  },
});

function say(text) {
  alarm.hidden = !text;
  setText(alarm, text);
}

// The hash is #/VIEW?QUERY.
function place() {
  const [view, query = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { view, state: new URLSearchParams(query) };
}

function open() {
  if (location.hash === "#content") return;
  const { view, state } = place();
  page = view === "route" ? new RoutePage(state) : new Overview(state, change);
  content.replaceChildren(page.node);
  document.title = [page.state.get("route_id") ?? page.state.get("service"), "routerate"].filter(Boolean).join(" – ");
  ask();
}

// The same page with another question: the address changes, the page stays.
function change(state) {
  window.history.replaceState(null, "", `#/${place().view}?${state}`);
  ask();
}

function ask() {
  history = {};
  stream.ask(page.query);
}

// History comes on its own: when it is old, or when a row has none yet.
async function refresh(overview) {
  const now = performance.now();
  const isNew = history.routes && overview.routes.some((row) => !history.routes.of.has(rowKey(row)));
  if (now < (history.askedAt ?? -Infinity) + (isNew ? NEW_ROWS_MS : HISTORY_MS)) return;
  const asked = history;
  asked.askedAt = now;
  try {
    for (const [rows, query] of Object.entries(page.histories)) asked[rows] = await fetchHistory(query);
    if (asked === history) page.update(overview, asked);
  } catch {
    asked.askedAt = now - HISTORY_MS + NEW_ROWS_MS; // the stream tells when there is no contact
  }
}

function setTheme(theme) {
  localStorage.setItem("theme", theme);
  document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = `Theme: ${theme}`;
}

document.getElementById("theme").addEventListener("click", () => {
  setTheme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]);
});

function moveRow(step) {
  const links = [...content.querySelectorAll("tbody a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)].focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (place().view) location.hash = "#/";
  } else if (typing) {
    return;
  } else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("filter")?.focus();
  } else if (event.key === "j" || event.key === "k") {
    moveRow(event.key === "j" ? 1 : -1);
  }
});

setTheme(THEMES.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "system");
window.addEventListener("hashchange", open);
window.addEventListener("resize", () => page.draw?.());
open();
