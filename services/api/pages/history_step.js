// A choice that the back button takes back: the address changes, the view and its focus stay.

/**
 * Puts parameters into the address as a new step of the history.
 *
 * @param {object} context The view's.
 * @param {URLSearchParams|object} params
 */
export function stepTo({ replaceQuery }, params) {
  const text = new URLSearchParams(params).toString();
  const path = location.pathname + (text && `?${text}`);
  if (path !== location.pathname + location.search) history.pushState(null, "", path);
  replaceQuery(text);
}
