// What is around every page: the navigation, how the feed stands, the theme, the zone of all times.

import { button, h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { keep, recall } from "./kept.js";
import { PAGES } from "./routes.js";
import { themeSwitch } from "./theme.js";
import { zone } from "./time.js";

const CONNECTIONS = {
  open: { text: "Connected", title: "Events appear as they happen." },
  connecting: { text: "Connecting…", title: "" },
  late: { text: "Events late", title: "The broker is away: events appear when it is back." },
  reconnecting: { text: "Reconnecting…", title: "The api does not answer; nothing will be missed." },
};
const SIGNED_IN = "signed-in";

/** The bar: at the side, and on a phone above and below. */
export class Shell {
  #links = new Map();
  #connection = h("p", { class: "connection", role: "status", hidden: true });
  #signOut;

  constructor(bar, api) {
    this.#signOut = button("Sign out", () => this.#leave(api), { class: "quiet", hidden: true });
    bar.append(
      h("a", { class: "brand", href: "/live" }, mark(), "Earshot"),
      h("nav", { class: "nav", "aria-label": "Pages" }, PAGES.map((page) => this.#link(page))),
      h(
        "div",
        { class: "bar-foot" },
        this.#connection,
        h("p", { class: "zone muted", title: "All times are of this zone." }, zone()),
        h("div", { class: "row" }, themeSwitch(), this.#signOut),
      ),
    );
    this.#signOut.hidden = !recall(SIGNED_IN);
  }

  /** Marks the page that is shown. */
  mark(page) {
    for (const [path, anchor] of this.#links) {
      if (path === page?.path) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
    }
  }

  /** Shows how the feed stands; `none`: no view follows it. */
  showConnection(state, detail) {
    const said = CONNECTIONS[state];
    this.#connection.hidden = !said;
    this.#connection.dataset.state = state;
    setText(this.#connection, said?.text ?? "");
    this.#connection.title = detail || (said?.title ?? "");
  }

  /** Offers to sign out, from now on. */
  showSignOut() {
    keep(SIGNED_IN, "yes");
    this.#signOut.hidden = false;
  }

  #link({ path, name, icon: picture }) {
    const anchor = h("a", { href: path }, icon(picture), h("span", {}, name));
    this.#links.set(path, anchor);
    return anchor;
  }

  async #leave(api) {
    keep(SIGNED_IN, null);
    await api.signOut();
    location.reload();
  }
}

function mark() {
  return h("span", { class: "brand-mark", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"));
}
