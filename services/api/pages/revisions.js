// Which revisions of events have been seen: an event is drawn once, and never goes back.

const KEPT = 20_000; // events; a page that is open for days must not grow for ever

/** Knows the newest revision of each event. */
export class Revisions {
  #newest = new Map();

  /** Returns whether a revision is news, and remembers it; an equal or an older one is none. */
  take({ event_id: id, revision }) {
    if ((this.#newest.get(id) ?? 0) >= revision) return false;
    this.#newest.delete(id); // so that it becomes the youngest of the map
    this.#newest.set(id, revision);
    if (this.#newest.size > KEPT) this.#newest.delete(this.#newest.keys().next().value);
    return true;
  }
}
