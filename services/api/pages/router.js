// Puts the view of the address into the page, and takes the last one out.

import { isAbort } from "./api.js";
import { errorBox, h, setText } from "./dom.js";
import { match } from "./routes.js";

/** Mounts views as the address changes. One view at a time. */
export class Router {
  #main;
  #shared;
  #onPage;
  #controller = new AbortController();
  #unmount = () => {};
  #shown = "";

  /**
   * @param {HTMLElement} main Where views go.
   * @param {object} shared What each view's context has: `api`, `feed`, `announce`.
   * @param {(page: object|null) => void} onPage Told the page of the navigation.
   */
  constructor(main, shared, onPage) {
    this.#main = main;
    this.#shared = shared;
    this.#onPage = onPage;
  }

  /** Shows the present address and follows links, back and forward. */
  start() {
    document.addEventListener("click", (event) => this.#follow(event));
    window.addEventListener("popstate", () => this.#show());
    this.#show({ isFirst: true });
  }

  /** Goes to another page; a list of a page's own filters is replaced by `replaceQuery`. */
  navigate(path) {
    if (path !== location.pathname + location.search) history.pushState(null, "", path);
    this.#show();
  }

  #follow(event) {
    const anchor = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!anchor || !isPlain || event.defaultPrevented || anchor.target || anchor.hasAttribute("download")) return;
    const url = new URL(anchor.href);
    if (url.origin !== location.origin || url.hash || !match(url.pathname)) return;
    event.preventDefault();
    this.navigate(url.pathname + url.search);
  }

  async #show({ isFirst = false } = {}) {
    const address = location.pathname + location.search;
    if (address === this.#shown) return;
    this.#shown = address;
    this.#leave();
    const controller = (this.#controller = new AbortController());
    const found = match(location.pathname);
    this.#onPage(found?.page ?? null);
    const { heading, actions, root } = this.#frame();
    const setTitle = (text) => {
      setText(heading, text);
      document.title = `${text} · Earshot`;
    };
    setTitle(found?.page.name ?? "Not found");
    if (!isFirst) {
      window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
    if (!found) return void root.append(errorBox(new Error("There is no page at this address.")));
    try {
      const view = await import(`./views/${found.view}.js`);
      if (controller.signal.aborted) return;
      setTitle(view.title);
      const unmount = await view.mount(root, this.#context(found.params, { setTitle, actions }, controller.signal));
      if (controller.signal.aborted) unmount?.();
      else this.#unmount = unmount ?? (() => {});
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) return;
      console.error(error);
      root.replaceChildren(errorBox(error, () => location.reload()));
    }
  }

  #leave() {
    this.#controller.abort();
    this.#unmount();
    this.#unmount = () => {};
  }

  #frame() {
    const heading = h("h1", { tabindex: "-1" });
    const actions = h("div", { class: "page-actions" });
    const root = h("div", { class: "view" });
    this.#main.replaceChildren(h("header", { class: "page-head" }, heading, actions), root);
    return { heading, actions, root };
  }

  #context(params, frame, signal) {
    return {
      ...this.#shared,
      ...frame,
      params,
      query: new URLSearchParams(location.search),
      navigate: (path) => this.navigate(path),
      replaceQuery: (query) => this.#replaceQuery(query, signal),
      signal,
    };
  }

  /** The filters stand in the address, so that it can be kept and sent; the view stays. */
  #replaceQuery(query, signal) {
    if (signal.aborted) return;
    const text = new URLSearchParams(query).toString();
    this.#shown = location.pathname + (text && `?${text}`);
    history.replaceState(null, "", this.#shown);
  }
}
