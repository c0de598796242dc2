// What the same device heard around an event, and how the event became what it is.

import { labelBadge, scoreText, stateBadge } from "../../badges.js";
import { h, link, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { clock, duration } from "../../time.js";

const AROUND_MS = 10 * 60_000;
const MOST = 40;

/** Asks for the events of the device within ten minutes of this one, oldest first. @throws {ApiError} */
export async function loadNeighbours(api, event, signal) {
  const params = { ...span(event), device: event.device_id, suppressed: "any", limit: MOST };
  const { events } = await api.get("/v1/events", params, signal);
  return events.reverse();
}

/** Returns the neighbours as links, with the event itself among them. */
export function neighbourList(events, event) {
  const isAlone = !events.some((each) => each.event_id !== event.event_id);
  const search = new URLSearchParams({ device: event.device_id, ...span(event), suppressed: "any" });
  const all = link(`/events?${search}`, {}, "Show them in the list");
  if (isAlone) return h("p", { class: "muted" }, "Nothing else within ten minutes.");
  return h("div", { class: "stack" }, h("ol", { class: "neighbours" }, events.map((each) => neighbour(each, event))), all);
}

/** Returns what each revision said, oldest first. */
export function revisionTable(revisions) {
  const head = h("tr", {}, ["Revision", "State", "Known until", "Peak score"].map((title) => h("th", { scope: "col" }, title)));
  const rows = revisions.map((each) =>
    h("tr", {}, h("th", { scope: "row" }, each.revision), h("td", {}, stateBadge(each.state)),
      h("td", {}, timeElement(each.offset_at, clock(each.offset_at))), h("td", { class: "number" }, scoreText(each.peak_score))));
  return h("div", { class: "table-scroll" }, h("table", { class: "plain-table" }, h("thead", {}, head), h("tbody", {}, rows)));
}

function neighbour(each, event) {
  const isSelf = each.event_id === event.event_id;
  const what = [h("span", { class: "neighbour-time" }, clock(each.onset_at)), labelBadge(each.label, each.category),
    h("span", { class: "muted" }, duration(each.duration_s)), h("span", { class: "number" }, scoreText(each.peak_score))];
  return h("li", {}, isSelf
    ? h("span", { class: "neighbour is-self", "aria-current": "true" }, ...what)
    : link(one("/events", each.event_id), { class: "neighbour" }, ...what));
}

function span(event) {
  const moment = (text, shiftMs) => new Date(Date.parse(text) + shiftMs).toISOString();
  return { from: moment(event.onset_at, -AROUND_MS), to: moment(event.offset_at, AROUND_MS) };
}
