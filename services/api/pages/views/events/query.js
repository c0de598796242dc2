// What the Events page asks for: its address, the api's parameters, and whether an event fits.

/** Filters that may have several values, in the order of the page; an event must have one of them. */
export const FACETS = ["label", "device", "site", "tag", "category", "priority", "state"];

/** Ranges that end now, in milliseconds; anything else in `last` asks for no time at all. */
export const RANGES_MS = { "1h": 3600e3, "24h": 86400e3, "7d": 7 * 86400e3, "30d": 30 * 86400e3 };

/** Names of filters with one value, and the value that asks for nothing. */
const SINGLES = { text: "", min_score: "", last: "", from: "", to: "", suppressed: "no" };

const FIELD_OF = { device: "device_id" };

/**
 * Reads an address.
 *
 * @param {URLSearchParams} params
 * @returns {object} One array for each facet, one string for each other filter; never missing.
 */
export function readQuery(params) {
  const query = {};
  for (const name of FACETS) {
    query[name] = [...new Set(params.getAll(name).filter(Boolean))];
  }
  for (const [name, nothing] of Object.entries(SINGLES)) {
    query[name] = params.get(name) || nothing;
  }
  if (query.from || query.to || !(query.last in RANGES_MS)) query.last = "";
  return query;
}

/** Returns the address of a query, always in the same order; what asks for nothing is left out. */
export function writeQuery(query) {
  const params = new URLSearchParams();
  for (const name of FACETS) {
    for (const value of query[name]) params.append(name, value);
  }
  for (const [name, nothing] of Object.entries(SINGLES)) {
    if (query[name] !== nothing) params.set(name, query[name]);
  }
  return params;
}

/**
 * Returns the parameters of `GET /v1/events`.
 *
 * @param {object} query
 * @param {number} nowMs Where `last` ends. What it finds began before the range's end, so `to` is
 *     left out: events that begin while one reads belong to it.
 */
export function apiParams(query, nowMs) {
  const params = writeQuery({ ...query, last: "" });
  if (query.last) params.set("from", new Date(nowMs - RANGES_MS[query.last]).toISOString());
  return params;
}

/** Returns the filters of the live feed: no state, for what is listed must go on changing. */
export function streamFilters(query) {
  const filters = {};
  for (const name of FACETS) {
    if (query[name].length && name !== "state") filters[name] = query[name];
  }
  if (query.text) filters.text = query.text;
  return filters;
}

/**
 * Tells whether an event that the feed brought belongs in the list.
 *
 * Its tags are not in it: the feed has looked at them.
 *
 * @param {object} event As the api shows it.
 * @param {object} query
 * @param {number} nowMs
 */
export function matches(event, query, nowMs) {
  return fitsFacets(event, query) && fitsText(event, query.text) && fitsTime(event, query, nowMs)
    && event.peak_score >= Number(query.min_score || 0)
    && { no: !event.suppressed_by, only: Boolean(event.suppressed_by) }[query.suppressed] !== false;
}

/** Returns how many filters ask for something. */
export function countFilters(query) {
  const keys = new Set(writeQuery(query).keys());
  if (keys.has("from") && keys.has("to")) keys.delete("to");
  return keys.size;
}

function fitsFacets(event, query) {
  return FACETS.every((name) => {
    const wanted = query[name];
    return name === "tag" || !wanted.length || wanted.includes(event[FIELD_OF[name] ?? name]);
  });
}

function fitsText(event, text) {
  const wanted = text.toLowerCase();
  return [event.label, event.device_id, event.site]
    .some((part) => part.toLowerCase().includes(wanted));
}

function fitsTime(event, query, nowMs) {
  const onsetMs = Date.parse(event.onset_at);
  const offsetMs = Date.parse(event.offset_at);
  const fromMs = query.last ? nowMs - RANGES_MS[query.last] : Date.parse(query.from);
  const isOver = event.state === "ended" && offsetMs <= fromMs;  // NaN: no such bound
  return !isOver && !(onsetMs >= Date.parse(query.to));
}
