// Which device and which label the live page is about; both stand in the address.

import { h } from "../../dom.js";

/** Two fields to choose from. `onChange` is called after either has changed. */
export class Filters {
  onChange = () => {};
  #device;
  #label;

  /** @param {URLSearchParams} query Of the address. */
  constructor(query) {
    const changed = () => this.onChange();
    this.#device = new Choice("device", "All devices", query.get("device"), changed);
    this.#label = new Choice("label", "All labels", query.get("label"), changed);
    this.element = h("div", { class: "row live-filters", role: "group", "aria-label": "Filters" }, this.#device.element, this.#label.element);
  }

  /** What is chosen: `{device, label}`, empty strings for all. */
  get chosen() {
    return { device: this.#device.value, label: this.#label.value };
  }

  /** The same for the address. */
  get query() {
    return Object.fromEntries(Object.entries(this.chosen).filter(([, value]) => value));
  }

  /** Lets one choose among these devices. */
  offerDevices(ids) {
    this.#device.offer(ids);
  }

  /** Lets one choose among these labels, as `/v1/labels` has them. */
  offerLabels(labels) {
    this.#label.offer(labels.map(({ label }) => label));
  }
}

/** A select whose value stays, whether it is among what is offered or not. */
class Choice {
  #offered = new Set();

  constructor(name, all, value, onChange) {
    this.element = h("select", { name, "aria-label": `Filter by ${name}`, on: { change: onChange } }, h("option", { value: "" }, all));
    this.offer(value ? [value] : []);
    this.element.value = value ?? "";
  }

  get value() {
    return this.element.value;
  }

  offer(values) {
    const news = values.filter((value) => !this.#offered.has(value));
    for (const value of news) {
      this.#offered.add(value);
      this.element.append(h("option", { value }, value));
    }
  }
}
