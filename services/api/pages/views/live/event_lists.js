// Two lists of events: those that last, with a duration that runs, and those that have ended.

import { h, setText } from "../../dom.js";
import { toMs } from "../../time.js";
import { EventRow } from "./event_row.js";

const RANKS = ["critical", "high"]; // what is severe is on top; all else by time
const MAX_ENDED = 40;
const TICK_MS = 1000;

/** Draws at most once a frame, however many revisions came. */
export class EventLists {
  element;
  #running = h("ul", { class: "event-list", "aria-labelledby": "running-title" });
  #ended = h("ul", { class: "event-list", "aria-labelledby": "ended-title" });
  #count = h("span", { class: "count" });
  #parts;
  #rows = new Map();
  #nowMs = Date.now;
  #timer = 0;
  #frame = 0;

  constructor() {
    this.#parts = [
      h("div", { hidden: true }, h("h3", { id: "running-title" }, "Happening now ", this.#count), this.#running),
      h("div", { hidden: true }, h("h3", { id: "ended-title" }, "Just ended"), this.#ended),
    ];
    this.element = h("div", { class: "event-lists" }, this.#parts);
  }

  /** Whether there is nothing to show. */
  get isEmpty() {
    return this.#rows.size === 0;
  }

  /** Ids of those that last, as far as is known here. */
  get runningIds() {
    return [...this.#rows.values()].filter((row) => row.isRunning).map((row) => row.event.event_id);
  }

  /** @param {() => number} nowMs The api's time of day, which durations run by. */
  start(nowMs) {
    this.#nowMs = nowMs;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Ends the running. */
  stop() {
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Takes a revision: the newest of its event. */
  put(event) {
    const row = this.#rows.get(event.event_id);
    if (row) row.update(event, this.#nowMs());
    else this.#rows.set(event.event_id, new EventRow(event, this.#nowMs()));
    this.#soon();
  }

  /** Takes an event out. */
  remove(eventId) {
    if (this.#rows.delete(eventId)) this.#soon();
  }

  /** Takes all out. */
  clear() {
    this.#rows.clear();
    this.#draw();
  }

  #tick() {
    for (const row of this.#rows.values()) if (row.isRunning) row.tick(this.#nowMs());
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const rows = [...this.#rows.values()];
    const running = rows.filter((row) => row.isRunning).sort(severest);
    const ended = rows.filter((row) => !row.isRunning).sort(newest((event) => event.offset_at));
    for (const row of ended.splice(MAX_ENDED)) this.#rows.delete(row.event.event_id);
    arrange(this.#running, running);
    arrange(this.#ended, ended);
    setText(this.#count, String(running.length));
    this.#parts[0].hidden = running.length === 0;
    this.#parts[1].hidden = ended.length === 0;
  }
}

function severest({ event: one }, { event: other }) {
  const rank = ({ priority }) => (RANKS.includes(priority) ? RANKS.indexOf(priority) : RANKS.length);
  return rank(one) - rank(other) || toMs(other.onset_at) - toMs(one.onset_at);
}

function newest(momentOf) {
  return (one, other) => toMs(momentOf(other.event)) - toMs(momentOf(one.event));
}

/** Moves only what is out of place, so that the focus stays where it is. */
function arrange(list, rows) {
  const wanted = new Set(rows.map((row) => row.element));
  for (const element of [...list.children]) if (!wanted.has(element)) element.remove();
  rows.forEach(({ element }, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
}
