// Times of day in the reader's zone, durations, and how long ago. Moments come as RFC 3339 in UTC.

const LOCALE = "en-GB"; // as the pages' words; 24 hours
const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86400;

const format = (options) => new Intl.DateTimeFormat(LOCALE, { hourCycle: "h23", ...options });
const FORMATS = {
  clock: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  minute: format({ hour: "2-digit", minute: "2-digit" }),
  day: format({ day: "numeric", month: "short", year: "numeric" }),
  weekday: format({ weekday: "long", day: "numeric", month: "long" }),
  full: format({
    weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  }),
  zone: format({ timeZoneName: "short" }),
};

/** Returns milliseconds since 1970 of a moment; a number is taken as such. */
export function toMs(moment) {
  return typeof moment === "number" ? moment : Date.parse(moment);
}

/** Returns `03:12:07`. */
export function clock(moment) {
  return FORMATS.clock.format(toMs(moment));
}

/** Returns `03:12`. */
export function minute(moment) {
  return FORMATS.minute.format(toMs(moment));
}

/** Returns `1 May 2026`. */
export function day(moment) {
  return FORMATS.day.format(toMs(moment));
}

/** Returns `Friday 1 May`. */
export function weekday(moment) {
  return FORMATS.weekday.format(toMs(moment)).replace(",", "");
}

/** Returns `Fri, 1 May 2026, 03:12:07 CEST`: nothing left to guess. */
export function full(moment) {
  return Number.isNaN(toMs(moment)) ? String(moment) : FORMATS.full.format(toMs(moment));
}

/** Returns `03:12:07` for today and `1 May 2026, 03:12:07` otherwise. */
export function dateTime(moment, nowMs = Date.now()) {
  const isToday = day(moment) === day(nowMs);
  return isToday ? clock(moment) : `${day(moment)}, ${clock(moment)}`;
}

/** Returns the reader's zone: `Europe/Berlin (CEST)`. */
export function zone(nowMs = Date.now()) {
  const short = FORMATS.zone.formatToParts(nowMs).find((part) => part.type === "timeZoneName").value;
  const name = FORMATS.zone.resolvedOptions().timeZone;
  return name === short ? name : `${name} (${short})`;
}

/** Returns `2026-05-01` of the reader's zone, as date fields take it. */
export function isoDay(moment) {
  const date = new Date(toMs(moment));
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns `0.96 s`, `24 s`, `3 min 12 s`, `2 h 05 min` or `3 d 4 h`. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min ${whole % MINUTE_S} s`;
  const minutes = Math.floor(whole / MINUTE_S);
  if (whole < DAY_S) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  const hours = Math.floor(whole / HOUR_S);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Returns `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`; `in …` for what is to come. */
export function relative(moment, nowMs = Date.now()) {
  const seconds = Math.round((nowMs - toMs(moment)) / SECOND_MS);
  const size = Math.abs(seconds);
  if (!Number.isFinite(size)) return "never";
  if (size < 5) return "just now";
  const text = coarse(size);
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

function coarse(seconds) {
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} d`;
}
