// Single-key shortcuts: an element with data-key="n" is pressed by N, unless the reader types or switched them off.

const SWITCH = "firebreak.single-keys";

/** @param {Document} page */
export function startKeys(page) {
  const help = page.querySelector("#keys");
  const dialog = help instanceof HTMLDialogElement ? help : null;
  if (dialog) prepare(page, dialog);
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !allowed()) return;
    if (event.key === "?" && dialog) return dialog.showModal();
    if (!dialog?.open && (event.key === "j" || event.key === "k")) return walk(page, event.key === "j" ? 1 : -1);
    const wanted = page.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (wanted instanceof HTMLElement && !dialog?.open) {
      event.preventDefault();
      if (wanted.matches("input, textarea")) wanted.focus();
      else wanted.click();
    }
  });
}

/**
 * Fill the help with this page's keys and wire its switch.
 * @param {Document} page
 * @param {HTMLDialogElement} dialog
 */
function prepare(page, dialog) {
  const list = dialog.querySelector("[data-keys]");
  for (const found of page.querySelectorAll("[data-key]")) {
    const line = page.createElement("div");
    const key = page.createElement("dt");
    const meaning = page.createElement("dd");
    const cap = page.createElement("kbd");
    cap.textContent = (found.getAttribute("data-key") ?? "").toUpperCase();
    key.append(cap);
    meaning.textContent = (found.getAttribute("aria-label") ?? found.textContent ?? "").trim();
    line.append(key, meaning);
    list?.append(line);
  }
  const choice = dialog.querySelector("[data-single-keys]");
  if (choice instanceof HTMLInputElement) {
    choice.checked = allowed();
    choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  }
  for (const opener of page.querySelectorAll("[data-show-keys]")) {
    opener.addEventListener("click", () => dialog.showModal());
  }
}

/**
 * J and K walk down and up the lines of the lists; Enter opens the one that has the focus.
 * @param {Document} page
 * @param {1 | -1} way
 */
function walk(page, way) {
  const lines = [...page.querySelectorAll(".row-link, .has-link .person > a")];
  const here = lines.findIndex((line) => line === page.activeElement);
  const next = here < 0 ? (way > 0 ? 0 : lines.length - 1) : here + way;
  const line = lines[Math.min(Math.max(next, 0), lines.length - 1)];
  if (line instanceof HTMLElement) line.focus();
}

/** @param {EventTarget | null} target */
function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea"));
}

function allowed() {
  return localStorage.getItem(SWITCH) !== "off";
}
