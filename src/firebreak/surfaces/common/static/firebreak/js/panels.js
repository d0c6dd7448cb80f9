// An open account or unmask panel closes on Escape and on a press elsewhere, as people expect of a menu.

const PANELS = "details.account[open], details.unmask[open]";

/** @param {Document} page */
export function closeOnOutside(page) {
  page.addEventListener("click", (event) => {
    for (const panel of page.querySelectorAll(PANELS)) {
      if (event.target instanceof Node && !panel.contains(event.target)) panel.removeAttribute("open");
    }
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const panel of page.querySelectorAll(PANELS)) {
      panel.removeAttribute("open");
      panel.querySelector("summary")?.focus();
    }
  });
}
