// When a form comes back wrong, the summary gets the focus once, so that it is read first.

/** @param {ParentNode} root */
export function focusErrors(root) {
  const summary = root.querySelector("#error-summary");
  if (!(summary instanceof HTMLElement) || summary.dataset.seen) return;
  summary.dataset.seen = "yes";
  summary.focus();
  for (const link of summary.querySelectorAll("a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById((link.getAttribute("href") ?? "#").slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
  }
}
