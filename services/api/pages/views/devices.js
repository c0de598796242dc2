// Devices: what each is, when it was last heard, and how much of the last day.

import { isAbort } from "../api.js";
import { button, emptyState, errorBox, h, link, loading, setText } from "../dom.js";
import { stepTo } from "../history_step.js";
import { icon } from "../icons.js";
import { DeviceRows } from "./devices/rows.js";

export const title = "Devices";

const PAGE = 50;
const TYPING_MS = 250;
const AGAIN_MS = 30_000;  // how long ago a device was last heard changes by itself
const STATES = [["", "registered"], ["active", "active"], ["disabled", "disabled"], ["removed", "removed"]];

/** Mounts the view. */
export function mount(root, context) {
  const view = new DevicesView(root, context);
  return () => view.leave();
}

class DevicesView {
  #asking = new AbortController();
  #next = null;
  #typing = 0;

  constructor(root, context) {
    this.context = context;
    const { query } = context;
    this.text = h("input", { type: "search", class: "search-field", maxlength: 100, placeholder: "Search id, site or tag", value: query.get("text") ?? "",
      "aria-label": "Search id, site or tag", autocomplete: "off", on: { input: () => this.#typed() } });
    this.kind = h("select", { "aria-label": "State", on: { change: () => this.#change(stepTo) } },
      STATES.map(([value, text]) => h("option", { value, selected: value === (query.get("state") ?? "") }, text)));
    this.rows = new DeviceRows(context);
    this.status = h("div", { class: "list-status", "aria-live": "polite" });
    this.count = h("p", { class: "muted list-count" });
    this.more = button("Load more", () => this.#load(this.#next), { hidden: true });
    root.append(
      h("div", { class: "filter-top", role: "search" }, h("div", { class: "search" }, icon("search"), this.text), this.kind),
      this.rows.element, this.status, h("div", { class: "list-foot" }, this.count, this.more));
    this.timer = setInterval(() => document.hidden || this.#again(), AGAIN_MS);
    this.status.append(loading("Looking for devices…"));
    this.#load();
  }

  leave() {
    clearTimeout(this.#typing);
    clearInterval(this.timer);
    this.#asking.abort();
    this.rows.leave();
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#change(), TYPING_MS);
  }

  /** What is typed changes the address in place; a choice is a step that can be taken back. */
  #change(put = ({ replaceQuery }, params) => replaceQuery(params)) {
    put(this.context, this.#params());
    this.#load();
  }

  #params() {
    const asked = { text: this.text.value.trim(), state: this.kind.value };
    return new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  }

  async #load(cursor = null) {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const page = await this.#ask({ limit: PAGE, ...(cursor && { cursor }) }, signal);
    if (!page) return;
    if (!cursor) this.rows.clear();
    this.rows.put(page.devices);
    this.#next = page.next;
    this.#draw();
  }

  /** Asks again for what is shown, without touching the strips. */
  async #again() {
    const page = await this.#ask({ limit: Math.min(500, Math.max(PAGE, this.rows.size)) }, this.#asking.signal);
    if (page) this.rows.put(page.devices);
    this.#draw();
  }

  async #ask(further, signal) {
    const params = this.#params();
    for (const [name, value] of Object.entries(further)) params.set(name, value);
    try {
      const page = await this.context.api.get("/v1/devices", params, signal);
      if (signal.aborted) return null;
      this.status.replaceChildren();
      return page;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return null;
      this.status.replaceChildren(errorBox(error, () => this.#load()));
      return null;
    }
  }

  #draw() {
    const { size } = this.rows;
    this.rows.element.hidden = !size;
    this.more.hidden = !this.#next;
    setText(this.count, size ? `${size} ${size === 1 ? "device" : "devices"}${this.#next ? " so far" : ""}` : "");
    if (size || this.status.childNodes.length) return;
    this.status.replaceChildren(this.#params().size ? nothing(() => this.#clear()) : nothingYet());
  }

  #clear() {
    this.text.value = "";
    this.kind.value = "";
    this.#change(stepTo);
  }
}

function nothing(onClear) {
  return emptyState("No device is like that", "Search looks into ids, sites and tags.", button("Show all devices", onClear));
}

function nothingYet() {
  return emptyState("No devices yet", "A device appears here when it is first heard, or when it is registered.",
    h("code", {}, "earshot devices set kitchen --site home"), link("/live", { class: "button" }, "Look at what is heard"));
}
