import assert from "node:assert/strict";
import test from "node:test";

import { match, one, PAGES } from "../../../../services/api/pages/routes.js";

test("each page has its address, and the root is the live page", () => {
  for (const page of PAGES) assert.deepEqual(match(page.path), { page, view: page.view, params: {} });
  assert.equal(match("/").view, "live");
  assert.equal(match("/events/").view, "events");
});

test("an id comes back whatever it contains", () => {
  for (const id of ["kitchen", "a/b", "50 %", "../x", "ü?#&", "%2F"]) {
    const found = match(one("/devices", id));
    assert.deepEqual([found.view, found.params], ["device", { id }]);
  }
});

test("what is no page is none", () => {
  for (const path of ["/v1/events", "/live/x", "/heat-map/2026", "/nothing", "/events/%E0%A4%A"]) assert.equal(match(path), null);
});
