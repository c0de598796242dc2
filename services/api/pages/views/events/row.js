// One event as a row of the list: a table's row where there is room, a card on a phone.

import { labelBadge, priorityBadge, scoreText, stateBadge } from "../../badges.js";
import { h, link, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { clock, duration } from "../../time.js";

const QUIET_PRIORITIES = new Set(["normal", "low"]);

/** Titles of the columns, in the order of `cells`. */
export const COLUMNS = ["Began", "Sound", "Where", "Priority", "Lasted", "Peak score", "State"];

/** Returns a row for a revision. */
export function eventRow(event) {
  return fillRow(h("tr", { role: "row", class: "list-row" }), event);
}

/** Draws another revision into its row; the row itself stays, and with it the reader's focus. */
export function fillRow(row, event) {
  const hadFocus = row.contains(document.activeElement);
  row.dataset.event = event.event_id;
  row.dataset.state = event.state;
  row.replaceChildren(...cells(event));
  if (hadFocus) row.querySelector("a").focus({ preventScroll: true });
  return row;
}

function cells(event) {
  const isOver = event.state === "ended";
  return [
    cell("began", timeElement(event.onset_at, clock(event.onset_at))),
    cell("sound", link(one("/events", event.event_id), { class: "row-link" }, labelBadge(event.label, event.category)),
      event.suppressed_by && h("span", { class: "badge", title: "Another event suppressed it." }, "suppressed")),
    cell("where", h("span", { class: "device-name" }, event.device_id), event.site && h("span", { class: "muted", title: event.site }, event.site)),
    cell(QUIET_PRIORITIES.has(event.priority) ? "priority is-quiet" : "priority", priorityBadge(event.priority)),
    cell("lasted", duration(event.duration_s), !isOver && h("span", { class: "muted" }, " so far")),
    cell("score", scoreMeter(event.peak_score)),
    cell("state", stateBadge(event.state)),
  ];
}

/** Returns a score as a bar and a number. */
export function scoreMeter(score) {
  const width = `${Math.round(score * 100)}%`;
  return h("span", { class: "score-meter" },
    h("span", { class: "score-track", "aria-hidden": "true" }, h("span", { class: "score-fill", style: { width } })),
    h("span", { class: "number" }, scoreText(score)));
}

function cell(name, ...children) {
  return h("td", { role: "cell", class: `cell-${name}` }, ...children);
}
