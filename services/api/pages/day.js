// Days of the reader's own zone, as `YYYY-MM-DD`.

import { isoDay } from "./time.js";

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Tells whether a text is a day that there is. */
export function isDay(text) {
  return SHAPE.test(text ?? "") && isoDay(startOf(text).getTime()) === text;
}

/** Returns the day some days later; negative: earlier. */
export function addDays(day, days) {
  const [year, month, date] = numbers(day);
  return isoDay(new Date(year, month - 1, date + days, 12).getTime());
}

/**
 * Returns where a day begins and where the next one does.
 *
 * @returns {{from: Date, to: Date}} 23 to 25 hours apart, as clocks are put forward or back.
 */
export function span(day) {
  return { from: startOf(day), to: startOf(addDays(day, 1)) };
}

/** Returns the reader's zone by its IANA name, as the api takes it. */
export function zoneName() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

function startOf(day) {
  const [year, month, date] = numbers(day);
  return new Date(year, month - 1, date);
}

function numbers(day) {
  return SHAPE.exec(day).slice(1).map(Number);
}
