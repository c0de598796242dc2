// The coverage of many devices: asked for when a row comes into sight, a few at a time.

import { isAbort } from "../../api.js";
import { coverageStrip } from "../../charts/coverage.js";
import { coverageText, heardShare } from "../../charts/coverage/words.js";
import { h } from "../../dom.js";
import { one } from "../../routes.js";

const DAY_MS = 86400e3;
const AT_ONCE = 3;  // of the six connections a browser has, the feed and the list need some

/** Fills places with strips of the last 24 hours. */
export class Strips {
  #waiting = [];
  #num = 0;
  #ids = new Map();
  #observer;

  constructor({ api, signal }) {
    this.api = api;
    this.signal = signal;
    this.#observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "200px" });
  }

  /** Returns the element that a device's strip will be in. */
  place(id) {
    const element = h("div", { class: "strip-place" });
    this.#ids.set(element, id);
    this.#observer.observe(element);
    return element;
  }

  /** Asks for nothing more. */
  forget() {
    this.#observer.disconnect();
    this.#ids.clear();
    this.#waiting = [];
  }

  #see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || !this.#ids.has(target)) continue;
      this.#observer.unobserve(target);
      this.#waiting.push(target);
    }
    this.#ask();
  }

  #ask() {
    while (this.#num < AT_ONCE && this.#waiting.length) {
      this.#num += 1;
      this.#fill(this.#waiting.shift()).finally(() => {
        this.#num -= 1;
        this.#ask();
      });
    }
  }

  async #fill(element) {
    const now = Date.now();
    const params = { from: new Date(now - DAY_MS).toISOString(), to: new Date(now).toISOString() };
    try {
      const coverage = await this.api.get(`${one("/v1/devices", this.#ids.get(element))}/coverage`, params, this.signal);
      const share = h("span", { class: "strip-share" }, heardShare(coverage));
      element.replaceChildren(coverageStrip(coverage, `Of the last 24 hours: ${coverageText(coverage)}`), share);
    } catch (error) {
      if (!isAbort(error)) element.replaceChildren(h("span", { class: "muted", title: error.detail ?? error.message }, "not known"));
    }
  }
}
