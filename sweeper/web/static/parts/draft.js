// The next sweep as a file: drafted here, run on a command line. Nothing is started from a page.

import { said, send } from "../core/api.js";
import { copyButton, command } from "../core/copy.js";
import { h, table } from "../core/dom.js";
import { dialog } from "../core/keys.js";
import { value } from "../core/format.js";

/**
 * Ask for a draft and show it.
 * @param {string} path of the API: sweeps/ID/draft or ranges/draft
 * @param {Record<string, any>} wish
 */
export async function draft(path, wish) {
  const made = dialog("Draft the next sweep", h("p", { role: "status" }, "Looking at the trials …"));
  made.classList.add("drawer");
  try {
    const found = await send(path, wish);
    made.lastElementChild?.remove();
    made.append(...body(found));
    made.dataset.changes = String(found.diff.filter((/** @type {any} */ row) => row.kind !== "kept").length);
  } catch (error) {
    made.lastElementChild?.replaceWith(h("p", { class: "note bad", role: "alert" }, said(error)));
  }
}

/**
 * @param {any} found
 * @returns {HTMLElement[]}
 */
function body(found) {
  const { file } = found;
  const changed = found.diff.filter((/** @type {any} */ row) => row.kind !== "kept");
  const rows = changed.map((/** @type {any} */ row) => [row.param, value(row.before), h("strong", null, value(row.after)), row.reason]);
  const kept = found.diff.length - changed.length;
  return [
    rows.length ? h("div", { class: "wide", tabindex: "0" }, table("", ["parameter", "now", "next", "why"], rows))
      : h("p", null, "The evidence changes no range: the draft searches the same space again."),
    kept && rows.length ? h("p", { class: "muted" }, `${kept} ${kept === 1 ? "parameter stays" : "parameters stay"} as declared.`) : null,
    ...found.warnings.map((/** @type {string} */ text) => h("p", { class: "note" }, text)),
    found.estimate?.text ? h("p", null, "Expected: ", found.estimate.text) : null,
    h("div", { class: "row" },
      copyButton("Copy YAML", found.yaml),
      h("a", { class: "button", href: URL.createObjectURL(new Blob([found.yaml], { type: "text/yaml" })), download: file }, `Save ${file}`)),
    found.command ? command(found.command, "then type") : null,
    h("details", { open: true }, h("summary", null, "The file"), h("pre", { class: "file", tabindex: "0", "aria-label": "The file" }, ...lines(found.unified || found.yaml))),
  ].filter((each) => each !== null);
}

/** @param {string} text a unified diff, or a file */
function lines(text) {
  const diff = /^(---|\+\+\+|@@)/m.test(text);
  return text.split("\n").map((line) => {
    const kind = !diff ? "" : line.startsWith("+") ? "added" : line.startsWith("-") ? "gone" : "";
    return h("span", { class: `line ${kind}` }, line + "\n");
  });
}
