// Events: search, filters that stand in the address, and what comes in while one looks.

import { isAbort } from "../api.js";
import { button, h, setText } from "../dom.js";
import { stepTo } from "../history_step.js";
import { askPage } from "./events/ask_page.js";
import { exportButtons } from "./events/export.js";
import { eventFilters } from "./events/filters.js";
import { Fresh } from "./events/fresh.js";
import { EventList } from "./events/list.js";
import { apiParams, countFilters, matches, readQuery, streamFilters, writeQuery } from "./events/query.js";
import { listState } from "./events/state.js";

export const title = "Events";

const NEAR_TOP_PX = 160;

/** Mounts the view. */
export function mount(root, context) {
  const view = new EventsView(root, context);
  return () => view.leave();
}

class EventsView {
  #query;
  #list = new EventList();
  #fresh = new Fresh(() => this.#putFresh(() => window.scrollTo({ top: 0 })));
  #early = null;  // events that come while the list is read; null when it is not
  #next = null;
  #asking = new AbortController();
  #unfollow = () => {};
  #wasTyping = false;

  constructor(root, context) {
    this.context = context;
    this.#query = readQuery(context.query);
    this.filters = eventFilters(context, (query, isTyping) => this.#change(query, isTyping));
    this.state = listState(() => this.filters.clear());
    this.count = h("p", { class: "muted list-count" });
    this.more = button("Load more", () => this.#more(), { hidden: true });
    const foot = h("div", { class: "list-foot" }, this.count, this.more);
    root.append(this.filters.element, this.#fresh.element, this.#list.element, this.state.element, foot);
    context.actions.append(exportButtons(context, () => apiParams(this.#query, Date.now())));
    const onScroll = () => isAtTop() && this.#putFresh();
    window.addEventListener("scroll", onScroll, { signal: context.signal, passive: true });
    this.filters.show(this.#query);
    this.#start().then(() => this.filters.offer());
  }

  leave() {
    this.#asking.abort();
    this.#unfollow();
  }

  /** What is typed takes one step of the history, and each other choice one of its own. */
  #change(query, isTyping) {
    if (isTyping && this.#wasTyping) this.context.replaceQuery(writeQuery(query));
    else stepTo(this.context, writeQuery(query));
    this.#wasTyping = isTyping;
    this.#query = query;
    this.#start();
  }

  /** Begins anew; the promise is of the list. */
  async #start() {
    this.leave();
    this.#asking = new AbortController();
    this.#fresh.takeAll();
    const { signal } = this.#asking;
    await this.#load();
    if (!signal.aborted) this.#follow();
  }

  /** Only once there is a list: what can be seen at once waits for no connection that stays open. */
  #follow() {
    this.#unfollow = this.context.feed.subscribe(streamFilters(this.#query), {
      onEvent: (event) => this.#take(event),
      onState: (state) => state === "open" && this.#catchUp(),
      onReset: () => this.#start(),
    });
  }

  async #load() {
    this.#early = [];
    this.#list.element.setAttribute("aria-busy", "true");
    if (!this.#list.size) this.state.loading();
    const page = await this.#ask({});
    if (page === undefined) return;
    const early = this.#early;
    this.#early = null;
    this.#list.element.removeAttribute("aria-busy");
    this.#list.clear();
    this.#putPage(page);
    early.forEach((event) => this.#take(event));
  }

  async #more() {
    this.more.disabled = true;
    const page = await this.#ask({ cursor: this.#next });
    this.more.disabled = false;
    if (page) this.#putPage(page);
  }

  /** Between the list and the feed something may have happened; what is known is not put twice. */
  async #catchUp() {
    const page = await this.#ask({});
    page?.events.forEach((event) => this.#take(event));
  }

  #putPage(page) {
    page?.events.forEach((event) => this.#list.put(event));
    this.#next = page?.next ?? null;
    this.#draw();
  }

  /** Returns a page; null when it could not be read, which is said; undefined when nobody waits. */
  async #ask(further) {
    const { signal } = this.#asking;
    try {
      const page = await askPage(this.context.api, this.#query, further, signal);
      if (signal.aborted) return undefined;
      if (this.state.isError) this.state.clear();
      return page;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return undefined;
      this.state.error(error, () => this.#start());
      return null;
    }
  }

  #take(event) {
    if (this.#early) return void this.#early.push(event);
    const isBeyond = this.#next && Date.parse(event.onset_at) < this.#list.oldestMs;
    if (this.#list.has(event.event_id)) this.#list.put(event);
    else if (isBeyond || !matches(event, this.#query, Date.now())) this.#fresh.drop(event.event_id);
    else if (isAtTop()) this.#list.put(event, true);
    else this.#fresh.keep(event);
    this.#draw();
  }

  #putFresh(then = () => {}) {
    for (const event of this.#fresh.takeAll()) this.#list.put(event, true);
    this.#draw();
    then();
  }

  #draw() {
    const { size } = this.#list;
    this.#list.element.hidden = !size;
    this.more.hidden = !this.#next;
    setText(this.count, size ? `${size} ${size === 1 ? "event" : "events"}${this.#next ? " so far" : ""}` : "");
    if (this.state.isError || this.#early) return;
    if (size) this.state.clear();
    else this.state.empty(countFilters(this.#query) > 0);
  }
}

function isAtTop() {
  return window.scrollY < NEAR_TOP_PX;
}
