// Runs before the first paint, so a page never flashes in the other theme; theme.js does the rest.
try {
  const chosen = localStorage.getItem("earshot.theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden: the system's theme, then.
}
