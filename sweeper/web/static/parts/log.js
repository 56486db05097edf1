// What a run printed: the end of it first, older parts on request, and a jump to the first line that looks like an error.

import { get, said as words } from "../core/api.js";
import { button, h, replace } from "../core/dom.js";
import { bytes } from "../core/format.js";

const PIECE = 65536;
const ESCAPES = /\u001b(\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)|[@-Z\\-_])/g;
const ERROR = /\b(error|exception|traceback|fatal|out of memory|killed)\b/i;

/** @param {any} found */
export function log(found) {
  const at = `trials/${encodeURIComponent(found.run.id)}/log`;
  const pre = h("pre", { class: "file", tabindex: "0", "aria-label": "Log" }), said = h("span", { class: "muted", role: "status" });
  const earlier = button("Earlier", () => load(Math.max(0, start - PIECE), start), { hidden: true });
  const first = button("First error", () => pre.querySelector(".error")?.scrollIntoView({ block: "nearest" }), { hidden: true });
  let start = 0;
  const load = async (/** @type {number} */ from, /** @type {number} */ to) => {
    const piece = await get(at, to < 0 ? { from } : { from, to });
    const { text } = piece;
    start = piece.start;
    earlier.hidden = start === 0;
    said.textContent = piece.size ? bytes(piece.size) : "";
    pre.prepend(...text.replace(ESCAPES, "").split("\n").map((/** @type {string} */ line, /** @type {number} */ i, /** @type {string[]} */ all) => h("span", { class: ERROR.test(line) ? "line error" : "line" }, i < all.length - 1 ? line + "\n" : line)));
    if (!piece.size) replace(pre, piece.running ? "What it prints is kept when it ends." : "Nothing was printed.");
    first.hidden = !pre.querySelector(".error");
    if (to < 0) pre.scrollTop = pre.scrollHeight;
  };
  const made = h("section", { class: "panel log" }, h("header", null, h("h2", null, "Log"), said, h("span", { class: "tools" }, earlier, first)), pre);
  void load(-PIECE, -1).catch((error) => replace(pre, words(error)));
  return made;
}
