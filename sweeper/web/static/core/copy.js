// Every click has its command: buttons that put a text into the clipboard.

import { button, h } from "./dom.js";
import { shell } from "./format.js";

/**
 * @param {string} label
 * @param {string | (() => string)} text
 */
export function copyButton(label, text) {
  const made = button(label, async () => {
    const words = whole(typeof text === "string" ? text : text());
    const done = await put(words);
    made.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { made.textContent = label; }, 1500);
  }, { class: "quiet" });
  return made;
}

/**
 * A command to type, with a button that copies it.
 * @param {string} text
 * @param {string} [label] what it does
 */
export function command(text, label = "") {
  return h("span", { class: "command" }, label ? h("span", { class: "label muted" }, label) : null, h("code", null, whole(text)), copyButton("Copy", text));
}

/**
 * A command of ours with the store that the page shows: it is typed in any folder.
 * @param {string} text
 */
export function whole(text) {
  const { store } = document.documentElement.dataset;
  return store && /^sweeper \S/.test(text) && !text.includes("\n") && !text.includes(" --store ") ? `${text} --store ${shell(store)}` : text;
}

/** @param {string} text */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "offscreen", "aria-hidden": "true" }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
