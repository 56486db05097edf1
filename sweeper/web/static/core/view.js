// What all parts of the Sweep page share: the trials, the goal, one selection, and who wants to know when they change.

import { ranked } from "./columns.js";
import { parse, format } from "./filter.js";
import { apply, size } from "./selection.js";
import * as url from "./url.js";

/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {import("./filter.js").Condition} Condition */
/** @typedef {"columns" | "selection" | "hover" | "goal" | "order" | "ticked" | "theme" | "sweep"} What */

const MOST_TICKED = 1000; // that an address may name

export class View {
  /**
   * @param {any} sweep as GET sweeps/{ref} gives it
   * @param {Columns} columns
   * @param {import("./source.js").Source} source
   */
  constructor(sweep, columns, source) {
    this.sweep = sweep;
    this.columns = columns;
    this.source = source;
    this.goal = Math.max(0, sweep.goals.findIndex((/** @type {any} */ goal) => goal.name === url.get("m")));
    this.conditions = parse(url.get("f"));
    this.mask = apply(columns, this.conditions);
    this.selected = size(this.mask);
    /** Row under the pointer. @type {number | null} */
    this.hovered = null;
    /** Numbers of trials ticked one by one. @type {Set<number>} */
    this.ticked = new Set(url.get("t").split(",").filter((text) => /^\d{1,9}$/.test(text)).slice(0, MOST_TICKED).map(Number));
    /** Names of searched parameters, the most important first. @type {string[]} */
    this.order = columns.params.filter((each) => !each.constant).map((each) => each.name);
    /** Rows with a value of the goal, the best first. @type {Uint32Array} */
    this.ranking = ranked(columns, this.goal, this.maximize);
    /** @type {Map<What, Set<() => void>>} */
    this.listeners = new Map();
    /** Look again at what changed. @type {() => void | Promise<void>} */
    this.refresh = () => {};
  }

  get maximize() {
    return this.sweep.goals[this.goal]?.goal === "maximize";
  }

  /** The column of the goal. */
  get value() {
    return this.columns.goals[this.goal] ?? null;
  }

  /** Parameters that were searched, the most important first. */
  get params() {
    const place = (/** @type {{name: string}} */ each) => (this.order.indexOf(each.name) + 1) || Infinity;
    return this.columns.params.filter((each) => !each.constant).sort((a, b) => place(a) - place(b));
  }

  /** Whether all trials are selected. */
  get whole() {
    return this.conditions.length === 0;
  }

  /**
   * @param {What} what
   * @param {() => void} listener
   */
  on(what, listener) {
    const known = this.listeners.get(what) ?? new Set();
    this.listeners.set(what, known.add(listener));
  }

  /** @param {...What} whats */
  tell(...whats) {
    for (const what of whats) this.listeners.get(what)?.forEach((listener) => listener());
  }

  /**
   * Select by these conditions. `keep` writes them into the address; leave it out while a brush is dragged.
   * @param {Condition[]} conditions
   * @param {boolean} [keep]
   */
  select(conditions, keep = true) {
    this.conditions = conditions;
    this.mask = apply(this.columns, conditions, this.mask);
    this.selected = size(this.mask);
    if (keep) url.write({ f: format(conditions) });
    this.tell("selection");
  }

  /**
   * Replace the condition on one column; null takes it away.
   * @param {string} name
   * @param {Condition | null} condition
   * @param {boolean} [keep]
   */
  restrict(name, condition, keep = true) {
    const others = this.conditions.filter((each) => each.name !== name);
    this.select(condition ? [...others, condition] : others, keep);
  }

  /** @param {number | null} row */
  hover(row) {
    if (row === this.hovered) return;
    this.hovered = row;
    this.tell("hover");
  }

  /** @param {number} number of a trial */
  tick(number) {
    if (!this.ticked.delete(number)) this.ticked.add(number);
    url.write({ t: [...this.ticked].join(",") });
    this.tell("ticked");
  }

  /** @param {number} goal */
  judge(goal) {
    this.goal = goal;
    this.ranking = ranked(this.columns, goal, this.maximize);
    url.write({ m: goal ? this.sweep.goals[goal].name : null });
    this.tell("goal");
  }

  /** @param {string[]} names the most important first */
  arrange(names) {
    if (names.join("\n") === this.order.join("\n")) return;
    this.order = names;
    this.tell("order");
  }

  /**
   * The trials have changed.
   * @param {Columns} columns
   */
  take(columns) {
    this.columns = columns;
    this.mask = apply(columns, this.conditions, this.mask);
    this.selected = size(this.mask);
    this.ranking = ranked(columns, this.goal, this.maximize);
    this.tell("columns", "selection");
  }

  /** The selected rows. */
  rows() {
    return Uint32Array.from(this.mask.keys()).filter((row) => this.mask[row]);
  }
}
