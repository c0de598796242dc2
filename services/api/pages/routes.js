// The pages' addresses, and the module that draws each.

/** What the navigation shows, in its order. */
export const PAGES = [
  { path: "/live", name: "Live", icon: "live", view: "live" },
  { path: "/events", name: "Events", icon: "events", view: "events", one: "event" },
  { path: "/heat-map", name: "Heat map", icon: "heat-map", view: "heat_map" },
  { path: "/devices", name: "Devices", icon: "devices", view: "devices", one: "device" },
  { path: "/devicehive", name: "DeviceHive", icon: "devicehive", view: "devicehive" },
];

/**
 * Returns `{page, view, params}` for a path; null when no page is there.
 *
 * @param {string} pathname Still percent-encoded: an id may contain a slash.
 */
export function match(pathname) {
  const [first, ...rest] = pathname.replace(/\/$/, "").split("/").slice(1);
  const page = PAGES.find(({ path }) => path === `/${first || "live"}`);
  if (!page) return null;
  if (rest.length === 0) return { page, view: page.view, params: {} };
  const id = decoded(rest.join("/"));
  return page.one && id ? { page, view: page.one, params: { id } } : null;
}

/** Returns the path of one thing of a page: `one("/devices", "a/b")` is `/devices/a%2Fb`. */
export function one(path, id) {
  return `${path}/${encodeURIComponent(id)}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // not UTF-8: nothing has such an id
  }
}
