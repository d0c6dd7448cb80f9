// Ctrl-K (⌘K) goes to the find box; arrows walk the results; Escape leaves. Finding itself is the server's.

/** @param {Document} page */
export function startFind(page) {
  const box = page.querySelector("#find");
  const panel = page.querySelector("#found");
  if (!(box instanceof HTMLInputElement) || !(panel instanceof HTMLElement)) return;
  page.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  box.form?.parentElement?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      panel.replaceChildren();
      box.blur();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(panel, box, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

/**
 * Move the focus through box and results, round and round.
 * @param {HTMLElement} panel
 * @param {HTMLElement} box
 * @param {1 | -1} way
 */
function step(panel, box, way) {
  const stops = [box, ...panel.querySelectorAll("a")];
  const here = stops.findIndex((stop) => stop === document.activeElement);
  stops[(here + way + stops.length) % stops.length]?.focus();
}
