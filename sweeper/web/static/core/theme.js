// Light, dark, or as the system has it.

import { button } from "./dom.js";
import { forgetColors } from "./canvas.js";

const NAMES = ["auto", "light", "dark"];
const KEY = "sweeper-theme";

/** @type {Set<() => void>} */
const listeners = new Set();

/** Set the theme that the reader chose before. */
export function restore() {
  set(kept());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", told);
}

/**
 * Call when colours change.
 * @param {() => void} listener
 */
export function onTheme(listener) {
  listeners.add(listener);
}

/** A button that goes from one theme to the next. */
export function chooser() {
  const made = button(`Theme: ${kept()}`, () => {
    const next = NAMES[(NAMES.indexOf(kept()) + 1) % NAMES.length];
    try {
      localStorage.setItem(KEY, next);
    } catch { /* a report on disk may not keep anything */ }
    set(next);
    made.textContent = `Theme: ${next}`;
  }, { class: "quiet", title: "Light, dark, or as the system has it" });
  return made;
}

function kept() {
  try {
    return localStorage.getItem(KEY) ?? document.documentElement.dataset.theme ?? "auto";
  } catch {
    return document.documentElement.dataset.theme ?? "auto";
  }
}

/** @param {string} name */
function set(name) {
  document.documentElement.dataset.theme = NAMES.includes(name) ? name : "auto";
  told();
}

function told() {
  forgetColors();
  listeners.forEach((listener) => listener());
}
