// Follows server-sent events by fetch. EventSource would give up at the first answer that is not
// 200, a 503 of an api that starts, and does not tell the id that a heartbeat carries.

import { isAbort } from "./api.js";
import { EventStreamParser } from "./event_stream_parser.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
const SILENCE_MS = 90_000; // six heartbeats: the connection is dead though nobody said so
const HIDDEN_MS = 30_000; // a browser has six connections per host: a tab nobody sees lends its own

/**
 * Follows a stream until told to stop; comes back by itself, with the last id it has seen.
 *
 * @param {Api} api
 * @param {string} url Path and query.
 * @param {object} handlers `onMessage({event, data})`; `onState("open" | "reconnecting", detail)`;
 *   `onError(error)` for an answer that will not get better by asking again.
 * @returns {() => void} Stops it.
 */
export function followStream(api, url, { onMessage, onState, onError }) {
  const follower = new Follower(api, url, onMessage, onState, onError);
  follower.run();
  return () => follower.stop();
}

class Follower {
  #stopped = new AbortController();
  #connection = new AbortController();
  #lastId = "";
  #waitMs = FIRST_WAIT_MS;
  #state = "";

  constructor(api, url, onMessage, onState, onError) {
    Object.assign(this, { api, url, onMessage, onState, onError });
  }

  stop() {
    this.#stopped.abort();
    this.#connection.abort();
  }

  async run() {
    const { signal } = this.#stopped;
    document.addEventListener("visibilitychange", () => this.#lendConnection(), { signal });
    while (!signal.aborted) {
      let [retryAfterMs, detail] = [0, ""];
      try {
        await this.#connect();
      } catch (error) {
        if (signal.aborted) return;
        if (isFinal(error)) return this.onError?.(error);
        retryAfterMs = (error.retryAfterS ?? 0) * 1000;
        detail = error.detail ?? "";
      }
      if (signal.aborted) return;
      this.#say("reconnecting", detail);
      await this.#wait(Math.max(this.#waitMs * (0.5 + Math.random()), retryAfterMs));
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  async #connect() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const headers = { Accept: "text/event-stream", ...(this.#lastId && { "Last-Event-ID": this.#lastId }) };
    const response = await this.api.open("GET", this.url, { headers, signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventStreamParser(this.#lastId);
    for (;;) {
      const timer = setTimeout(() => this.#connection.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done || this.#stopped.signal.aborted) return;
      this.#say("open"); // with the first bytes the feed has begun, not with the headers
      this.#waitMs = FIRST_WAIT_MS;
      for (const message of parser.push(value)) this.onMessage(message);
      this.#lastId = parser.lastId; // only now: what a handler did not take comes again
    }
  }

  #say(state, detail = "") {
    if (state + detail === this.#state) return;
    this.#state = state + detail;
    this.onState?.(state, detail);
  }

  /** Waits until it is time, the network is back or the page is seen again. */
  #wait(ms) {
    return new Promise((resolve) => {
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), document.hidden ? 2 ** 31 - 1 : ms);
      const end = () => over.abort();
      over.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
      window.addEventListener("online", end, { signal: over.signal });
      document.addEventListener("visibilitychange", () => document.hidden || end(), { signal: over.signal });
      this.#stopped.signal.addEventListener("abort", end, { signal: over.signal });
    });
  }

  /** Some time after the page was hidden its connection ends; `#wait` ends when it is seen again. */
  #lendConnection() {
    if (!document.hidden) return;
    setTimeout(() => document.hidden && this.#connection.abort(), HIDDEN_MS);
  }
}

/** Refused for what was asked; all else (away, too many clients, cut off) passes. */
function isFinal(error) {
  return !isAbort(error) && error.status >= 400 && error.status < 500 && error.status !== 429;
}
