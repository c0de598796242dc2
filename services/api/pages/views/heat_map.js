// Heat map: how many events of each label began in each hour of a day of the reader's zone.

import { isAbort } from "../api.js";
import { heatGrid } from "../charts/heat.js";
import { categoryMark } from "../badges.js";
import { isDay, span, zoneName } from "../day.js";
import { dayPicker } from "../day_picker.js";
import { button, emptyState, errorBox, h, link, loading } from "../dom.js";
import { stepTo } from "../history_step.js";
import { isoDay, weekday } from "../time.js";
import { hourTotals, levelOf, ordered } from "./heat_map/counts.js";
import { deviceChoice } from "./heat_map/device_choice.js";
import { column, legend, summary } from "./heat_map/words.js";

export const title = "Heat map";

const TOGETHER_MS = 2000;  // counting again for each event of a burst would help nobody

/** Mounts the view. */
export function mount(root, context) {
  const view = new HeatMapView(root, context);
  return () => view.leave();
}

class HeatMapView {
  #asking = new AbortController();
  #unfollow = () => {};
  #timer = 0;
  #known = null;

  constructor(root, context) {
    this.context = context;
    const day = context.query.get("day");
    this.day = isDay(day) ? day : isoDay(Date.now());
    this.device = context.query.get("device") ?? "";
    this.picker = dayPicker(this.day, (chosen) => this.#choose({ day: chosen }));
    this.choice = deviceChoice(context, this.device, (chosen) => this.#choose({ device: chosen }));
    this.head = h("div", { class: "heat-head" });
    this.body = h("div", { class: "heat-body" }, loading("Counting events…"));
    root.append(h("div", { class: "heat-controls" }, this.picker.element, this.choice.element),
      h("section", { class: "card", "aria-label": "Events by hour" }, this.head, this.body));
    this.#start();
  }

  leave() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#unfollow();
  }

  #choose(changes) {
    Object.assign(this, changes);
    stepTo(this.context, { day: this.day, ...(this.device && { device: this.device }) });
    this.#start();
  }

  #start() {
    this.leave();
    this.#asking = new AbortController();
    this.#load();
    const again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), TOGETHER_MS);
    };
    this.#unfollow = this.context.feed.subscribe(this.device ? { device: this.device } : {}, {
      onEvent: (event) => event.revision === 1 && isoDay(event.onset_at) === this.day && again(),
      onState: (state) => state === "open" && again(),  // what was told before it is counted, too
      onReset: again,
    });
  }

  async #load() {
    const { signal } = this.#asking;
    const { from, to } = span(this.day);
    const params = { from: from.toISOString(), to: to.toISOString(), zone: zoneName(), device: this.device };
    try {
      this.#known ??= await knownLabels(this.context.api, signal);
      const counts = await this.context.api.get("/v1/stats", params, signal);
      if (!signal.aborted) this.#draw(counts, to);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.head.replaceChildren(h("h2", {}, weekday(from.getTime())));
      this.body.replaceChildren(errorBox(error, () => this.#start()));
    }
  }

  #draw(counts, end) {
    const rows = ordered(counts.labels, this.#known);
    const totals = hourTotals(rows, counts.hours.length);
    const most = Math.max(1, ...rows.flatMap((row) => row.counts));
    const hours = counts.hours.map((hour, i) => ({ from: hour, to: counts.hours[i + 1] ?? end.toISOString() }));
    this.head.replaceChildren(summary(this.day, counts.total, rows.length, hours, totals), ...(rows.length ? [legend(most)] : []));
    if (!rows.length) return void this.body.replaceChildren(this.#empty());
    const grid = heatGrid({
      label: `Events by sound and hour, ${weekday(hours[0].from)}`,
      columns: hours.map(column),
      rows: rows.map((row) => ({ ...row, name: row.label, head: this.#rowHead(row) })),
      totals,
      level: (count) => levelOf(count, most),
      href: (i, k) => this.#eventsPath(rows[i].label, hours[k].from, hours[k].to),
    });
    this.#place(grid);
  }

  /** A count that comes in must not take the reader's cell or scroll from under them. */
  #place(grid) {
    const before = this.body.querySelector(".heat-scroll");
    const focused = before?.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    if (before) before.replaceChildren(grid);
    else this.#unveil(h("div", { class: "heat-scroll" }, grid));
    const name = focused && focused.split(": ")[0];
    if (name) [...grid.querySelectorAll("a")].find((each) => each.getAttribute("aria-label").startsWith(`${name}: `))?.focus();
  }

  /** Where the map is wider than its place, as on a phone, it begins with the hours before now. */
  #unveil(scroll) {
    this.body.replaceChildren(scroll);
    const now = scroll.querySelector(".is-now");
    if (now) scroll.scrollLeft = now.offsetLeft + 2 * now.offsetWidth - scroll.clientWidth;
  }

  #rowHead({ label, category }) {
    const { from, to } = span(this.day);
    const path = this.#eventsPath(label, from.toISOString(), to.toISOString());
    return link(path, { class: "label-badge", title: label }, categoryMark(category), h("span", { class: "label-name" }, label));
  }

  #eventsPath(label, from, to) {
    const moment = (text) => new Date(text).toISOString();
    const params = { label, ...(this.device && { device: this.device }), from: moment(from), to: moment(to) };
    return `/events?${new URLSearchParams(params)}`;
  }

  #empty() {
    const isToday = this.day === isoDay(Date.now());
    const all = this.device && button("All devices", () => this.choice.choose(""));
    return emptyState(isToday ? "No events today, so far" : "No events on this day",
      this.device ? `${this.device} heard nothing worth one.` : "Go a day back, or see under Devices who was heard.", ...[all].filter(Boolean));
  }
}

async function knownLabels(api, signal) {
  const [{ labels }, { scenes }] = await Promise.all([api.get("/v1/labels", {}, signal), api.get("/v1/scenes", {}, signal)]);
  return [...labels, ...scenes.map(({ scene }) => ({ label: scene, category: "scene" }))];
}
