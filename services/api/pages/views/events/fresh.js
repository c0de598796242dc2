// Events that came while the reader was further down: counted, and put in when asked for.

import { button, setText } from "../../dom.js";

/** A button that says how many wait; hidden while none does. */
export class Fresh {
  #events = new Map();

  /** @param {() => void} onAsked Called when the reader wants to see them. */
  constructor(onAsked) {
    this.element = button("", onAsked, { class: "primary fresh", hidden: true });
  }

  /** Lets a revision wait; a newer one takes the place of an older one. */
  keep(event) {
    this.#events.set(event.event_id, event);
    this.#draw();
  }

  /** Forgets an event: it is no longer wanted. */
  drop(eventId) {
    this.#events.delete(eventId);
    this.#draw();
  }

  /** Returns all that wait, and waits for none of them any more. */
  takeAll() {
    const events = [...this.#events.values()];
    this.#events.clear();
    this.#draw();
    return events;
  }

  #draw() {
    const { size } = this.#events;
    this.element.hidden = !size;
    setText(this.element, size ? `${size} new` : "");
  }
}
