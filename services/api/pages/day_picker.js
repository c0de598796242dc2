// Choosing a day: a day back, a day on, a date, today.

import { addDays, isDay } from "./day.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { isoDay } from "./time.js";

/**
 * Returns the picker. No day after today can be chosen: nothing has been heard yet.
 *
 * @param {string} day `YYYY-MM-DD` of the reader's zone.
 * @param {(day: string) => void} onChange
 */
export function dayPicker(day, onChange) {
  let chosen = day;
  const date = h("input", { type: "date", "aria-label": "Day", on: { change: () => isDay(date.value) && choose(date.value) } });
  const back = step("previous", "Day before", -1);
  const on = step("next", "Day after", 1);
  const today = button("Today", () => choose(isoDay(Date.now())), { class: "quiet" });

  function step(picture, text, days) {
    const element = h("button", { type: "button", class: "icon-button", title: text, "aria-label": text,
      on: { click: () => choose(addDays(chosen, days)) } }, icon(picture));
    return element;
  }

  function choose(wanted) {
    const last = isoDay(Date.now());
    show(wanted > last ? last : wanted);
    onChange(chosen);
  }

  function show(wanted) {
    const last = isoDay(Date.now());
    chosen = wanted;
    date.value = wanted;
    date.max = last;
    on.disabled = wanted >= last;
    today.hidden = wanted === last;
  }

  show(day);
  return { element: h("div", { class: "day-picker", role: "group", "aria-label": "Choose a day" }, back, date, on, today), show };
}
