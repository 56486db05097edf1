// Tables as comma-separated values, spelled as in the server's trials.csv, and files that a page makes itself.

import { h } from "./dom.js";

const FORMULA = /^ *[=+\-@\t\r\n|%]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A cell of text. What a spreadsheet would run as a formula gets an apostrophe in front, as in the server's files.
 * @param {string} text
 */
export function textCell(text) {
  return quoted(FORMULA.test(text) ? `'${text}` : text);
}

/**
 * A cell that may hold a number as well as text.
 * @param {string} text
 */
export function anyCell(text) {
  return NUMBER.test(text) ? text : textCell(text);
}

/** @param {string[][]} table the header first */
export function csv(table) {
  return table.map((row) => `${row.map(anyCell).join(",")}\r\n`).join("");
}

/**
 * Save a text as a file.
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** @param {string} text */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
