// Saving a table of the page as CSV or JSON. The texts are those that the page shows; exact values stand in titles.

import { csv, download } from "../core/csv.js";
import { button } from "../core/dom.js";

/**
 * Links that save a table as it stands.
 * @param {string} name of the file, without its ending
 * @param {() => HTMLTableElement | null} find
 */
export function saveTable(name, find) {
  return ["CSV", "JSON"].map((kind) => button(kind, () => {
    const table = find();
    if (table) download(`${name}.${kind.toLowerCase()}`, kind === "CSV" ? csv(rows(table)) : json(rows(table)));
  }, { class: "quiet", title: `Save this table as ${kind}` }));
}

/** @param {string[][]} table the header first */
export function json([header, ...others]) {
  const entries = others.map((row) => new Map(header.map((name, i) => [name, row[i]])));
  return `${JSON.stringify(entries.map((row) => Object.fromEntries(row)), null, 1)}\n`;
}

/** @param {HTMLTableElement} table */
function rows(table) {
  const text = (/** @type {Element} */ cell) => (cell.getAttribute("data-value") ?? cell.textContent ?? "").replace(/\s+/g, " ").trim();
  const all = [...table.querySelectorAll("thead tr, tbody tr")].map((row) => [...row.children]);
  const named = all[0].map((cell, i) => i > 0 || text(cell) !== "tick");
  return all.map((row) => row.filter((_, i) => named[i]).map(text));
}
