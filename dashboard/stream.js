// The overview, as it comes. Says what it knows of the connection, and never shows what is old as
// if it were new.

const SILENCE_MS = 5000; // the server speaks each second
const RETRY_MS = 2000;

export class Stream {
  // `on` has shown(overview), refused(text) for a question that is not understood, and
  // contact(state, lastTimeMs) with state "live", "lost" or "hidden".
  constructor(on) {
    this.on = on;
    this.lastTime = null;
    this.timer = setInterval(() => this.#look(), 1000);
    document.addEventListener("visibilitychange", () => this.#visibility());
  }

  // Asks anew; what comes to an older question is dropped.
  ask(query) {
    this.query = query;
    this.#close();
    if (document.visibilityState === "visible") this.#open(query);
  }

  // The first answer by fetch, which tells errors that an EventSource hides.
  async #open(query) {
    const url = `overview?${query}`;
    let answer;
    try {
      answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (this.query !== query || this.source) return;
      if (answer.status === 400) return this.on.refused(await answer.text());
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.#heard(await answer.json());
    } catch {
      return this.#retry(query);
    }
    if (this.query !== query || this.source) return;
    this.source = new EventSource(url);
    this.source.onmessage = (event) => this.#heard(JSON.parse(event.data));
    this.source.onerror = () => {
      this.#close();
      this.#retry(query);
    };
  }

  #retry(query) {
    clearTimeout(this.retrying);
    this.retrying = setTimeout(() => {
      if (this.query === query && !this.source) this.#open(query);
    }, RETRY_MS);
  }

  #heard(overview) {
    this.heardAt = performance.now();
    this.lastTime = overview.time_ms;
    this.on.contact("live", this.lastTime);
    this.on.shown(overview);
  }

  #look() {
    if (document.visibilityState !== "visible") return;
    const since = performance.now() - (this.heardAt ?? 0);
    if (since > SILENCE_MS) this.on.contact("lost", this.lastTime);
  }

  #close() {
    clearTimeout(this.retrying);
    this.source?.close();
    this.source = null;
  }

  // A page that nobody sees costs nothing.
  #visibility() {
    if (document.visibilityState === "visible") return this.ask(this.query);
    this.#close();
    this.on.contact("hidden", this.lastTime);
  }
}

// The last hour of the rows that a query chooses, by rowKey, and the time of the last point.
export async function fetchHistory(query) {
  const answer = await fetch(`history?${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  const history = await answer.json();
  return { endMs: history.end_ms, stepMs: history.step_ms,
           of: new Map(history.series.map((series) => [rowKey(series), series])) };
}

export const rowKey = (row) =>
  JSON.stringify([row.namespace, row.service, row.route, row.route_id, row.method]);
