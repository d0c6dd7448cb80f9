// The ten seconds of Undo, counted where they can be seen. The server holds the promise; this shows it.

/** @param {ParentNode} root */
export function startToasts(root) {
  for (const toast of root.querySelectorAll(".toast")) {
    if (!(toast instanceof HTMLElement) || toast.dataset.started) continue;
    toast.dataset.started = "yes";
    toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
    if (toast.dataset.seconds) countDown(toast, Number(toast.dataset.seconds));
  }
}

/**
 * Show the seconds left and take the toast away when they are over, unless it holds the focus.
 * @param {HTMLElement} toast
 * @param {number} seconds
 */
function countDown(toast, seconds) {
  const end = performance.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const shown = toast.querySelector("[data-left]");
    if (shown) shown.textContent = String(left);
    if (left > 0) return;
    clearInterval(timer);
    if (toast.contains(document.activeElement)) toast.querySelector("form")?.remove();
    else toast.remove();
  }, 250);
}
