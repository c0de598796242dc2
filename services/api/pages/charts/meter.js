// A level meter in dBFS: 0 is full scale, a quiet room is near -60.

import { h, setText } from "../dom.js";

export const LOWEST_DBFS = -80;
const TICKS_DBFS = [-60, -40, -20];
const HOLD_MS = 8000; // how long the mark stays at the highest level before it follows again

/** Returns where a level stands on the scale, 0 to 1. */
export function position(dbfs) {
  return Math.min(1, Math.max(0, 1 - dbfs / LOWEST_DBFS));
}

/** Returns `-31 dBFS`, with a true minus. */
export function levelText(dbfs) {
  return dbfs === null ? "no sound" : `${Math.round(dbfs)} dBFS`.replace("-", "\u2212");
}

/** A meter with a mark that holds the highest level of the last seconds. */
export class LevelMeter {
  element;
  #scale;
  #fill = h("span", { class: "meter-fill" });
  #hold = h("span", { class: "meter-hold", hidden: true });
  #text = h("span", { class: "meter-text" });
  #held = { dbfs: -Infinity, atMs: 0 };

  constructor() {
    this.#scale = h(
      "span",
      { class: "meter-scale", role: "meter", "aria-label": "Level", "aria-valuemin": LOWEST_DBFS, "aria-valuemax": 0 },
      TICKS_DBFS.map((dbfs) => h("span", { class: "meter-tick", style: { left: `${position(dbfs) * 100}%` } })),
      this.#fill,
      this.#hold,
    );
    this.element = h("div", { class: "meter", title: "Level, −80 to 0 dBFS; a line every 20 dB" }, this.#scale, this.#text);
  }

  /** @param {number|null} dbfs RMS of the newest sound; null: there is none. */
  update(dbfs, nowMs = performance.now()) {
    const share = dbfs === null ? 0 : position(dbfs);
    this.#fill.style.setProperty("transform", `scaleX(${share})`);
    this.#scale.setAttribute("aria-valuenow", dbfs === null ? LOWEST_DBFS : Math.round(dbfs));
    this.#scale.setAttribute("aria-valuetext", levelText(dbfs));
    setText(this.#text, levelText(dbfs));
    if (dbfs === null || dbfs >= this.#held.dbfs || nowMs - this.#held.atMs > HOLD_MS) {
      this.#held = { dbfs: dbfs ?? -Infinity, atMs: nowMs };
    }
    this.#hold.hidden = !Number.isFinite(this.#held.dbfs);
    this.#hold.style.setProperty("left", `${position(this.#held.dbfs) * 100}%`);
  }
}
