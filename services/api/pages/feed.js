// The live feed: every revision of every event as it is committed. docs/live.md has the rules.

import { address } from "./api.js";
import { followStream } from "./event_stream.js";
import { Revisions } from "./revisions.js";

const SAMPLE_RATE_HZ = 16_000;

/**
 * Returns a revision of the events stream with the names that `GET /v1/events` uses, too.
 *
 * @param {object} data `data` of the CloudEvent.
 */
export function asEvent(data) {
  const seconds = (samples) => samples / SAMPLE_RATE_HZ;
  return {
    ...data,
    onset_s: seconds(data.onset_sample),
    offset_s: seconds(data.offset_sample),
    duration_s: seconds(data.offset_sample - data.onset_sample),
    quiet_s: seconds(data.quiet_samples ?? 0),
  };
}

/** Lets views follow the feed, and the shell know how it stands. */
export class Feed {
  #api;
  #states = new Map();
  #listener = () => {};

  constructor(api) {
    this.#api = api;
  }

  /** Tells the listener how the feeds stand together: `open`, `connecting`, `late`, `reconnecting`, `none`; and why. */
  onConnection(listener) {
    this.#listener = listener;
    this.#tell();
  }

  /**
   * Follows the events that match; see `GET /v1/stream` for the filters.
   *
   * To lose none between a list and the feed, load the list when the state becomes `open` and in
   * `onReset`, and give both to one `Revisions`.
   *
   * @param {object|URLSearchParams} filters
   * @param {object} handlers `onEvent(event)`, once per revision and never an older one after a
   *   newer; `onState("open" | "late" | "reconnecting")`, `late` while the broker is away;
   *   `onReset(reason)` when events were missed; `onError(error)` when the filters are refused.
   * @returns {() => void} Ends it.
   */
  subscribe(filters, { onEvent, onState, onReset, onError }) {
    const key = Symbol("subscription");
    const revisions = new Revisions();
    const say = (state, detail) => {
      this.#states.set(key, state);
      this.#tell(detail);
      onState?.(state);
    };
    this.#states.set(key, "connecting");
    this.#tell();
    const onMessage = ({ event, data }) => {
      const said = JSON.parse(data);
      if (event === "sound" && revisions.take(said.data)) onEvent(asEvent(said.data));
      else if (event === "status") say(said.broker === "away" ? "late" : "open");
      else if (event === "reset") onReset?.(said);
    };
    const stop = followStream(this.#api, address("/v1/stream", filters), { onMessage, onState: say, onError });
    return () => {
      stop();
      this.#states.delete(key);
      this.#tell();
    };
  }

  #tell(detail = "") {
    const states = [...this.#states.values()];
    const worst = ["reconnecting", "late", "connecting", "open"].find((state) => states.includes(state));
    this.#listener(worst ?? "none", detail);
  }
}
