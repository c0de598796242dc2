// What a score curve draws, as numbers: the api's texts read once.

import { lastAtOrBelow, runs } from "../scale.js";

/** Levels are drawn from here to full scale; below it nothing is heard. */
export const FLOOR_DBFS = -90;

/**
 * @param {object} curve As `GET /v1/events/{id}/explain` has it.
 * @param {Array<{name: string, value: number}>} thresholds
 * @param {object} event
 * @returns {object} Moments in milliseconds; `on` and `off` are null when nobody says them.
 */
export function curveNumbers(curve, thresholds, event) {
  const patchMs = curve.patch_s * 1000;
  const atMs = curve.at.map((text) => Date.parse(text));
  const gaps = (curve.gaps ?? []).map((gap) => ({
    fromMs: Date.parse(gap.from), toMs: Date.parse(gap.to), reason: gap.reason ?? "",
  }));
  const onsetMs = Date.parse(event.onset_at);
  const offsetMs = Date.parse(event.offset_at);
  const moments = [onsetMs, offsetMs, ...gaps.flatMap((gap) => [gap.fromMs, gap.toMs])];
  if (atMs.length) moments.push(atMs[0], atMs.at(-1) + patchMs);
  return {
    atMs, patchMs, gaps, onsetMs, offsetMs,
    scores: curve.score,
    levels: curve.level_dbfs ?? [],
    members: byPeak(curve.members ?? []),
    runs: runs(atMs, patchMs),
    fromMs: Math.min(...moments),
    toMs: Math.max(...moments),
    on: valueOf(thresholds, "on"),
    off: valueOf(thresholds, "off"),
    hasEnded: event.state === "ended",
  };
}

/** What the patch at an index says: for the line below the chart, and for a row of its table. */
export function patchAt(numbers, index) {
  const score = numbers.scores[index];
  const members = numbers.members
    .map((member) => ({ name: member.class, score: member.score[index] }))
    .sort((a, b) => b.score - a.score);
  return { atMs: numbers.atMs[index], score, level: numbers.levels[index], members,
    side: side(score, numbers) };
}

/** Returns the index of the patch that a moment falls into, or the one before a gap. */
export function indexAt(numbers, momentMs) {
  return lastAtOrBelow(numbers.atMs, momentMs);
}

function side(score, { on, off }) {
  if (on === null || off === null) return "";
  if (score >= on) return "on";
  return score >= off ? "between" : "off";
}

function byPeak(members) {
  return members
    .map((member) => ({ ...member, peak: Math.max(0, ...member.score) }))
    .sort((a, b) => b.peak - a.peak);
}

function valueOf(thresholds, side) {
  const names = [`threshold_${side}`, `${side}_score`];
  return thresholds.find((threshold) => names.includes(threshold.name))?.value ?? null;
}
