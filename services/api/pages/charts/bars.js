// Scores as horizontal bars from 0 to 1, behind their names and numbers; changed in place.

import { h, setText } from "../dom.js";

const FAINT = 0.05; // below it a score says nothing

/** A list of bars. */
export class ScoreBars {
  element;
  #rows = [];

  /** @param {string} label What a screen reader calls the list. */
  constructor(label) {
    this.element = h("ol", { class: "bars", "aria-label": label });
  }

  /** @param {{name: string, score: number}[]} items In the order to draw them. */
  update(items) {
    while (this.#rows.length < items.length) this.#rows.push(this.#add());
    while (this.#rows.length > items.length) this.#rows.pop().element.remove();
    items.forEach(({ name, score }, index) => {
      const row = this.#rows[index];
      setText(row.name, name);
      row.name.title = name;
      row.bar.update(score);
      setText(row.score, score.toFixed(2));
      row.element.classList.toggle("is-faint", score < FAINT);
    });
  }

  #add() {
    const [name, score] = [h("span", { class: "bar-name truncate" }), h("span", { class: "bar-score" })];
    const bar = new Bar();
    const element = h("li", { class: "bar-row" }, bar.element, name, score);
    this.element.append(element);
    return { element, name, bar, score };
  }
}

/** One bar, perhaps with a mark at the score it takes; decoration: numbers say the same. */
export class Bar {
  element;
  #fill = h("span", { class: "bar-fill" });
  #mark = h("span", { class: "bar-mark", hidden: true });

  constructor() {
    this.element = h("span", { class: "bar-track", "aria-hidden": "true" }, this.#fill, this.#mark);
  }

  /**
   * @param {number|null} score 0 to 1; null draws none.
   * @param {number} mark A score to mark; left out, none is.
   */
  update(score, mark) {
    this.#fill.style.setProperty("transform", `scaleX(${score ?? 0})`);
    this.#mark.hidden = mark === undefined;
    if (mark !== undefined) this.#mark.style.setProperty("left", `${mark * 100}%`);
  }
}
