// Elements made from code. Text is only ever text: names of devices and labels are anyone's input.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Returns an HTML element.
 *
 * @param {string} tag
 * @param {object} attributes `class`, `id`, `aria-…`: as in HTML; false, null and undefined leave one
 *   out, true sets it empty. `on`: handlers by event. `dataset` and `style`: properties by name
 *   (set through the CSSOM, which the content security policy allows).
 * @param {...(Node|string|number|null|Array)} children Strings become text, null nothing.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Returns an SVG element; see `h`. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) setAttribute(element, name, value);
  append(element, children);
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
  } else if (name === "dataset") {
    Object.assign(element.dataset, value);
  } else if (name === "style") {
    for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Sets an element's text, if it is another: what is unchanged is not drawn or read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
