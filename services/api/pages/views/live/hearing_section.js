// A card per device with what it hears now, kept up to date.

import { address, isAbort } from "../../api.js";
import { emptyState, errorBox, h, loading, setText } from "../../dom.js";
import { followStream } from "../../event_stream.js";
import { DeviceCard } from "./device_card.js";

const MAX_DEVICES = 200; // the api's own limit
const ROOMY = 12; // with more devices than this the cards are compact
const DRAWN_EVERY_MS = 250; // two hundred devices send two hundred messages a second

/** The section. `start` begins anew, with other filters or the same. */
export class HearingSection {
  #context;
  #told;
  #cards = new Map();
  #waiting = new Map();
  #categories = new Map();
  #chosen = { device: "", label: "" };
  #stop = () => {};
  #timer = 0;
  #grid = h("div", { class: "device-grid" });
  #note = h("div", {}, loading("Asking what is heard…"));
  #count = h("span", { class: "muted small" });
  #search = h("input", { type: "search", placeholder: "Find a device", "aria-label": "Find a device by name, site or tag", hidden: true });

  /** @param {{onLast: Function, onDevices: Function}} told Told the last predictions and the ids. */
  constructor(context, told) {
    this.#context = context;
    this.#told = told;
    this.#search.addEventListener("input", () => this.#narrow());
    this.element = h(
      "section",
      { class: "live-hearing", "aria-labelledby": "hearing-title" },
      h("div", { class: "section-head" }, h("h2", { id: "hearing-title" }, "Hearing now"), this.#count, this.#search),
      this.#note,
      this.#grid,
    );
  }

  /** @param {{device: string, label: string}} chosen Empty: all. */
  async start(chosen) {
    this.stop();
    this.#chosen = chosen;
    this.#clear();
    const query = { device: chosen.device, limit: MAX_DEVICES };
    const controller = new AbortController();
    const onMessage = ({ event, data }) => this.#take(event, JSON.parse(data));
    // What is on the cards is not of now while nobody answers, and looks it.
    const onState = (state) => this.#grid.classList.toggle("is-stale", state !== "open");
    const unfollow = followStream(this.#context.api, address("/v1/hearing", query), { onMessage, onState });
    this.#timer = setInterval(() => this.#draw(), DRAWN_EVERY_MS);
    this.#stop = () => (unfollow(), controller.abort());
    try {
      // The stream tells what there is; only this tells that there is nothing, or why.
      const heard = await this.#context.api.get("/v1/hearing", query, controller.signal);
      for (const device of heard.devices) if (!this.#knows(device.device_id)) this.#take("hearing", device);
      if (heard.devices.length === 0 && this.#cards.size === 0) this.#say(this.#nothing());
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) return;
      this.#say(errorBox(error, () => this.start(this.#chosen)));
    }
  }

  /** Ends the following. */
  stop() {
    this.#stop();
    clearInterval(this.#timer);
  }

  /** @param {Map<string, string>} categories Of each label. */
  showCategories(categories) {
    this.#categories = categories;
    for (const card of this.#cards.values()) card.redraw(this.#show);
  }

  get #show() {
    return { categories: this.#categories, label: this.#chosen.label, nowMs: this.#context.api.nowMs() };
  }

  #take(event, data) {
    if (event === "last") this.#told.onLast(data);
    if (event === "status") this.#say(data.broker === "away" && errorBox(data));
    if (event === "hearing") this.#waiting.set(data.device_id, data);
  }

  #knows(id) {
    return this.#waiting.has(id) || this.#cards.has(id);
  }

  /** Draws the newest of each device that has news. */
  #draw() {
    if (this.#waiting.size === 0 || document.hidden) return;
    let hasNew = false;
    for (const [id, heard] of this.#waiting) {
      if (!this.#cards.has(id)) {
        hasNew = true;
        this.#cards.set(id, new DeviceCard(id));
      }
      this.#cards.get(id).update(heard, this.#show);
    }
    this.#waiting.clear();
    this.#say(null);
    if (hasNew) this.#arrange();
  }

  #arrange() {
    const ids = [...this.#cards.keys()].sort();
    this.#grid.append(...ids.map((id) => this.#cards.get(id).element));
    this.#grid.classList.toggle("is-compact", ids.length > ROOMY);
    this.#search.hidden = ids.length <= ROOMY;
    this.#told.onDevices(ids);
    this.#narrow();
  }

  #narrow() {
    const wanted = this.#search.value.trim().toLowerCase();
    let numShown = 0;
    for (const card of this.#cards.values()) {
      card.element.hidden = !card.matches(wanted);
      numShown += card.element.hidden ? 0 : 1;
    }
    const total = this.#cards.size;
    const all = total === MAX_DEVICES ? `the first ${total} devices` : `${total} ${total === 1 ? "device" : "devices"}`;
    setText(this.#count, numShown === total ? all : `${numShown} of ${all}`);
  }

  #clear() {
    this.#cards.clear();
    this.#waiting.clear();
    this.#grid.replaceChildren();
    setText(this.#count, "");
    this.#say(loading("Asking what is heard…"));
  }

  #say(element) {
    this.#note.replaceChildren(...(element ? [element] : []));
  }

  #nothing() {
    const device = this.#chosen.device;
    if (device) return emptyState("Nothing is heard here now", `${device} has sent nothing lately.`);
    return emptyState("No device is heard now", "A device appears here with its first second of sound.");
  }
}
