// What is known of an event, in plain words.

import { categoryBadge, priorityBadge, scoreText, stateBadge } from "../../badges.js";
import { levelText } from "../../charts/curve/words.js";
import { h, link, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { clock, dateTime, duration, isoDay, weekday } from "../../time.js";
import { endReason, granularity, origin } from "./words.js";

/** Returns the sentence that says it all, with the badges before it. */
export function lead(event) {
  const isOver = event.state === "ended";
  const place = event.site ? ` (${event.site})` : "";
  const day = weekday(event.onset_at);
  const isOneDay = isoDay(event.onset_at) === isoDay(event.offset_at);
  const end = isOneDay ? clock(event.offset_at) : dateTime(event.offset_at);
  const heard = isOver ? `heard it on ${day} from ${clock(event.onset_at)} to ${end}: ` : `has heard it since ${clock(event.onset_at)} on ${day}: `;
  return h("div", { class: "event-lead" },
    h("div", { class: "row" }, stateBadge(event.state), priorityBadge(event.priority), categoryBadge(event.category)),
    h("p", {}, link(one("/devices", event.device_id), {}, event.device_id), `${place} ${heard}`,
      h("strong", {}, duration(event.duration_s)), isOver ? "" : " so far", ", peak score ", h("strong", {}, scoreText(event.peak_score)), "."));
}

/** Returns all facts as a list of names and values. */
export function facts(event) {
  const isOver = event.state === "ended";
  return h("dl", { class: "facts" },
    fact("Device", link(one("/devices", event.device_id), {}, event.device_id)),
    fact("Site", event.site || quiet("nobody said")),
    fact("Began", timeElement(event.onset_at, dateTime(event.onset_at))),
    fact(isOver ? "Ended" : "Lasts at least until", timeElement(event.offset_at, dateTime(event.offset_at)),
      isOver && quiet(` because ${endReason(event)}`)),
    fact("Lasted", duration(event.duration_s), event.quiet_s > 0 && quiet(`, ${duration(event.quiet_s)} of it pauses`)),
    fact("Score", `${scoreText(event.peak_score)} at its peak`, quiet(`, ${scoreText(event.mean_score)} in the mean`)),
    fact("Loudest", levelText(event.level_dbfs)),
    fact("Scene", event.scene || quiet("none recognised")),
    fact("Suppressed", event.suppressed_by
      ? link(one("/events", event.suppressed_by), {}, "by another event") : quiet("by nothing")),
    fact("Said by", origin(event), quiet(`, about ${granularity(event)}`)),
    fact("Models", event.models.map((model) => h("code", {}, model))),
    fact("Taxonomy", h("code", {}, event.taxonomy_hash.slice(0, 12))),
    fact("Id", h("code", { class: "event-id" }, event.event_id), quiet(`, revision ${event.revision}`)));
}

function fact(name, ...values) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, ...values));
}

function quiet(text) {
  return h("span", { class: "muted" }, text);
}
