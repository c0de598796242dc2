// The list of events, newest onset first, a group for each day.

import { h } from "../../dom.js";
import { isoDay, weekday } from "../../time.js";
import { COLUMNS, eventRow, fillRow } from "./row.js";

/** A table that keeps its order whatever comes in, and in whatever order it comes. */
export class EventList {
  #shown = [];  // [{event, row}], newest onset first
  #table;

  constructor() {
    const heads = COLUMNS.map((title) => h("th", { role: "columnheader", scope: "col" }, title));
    const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads));
    this.#table = h("table", { class: "event-table", role: "table", "aria-label": "Events, newest first" }, head);
  }

  get element() {
    return this.#table;
  }

  get size() {
    return this.#shown.length;
  }

  /** The oldest onset that is shown, in milliseconds; Infinity without any. */
  get oldestMs() {
    return this.#shown.length ? onsetMs(this.#shown.at(-1).event) : Infinity;
  }

  has(eventId) {
    return this.#shown.some(({ event }) => event.event_id === eventId);
  }

  clear() {
    this.#shown = [];
    for (const body of [...this.#table.tBodies]) body.remove();
  }

  /**
   * Draws a revision: into its row, or as a new one where its onset belongs.
   *
   * @param {object} event
   * @param {boolean} isNew Lights it up for a moment.
   */
  put(event, isNew = false) {
    const known = this.#shown.find((each) => each.event.event_id === event.event_id);
    if (known && known.event.revision >= event.revision) return;
    if (known) {
      known.event = event;
      fillRow(known.row, event);
      return;
    }
    const row = eventRow(event);
    row.classList.toggle("is-new", isNew);
    const index = this.#indexFor(event);
    this.#place(row, event, this.#shown[index]);
    this.#shown.splice(index, 0, { event, row });
  }

  /** Keeps the newest so many. */
  shorten(most) {
    for (const { row } of this.#shown.splice(most)) {
      const body = row.parentNode;
      row.remove();
      if (body.rows.length === 1) body.remove();  // its heading alone
    }
  }

  #indexFor(event) {
    const at = onsetMs(event);
    const isOlder = (each) => onsetMs(each.event) < at;
    const last = this.#shown.at(-1);
    if (!last || !isOlder(last)) return this.#shown.length;  // what is loaded goes to the end
    return this.#shown.findIndex(isOlder);
  }

  #place(row, event, next) {
    const dayName = isoDay(event.onset_at);
    const body = this.#bodyOf(dayName) ?? this.#addBody(event, dayName, next);
    const isBefore = next && next.row.parentNode === body;
    body.insertBefore(row, isBefore ? next.row : null);
  }

  #bodyOf(dayName) {
    return [...this.#table.tBodies].find((body) => body.dataset.day === dayName);
  }

  #addBody(event, dayName, next) {
    const title = h("th", { role: "rowheader", scope: "rowgroup", colspan: COLUMNS.length }, dayTitle(event, dayName));
    const head = h("tr", { role: "row", class: "event-day" }, title);
    const body = h("tbody", { role: "rowgroup", dataset: { day: dayName } }, head);
    this.#table.insertBefore(body, next?.row.parentNode ?? null);
    return body;
  }
}

function dayTitle(event, dayName) {
  const day = weekday(event.onset_at);
  return dayName === isoDay(Date.now()) ? `Today, ${day}` : `${day} ${dayName.slice(0, 4)}`;
}

function onsetMs(event) {
  return Date.parse(event.onset_at);
}
