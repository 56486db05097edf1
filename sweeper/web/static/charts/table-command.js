// The table as a command for the shell and as a link to the server.

import { address } from "../core/api.js";
import { format } from "../core/filter.js";
import { shell, tail } from "../core/format.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/filter.js").Condition} Condition */
/** @typedef {{key: string, descending: boolean}} Sort */

const NOT_THERE = new Set(["cost", "dup", "start"]); // what the command line does not sort or filter by

/**
 * "sweeper trials ID --where ... --sort ..." for the trials that meet some conditions.
 * @param {View} view
 * @param {Sort} sort
 * @param {Condition[]} conditions
 */
export function commandOf(view, sort, conditions) {
  const words = ["sweeper", "trials", tail(view.sweep.id)], condition = where(view, conditions);
  if (condition) words.push("--where", shell(condition));
  const goal = view.sweep.goals.find((/** @type {any} */ each) => each.name === sort.key);
  if (sort.key !== "number" && !NOT_THERE.has(sort.key) && !sort.key.startsWith("trial.")) {
    const turned = goal ? sort.descending !== (goal.goal === "maximize") : sort.descending;
    words.push("--sort", shell((turned ? "-" : "") + sort.key));
  }
  return words.join(" ");
}

/**
 * The conditions in the grammar of --where. A cell that is not set equals nothing, not even itself.
 * @param {View} view
 * @param {Condition[]} conditions
 */
export function where(view, conditions) {
  return conditions.filter(({ name }) => !NOT_THERE.has(name) && !name.startsWith("trial.")).map((condition) => {
    const { name } = condition;
    if ("unset" in condition) return `${name} != ${name}`;
    if ("levels" in condition) {
      const texts = condition.levels.map((level) => literal(view, name, level));
      return texts.length === 1 ? `${name} == ${texts[0]}` : `${name} in [${texts.join(", ")}]`;
    }
    const { low, high } = condition;
    if (low === null) return `${name} <= ${high}`;
    return high === null ? `${name} >= ${low}` : `${low} <= ${name} <= ${high}`;
  }).join(" and ");
}

/**
 * A level as the grammar writes it: a number, true, null, or a quoted text.
 * @param {View} view
 * @param {string} name
 * @param {string} level
 */
function literal(view, name, level) {
  const choices = /** @type {any[]} */ (view.sweep.space?.[name]?.choices ?? []);
  const choice = choices.find((each) => spelled(each) === level);
  const plain = choice === undefined ? name === "number" || (choices.length === 0 && name !== "state" && Number.isFinite(Number(level)) && level.trim() !== "") : typeof choice !== "string";
  if (plain) return level;
  return level.includes("'") ? `"${level}"` : `'${level}'`;
}

/** @param {any} value */
function spelled(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * The address of a file with the trials that meet some conditions.
 * @param {View} view
 * @param {"csv" | "json" | "parquet"} kind
 * @param {Sort} sort
 * @param {Condition[]} conditions
 */
export function fileOf(view, kind, sort, conditions) {
  return address(`sweeps/${encodeURIComponent(view.sweep.id)}/trials.${kind}`, { f: format(conditions), sort: sortText(sort) });
}

/** @param {Sort} sort */
export function sortText({ key, descending }) {
  return key === "number" && !descending ? "" : (descending ? "-" : "") + key;
}
