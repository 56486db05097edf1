// Files of a run. What they hold is shown as text or as an image, never run.

import { address, get } from "../core/api.js";
import { button, h, replace } from "../core/dom.js";
import { bytes } from "../core/format.js";

const MOST_ROWS = 200, MOST_COLUMNS = 100, MOST_TEXT = 200_000;

/** @param {string} run */
export function files(run) {
  const list = h("ul", { class: "files" }), shown = h("div", { class: "preview", "aria-live": "polite" });
  const made = h("section", { class: "panel" }, h("header", null, h("h2", null, "Files")), list, shown);
  void fill(list, run, "", shown).then((n) => { made.dataset.files = String(n); });
  return made;
}

/**
 * @param {HTMLElement} list
 * @param {string} run
 * @param {string} path
 * @param {HTMLElement} shown
 */
async function fill(list, run, path, shown) {
  const found = await get(`trials/${encodeURIComponent(run)}/artifacts`, { path });
  replace(list, found.map((/** @type {any} */ each) => item(each, run, shown)));
  return found.length;
}

/**
 * @param {any} each
 * @param {string} run
 * @param {HTMLElement} shown
 */
function item(each, run, shown) {
  const name = each.path.split("/").pop();
  if (each.dir) {
    const inner = h("ul", { class: "files" });
    const details = h("details", null, h("summary", null, `${name}/`), inner);
    details.addEventListener("toggle", () => { if (details.open && !inner.childElementCount) void fill(inner, run, each.path, shown); });
    return h("li", null, details);
  }
  const at = `trials/${encodeURIComponent(run)}/artifact`;
  return h("li", null, each.preview === "none" ? name : button(name, () => preview(each, at, shown), { class: "quiet" }),
    h("span", { class: "muted" }, ` ${bytes(each.size)} `), h("a", { href: address(at, { path: each.path }), download: name, "aria-label": `Download ${name}` }, "download"));
}

/**
 * @param {any} each
 * @param {string} at
 * @param {HTMLElement} shown
 */
async function preview(each, at, shown) {
  const source = address(at, { path: each.path, inline: 1 });
  if (each.preview === "image") return replace(shown, h("img", { src: source, alt: each.path, on: { error: () => replace(shown, h("p", { class: "note" }, "It cannot be shown here: no image, or one of too many pixels.")) } }));
  replace(shown, h("p", { class: "muted" }, "Loading …"));
  const response = await fetch(source, { credentials: "same-origin" });
  const text = response.ok ? await response.text() : `It cannot be read: ${response.status}`;
  if (each.preview === "table") return replace(shown, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": each.path }, rows(text, each.path.endsWith(".tsv") ? "\t" : ",")));
  const cut = text.length > MOST_TEXT;
  replace(shown, cut ? h("p", { class: "note" }, `The first ${bytes(MOST_TEXT)} of ${bytes(text.length)}.`) : null, h("pre", { class: "file", tabindex: "0", "aria-label": each.path }, text.slice(0, MOST_TEXT)));
}

/**
 * @param {string} text
 * @param {string} separator
 */
function rows(text, separator) {
  const [header = [], ...others] = parseTable(text, separator, MOST_ROWS + 1);
  return h("table", null, h("caption", null, others.length >= MOST_ROWS ? `The first ${MOST_ROWS} rows` : ""), h("thead", null, h("tr", null, header.map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", null, others.map((row) => h("tr", null, row.map((cell) => h("td", null, cell))))));
}

/**
 * Cells of a CSV text (RFC 4180), at most so many rows; a hostile file may have millions of columns.
 * @param {string} text
 * @param {string} separator
 * @param {number} most
 * @param {number} [columns]
 */
export function parseTable(text, separator, most, columns = MOST_COLUMNS) {
  /** @type {string[][]} */
  const found = [];
  /** @type {string[]} */
  let row = [];
  let cell = "", quoted = false;
  const keep = (/** @type {string} */ made) => { if (row.length < columns) row.push(made); };
  for (let i = 0; i < text.length && found.length < most; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[++i];
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === separator) {
      keep(cell);
      cell = "";
    } else if (c === "\n") {
      keep(cell.replace(/\r$/, ""));
      found.push(row);
      [row, cell] = [[], ""];
    } else cell += c;
  }
  if ((cell || row.length) && found.length < most) {
    keep(cell);
    found.push(row);
  }
  return found;
}
