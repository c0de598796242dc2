// Icons as paths on a grid of 24, drawn with the colour of the text beside them.

import { svg } from "./element.js";

const PATHS = {
  // Pages
  live: "M3 12h2l2-6 4 14 4-17 3 12 1.5-3H21",
  events: "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
  "heat-map": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  devices: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  devicehive: "M12 2.5 20.5 7v10L12 21.5 3.5 17V7zM12 8.5v7M8.5 10.5v3M15.5 10.5v3",
  // Categories: a shape for each, since colour alone says nothing to many
  safety: "M12 3 4.5 6v5.5c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.5V6zM12 8.5v4M12 16h.01",
  impact: "m12 2.5 2 6 6-2-3.5 5.5 5 4-6.3.5.3 6L12 17.5 8.5 22.5l.3-6-6.3-.5 5-4L4 6.5l6 2z",
  human: "M12 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20.5c.5-4 3-6.5 7-6.5s6.5 2.5 7 6.5",
  animal: "M12 12.5c-3 0-5.5 3-5.5 5.300 0 1.700 1.300 2.700 2.700 2.700 1 0 1.800-.5 2.800-.5s1.800.5 2.800.5c1.400 0 2.700-1 2.700-2.700 0-2.300-2.5-5.300-5.5-5.300zM5 10.5v.01M9 6v.01M15 6v.01M19 10.5v.01",
  music: "M9 18V5.5l11-2V16M9 18a2.700 2.700 0 1 1-5.400 0A2.700 2.700 0 0 1 9 18zM20 16a2.700 2.700 0 1 1-5.400 0 2.700 2.700 0 0 1 5.400 0z",
  mechanical: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M5.300 18.700l2.100-2.100M16.600 7.400l2.100-2.100",
  environmental: "M5 20c0-9 5-14.5 15-15.5C20 14 15.5 19 8.5 18M5 20c1-4 4-7.5 8.5-9.5",
  scene: "M4 10.5 12 4l8 6.5V20H4zM9.5 20v-6h5v6",
  // Signs
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  warning: "M12 3.5 2.5 20h19zM12 10v4.5M12 17.200h.01",
  quiet: "M3 12h5M11 12h2M16 12h5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
  check: "m4.5 12.5 5 5L20 6.5",
  close: "M5.5 5.5l13 13M18.5 5.5l-13 13",
  next: "m9 5 7 7-7 7",
  previous: "m15 5-7 7 7 7",
  download: "M12 3.5v12M6.5 10.5l5.5 5.5 5.5-5.5M4 20.5h16",
  away: "M4 4l16 16M9 9v2a3 3 0 0 0 4.5 2.600M15 10.5V6a3 3 0 0 0-5.700-1.300M5 11a7 7 0 0 0 11 5.700M18.700 13a7 7 0 0 0 .3-2M12 18v3",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9.5",
};

/** Returns an icon; it is decoration: the words beside it say the same. */
export function icon(name, attributes = {}) {
  const d = PATHS[name] ?? PATHS.quiet;
  return svg(
    "svg",
    { ...attributes, class: `icon ${attributes.class ?? ""}`, viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d }),
  );
}
