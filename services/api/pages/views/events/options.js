// What the filters offer: the labels of the taxonomy, and what the registered devices say.

import { categoryMark } from "../../badges.js";
import { isAbort } from "../../api.js";

const PRIORITIES = [["critical", "Critical"], ["high", "High"], ["normal", "Normal"], ["low", "Low"]];
const STATES = [["Going on", ["started", "updated"]], ["Ended", ["ended"]]];
const MOST_DEVICES = 500;

/** What needs no asking. */
export const FIXED = {
  priority: PRIORITIES.map(([value, text]) => ({ text, values: [value] })),
  state: STATES.map(([text, values]) => ({ text, values })),
};

/**
 * Asks the api for what there is to choose.
 *
 * @returns {Promise<Record<string, object[]>>} Options by facet. What could not be read is missing:
 *     the list itself says what is wrong with the api.
 */
export async function loadOptions(api, signal) {
  const [labels, scenes, devices] = await Promise.all([
    tried(api.get("/v1/labels", {}, signal)),
    tried(api.get("/v1/scenes", {}, signal)),
    tried(api.get("/v1/devices", { limit: MOST_DEVICES }, signal)),
  ]);
  return { ...(labels && scenes && taxonomyOptions(labels.labels, scenes.scenes)), ...(devices && deviceOptions(devices.devices)) };
}

function taxonomyOptions(labels, scenes) {
  const categories = once([...labels.map((label) => label.category), ...(scenes.length ? ["scene"] : [])]);
  const named = [...labels.map((label) => [label.label, label.category]), ...scenes.map((scene) => [scene.scene, "scene"])];
  return {
    label: named.map(([text, category]) => ({ text, values: [text], mark: () => categoryMark(category) })),
    category: categories.map((text) => ({ text, values: [text], mark: () => categoryMark(text) })),
  };
}

function deviceOptions(devices) {
  const plain = (texts) => once(texts).filter(Boolean).sort().map((text) => ({ text, values: [text] }));
  return {
    device: devices.map((device) => ({ text: device.id, values: [device.id], note: device.site })),
    site: plain(devices.map((device) => device.site)),
    tag: plain(devices.flatMap((device) => device.tags)),
  };
}

function once(texts) {
  return [...new Set(texts)];
}

async function tried(answer) {
  try {
    return await answer;
  } catch (error) {
    if (isAbort(error)) throw error;
    return null;
  }
}
