// One event in the lists of the live page.

import { labelBadge, priorityBadge, scoreText } from "../../badges.js";
import { h, link, setText, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { dateTime, duration, toMs } from "../../time.js";

const SEVERE = new Set(["critical", "high"]);

/** A row that is drawn again in place. */
export class EventRow {
  element;
  event;
  #pulse = h("span", { class: "pulse", "aria-hidden": "true" });
  #duration = h("span");
  #score = h("span", { class: "event-peak muted small" });

  constructor(event, nowMs) {
    const { event_id: id, label, category, priority, device_id: device, site, onset_at: onset } = event;
    this.element = h(
      "li",
      { class: "event-row" },
      h(
        "div",
        { class: "event-what" },
        link(one("/events", id), { class: "event-link" }, labelBadge(label, category)),
        SEVERE.has(priority) && priorityBadge(priority),
      ),
      h("div", { class: "event-duration" }, this.#pulse, this.#duration),
      h(
        "div",
        { class: "event-where muted small" },
        link(one("/devices", device), { class: "device-link" }, device),
        site && h("span", { class: "truncate" }, site),
        timeElement(onset, dateTime(onset, nowMs)),
      ),
      this.#score,
    );
    this.element.dataset.eventId = id;
    this.update(event, nowMs);
  }

  /** Whether it still lasts. */
  get isRunning() {
    return this.event.state !== "ended";
  }

  /** @param {object} event Its newest revision. */
  update(event, nowMs) {
    this.event = event;
    this.element.dataset.state = event.state;
    this.element.dataset.revision = event.revision;
    this.#pulse.hidden = !this.isRunning;
    setText(this.#score, `peak ${scoreText(event.peak_score)}`);
    this.tick(nowMs);
  }

  /** Draws how long it lasts: by the api's clock, and never less than is known. */
  tick(nowMs) {
    const passed = this.isRunning ? (nowMs - toMs(this.event.onset_at)) / 1000 : 0;
    setText(this.#duration, duration(Math.max(this.event.duration_s, passed)));
  }
}
