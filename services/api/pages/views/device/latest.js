// The latest events of a device, as they come.

import { isAbort } from "../../api.js";
import { emptyState, errorBox, h, loading } from "../../dom.js";
import { EventList } from "../events/list.js";

const SHOWN = 10;

/** A short list that follows the feed. */
export class LatestEvents {
  #list = new EventList();
  #unfollow = () => {};

  constructor(context, id) {
    this.context = context;
    this.params = { device: id, limit: SHOWN };
    this.status = h("div", {}, loading());
    this.#list.element.hidden = true;
    this.element = h("div", { class: "latest" }, this.#list.element, this.status);
  }

  start() {
    const { device } = this.params;
    this.#load();
    this.#unfollow = this.context.feed.subscribe({ device }, {
      onEvent: (event) => this.#take(event),
      onState: (state) => state === "open" && this.#load(),
      onReset: () => this.#load(),
    });
  }

  leave() {
    this.#unfollow();
  }

  async #load() {
    try {
      const { events } = await this.context.api.get("/v1/events", this.params, this.context.signal);
      for (const event of events) this.#list.put(event);
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) this.status.replaceChildren(errorBox(error, () => this.#load()));
    }
  }

  #take(event) {
    if (this.#list.has(event.event_id)) this.#list.put(event);
    else if (!event.suppressed_by) this.#list.put(event, true);
    this.#draw();
  }

  #draw() {
    this.#list.shorten(SHOWN);
    this.#list.element.hidden = !this.#list.size;
    this.status.replaceChildren(...(this.#list.size ? [] : [emptyState("No events yet", "It has heard nothing worth one, or nobody has heard it.")]));
  }
}
