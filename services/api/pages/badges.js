// Small marks for what an event is: a shape and a word, and colour only beside them.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const CATEGORIES = new Set([
  "safety", "impact", "human", "animal", "music", "mechanical", "environmental", "scene",
]);
const PRIORITIES = { critical: "Critical", high: "High", normal: "Normal", low: "Low" };
const STATES = { started: "Started", updated: "Going on", ended: "Ended" };

/** Returns a category's name as CSS knows it: `other` for one of somebody's own taxonomy. */
export function categoryClass(category) {
  return `category-${CATEGORIES.has(category) ? category : "other"}`;
}

/** Returns the mark of a category: its shape in its colour, without a word. */
export function categoryMark(category) {
  const name = CATEGORIES.has(category) ? category : "quiet";
  return h("span", { class: `category-mark ${categoryClass(category)}`, title: category }, icon(name));
}

/** Returns a label as events show it: the category's mark and the label's name. */
export function labelBadge(label, category) {
  return h("span", { class: "label-badge" }, categoryMark(category), h("span", { class: "label-name" }, label));
}

/** Returns the category's mark and name. */
export function categoryBadge(category) {
  return h("span", { class: `badge ${categoryClass(category)}` }, categoryMark(category), category);
}

/** Returns the priority's badge; `quiet` ones, normal and low, have no ground. */
export function priorityBadge(priority) {
  const known = Object.hasOwn(PRIORITIES, priority) ? priority : "normal";
  return h("span", { class: `badge priority-${known}` }, PRIORITIES[priority] ?? priority);
}

/** Returns an event's state; one that lasts has a dot that breathes. */
export function stateBadge(state) {
  const isOn = state !== "ended";
  return h("span", { class: `badge ${isOn ? "state-on" : "state-ended"}` }, isOn && h("span", { class: "pulse" }), STATES[state] ?? state);
}

/** Returns tags as quiet badges. */
export function tagBadges(tags) {
  return tags.map((tag) => h("span", { class: "badge tag" }, tag));
}

/** Returns a score as text: a score, never a percentage, since it is no probability. */
export function scoreText(score) {
  return Number(score).toFixed(2);
}
