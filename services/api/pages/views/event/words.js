// An event's facts in plain words. Moments are told elsewhere, in the reader's own zone.

const END_REASONS = {
  quiet: "it became quiet",
  gap: "sound was lost, so nobody knows how it went on",
  session_end: "the device's source came to its end",
  max_duration: "it reached its label's longest duration; what follows is another event",
  taxonomy_changed: "the taxonomy changed meanwhile",
  source_gone: "the device was not heard any more",
};

const GRANULARITIES = {
  clip: "a whole recording",
  segment: "a stretch of sound, patch by patch",
  frame: "a stretch of sound, frame by frame",
};

const ORIGINS = { model: "a model", human: "a person" };

const SETTINGS = {
  on_score: "Score from which it is on",
  off_score: "Score below which it is off",
  min_score: "Lowest score of the scene",
  start_patches: "Patches on, to start",
  start_window_patches: "… of the last so many",
  min_duration_s: "Shortest event",
  merge_gap_s: "Pause that does not end it",
  max_duration_s: "Longest event",
  dwell_s: "How long a scene must lead",
};

const STRICTER = { higher: "higher is stricter", lower: "lower is stricter" };

/** Why it ended, to follow “because”; empty while it lasts. */
export function endReason(event) {
  const why = END_REASONS[event.end_reason] ?? event.end_reason;
  return event.gap_reason ? `${why} (${event.gap_reason})` : why;
}

/** What the event speaks about. */
export function granularity(event) {
  return GRANULARITIES[event.granularity] ?? event.granularity;
}

/** Who says so. */
export function origin(event) {
  return ORIGINS[event.origin] ?? event.origin;
}

/** What a setting of the taxonomy is about; one of a later version by its own name. */
export function settingTitle(name) {
  return SETTINGS[name] ?? name.replaceAll("_", " ");
}

/** Which way makes fewer events; empty where it is no question of more or fewer. */
export function settingHint(stricter) {
  return STRICTER[stricter] ?? "";
}

/** The value with the unit that its name ends in. */
export function settingValue(name, value) {
  if (name.endsWith("_s")) return `${Number(value.toFixed(2))} s`;
  return name.endsWith("_score") ? value.toFixed(2) : String(value);
}
