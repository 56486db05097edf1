// Trials as comma-separated values, made in the browser where no server can be asked.

import { cell } from "../core/columns.js";
import { textCell } from "../core/csv.js";
import { exact } from "../core/format.js";

/** @typedef {import("../core/columns.js").Columns} Columns */

/**
 * @param {Columns} columns
 * @param {Uint8Array} mask rows to write
 */
export function csv(columns, mask) {
  const kept = [...columns.params, ...columns.goals, ...columns.metrics];
  const lines = [["number", "state", ...kept.map((each) => each.name), "seconds", "cost"].map(textCell).join(",")];
  for (let row = 0; row < columns.n; row++) {
    if (!mask[row]) continue;
    const cells = [columns.number[row], columns.states[columns.state[row]], ...kept.map((each) => cell(each, row)), columns.seconds[row], columns.cost[row]];
    lines.push(cells.map((each) => (typeof each === "string" ? textCell(each) : exact(each))).join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}
