// One page of the list, as the api answers it.

import { apiParams } from "./query.js";

const PAGE = 50;

/**
 * Asks for a page.
 *
 * @param {Api} api
 * @param {object} query What the list asks for.
 * @param {{cursor?: string}} further Where to go on; without, at the newest.
 * @param {AbortSignal} signal
 * @throws {ApiError}
 */
export function askPage(api, query, further, signal) {
  const params = apiParams(query, Date.now());
  for (const [name, value] of Object.entries({ limit: PAGE, ...further })) params.set(name, value);
  return api.get("/v1/events", params, signal);
}
