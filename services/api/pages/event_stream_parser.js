// The event stream format, pure.
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/** Turns text, cut anywhere, into messages. */
export class EventStreamParser {
  #rest = "";
  #event = "";
  #data = [];
  #id;

  /** @param {string} lastId Where an earlier connection was. */
  constructor(lastId = "") {
    /** Id to come back with: that of the last complete block, with or without data. */
    this.lastId = lastId;
    this.#id = lastId;
  }

  /** Takes some text; returns the messages that are complete now: `{event, data, id}`. */
  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    const messages = [];
    for (const line of lines) {
      if (line === "") messages.push(...this.#end());
      else this.#take(line);
    }
    return messages;
  }

  #take(line) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon); // empty: a comment
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  #end() {
    this.lastId = this.#id;
    const message = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
    const hasData = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    return hasData ? [message] : [];
  }
}
