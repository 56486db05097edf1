// All trials as a table that stays fast: sorted without comparing, drawn where the reader looks, driven by keys too.

import { copyButton } from "../core/copy.js";
import { download } from "../core/csv.js";
import { button, h, replace } from "../core/dom.js";
import { count, grouped } from "../core/format.js";
import { factName } from "../core/selection.js";
import * as url from "../core/url.js";
import { order } from "./order.js";
import { open, panel, segments, soon } from "./panel.js";
import { Chooser } from "./table-chooser.js";
import { commandOf, fileOf, sortText } from "./table-command.js";
import { fieldsOf, shownAtFirst, trialsCsv, widthOf } from "./table-fields.js";
import { ROW, Rows } from "./table-rows.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("./table-fields.js").Field} Field */
/** @typedef {import("./table-command.js").Sort} Sort */
/** @typedef {"selected" | "all" | "ticked"} Which */

const TALL = 15; // rows in sight
const TICK = 34; // pixels of the column of boxes
const KINDS = [["csv", "CSV"], ["json", "JSON"], ["parquet", "Parquet"]];

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function trialsTable(view) {
  return new Table(view).root;
}

class Table {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {Field[]} */
    this.fields = fieldsOf(view);
    /** @type {Which} */
    this.which = "selected";
    /** @type {Sort} */
    this.sort = this.sortFrom(url.get("sort"));
    /** @type {Set<string> | null} as chosen; null: what is shown at first */
    this.chosen = keysFrom(url.get("cols"));
    /** @type {Uint32Array} */
    this.sorted = new Uint32Array();
    /** Widths by key, and how many trials there were when they were measured. */
    this.measured = { n: 0, /** @type {Map<string, number>} */ widths: new Map() };
    /** The rows that stand have the cells that they should have. */
    this.same = false;
    /** What the heads were drawn for. */
    this.looks = "";
    this.scroller = h("div", { class: "trials", role: "region", "aria-label": "Table of trials" });
    this.rows = new Rows(view, this.scroller);
    this.head = h("thead");
    this.cols = h("colgroup");
    this.table = h(
      "table", { role: "grid", tabindex: "0", "aria-label": "Trials: arrow keys go along, x ticks, Enter opens", "aria-multiselectable": "true", on: { keydown: (/** @type {KeyboardEvent} */ event) => this.key(event) } },
      this.cols, this.head, this.rows.body,
    );
    this.scroller.append(this.table);
    this.words = h("span", { class: "muted", role: "status" });
    this.draft = button("Draft from ticked", () => {
      this.root.dispatchEvent(new CustomEvent("draft", { bubbles: true, detail: { numbers: [...view.ticked] } }));
    }, { hidden: true, title: "The next sweep with the ranges of the ticked trials: as text, nothing is started" });
    this.chooser = new Chooser((key, on) => this.choose(key, on));
    /** @type {Map<"csv" | "json" | "parquet", HTMLAnchorElement>} */
    this.links = new Map(view.source.live ? /** @type {[("csv" | "json" | "parquet"), string][]} */ (KINDS).map(([kind, text]) => [kind, h("a", { download: "" }, text)]) : []);
    this.root = panel(
      "trials-panel", "Trials", [segments("Which trials", /** @type {Which[]} */ (["selected", "all", "ticked"]), this.which, (which) => this.show(which)), this.chooser.root, this.files()],
      h("p", null, this.words), this.scroller,
    );
    this.listen();
    this.resort();
  }

  files() {
    const made = this.links.size ? [...this.links.values()] : button("CSV", () => this.save(), { class: "quiet" });
    return [made, copyButton("Copy command", () => commandOf(this.view, this.sort, this.conditions)), this.draft];
  }

  listen() {
    const { view } = this;
    let conditions = view.conditions;
    const refilter = soon(view, () => {
      if (conditions === view.conditions) return; // trials came in: that is told by "columns"
      ({ conditions } = view);
      this.refilter(true);
    });
    this.scroller.addEventListener("scroll", () => this.scrolled());
    this.table.addEventListener("blur", () => view.hover(null));
    this.scroller.addEventListener("click", (event) => this.click(event));
    view.on("selection", refilter);
    view.on("columns", soon(view, () => this.renew()));
    view.on("order", () => this.renew());
    view.on("goal", () => {
      if (!url.get("sort")) this.sort = this.sortFrom("");
      this.resort();
    });
    view.on("hover", () => this.rows.refresh());
    view.on("ticked", () => this.ticked());
    url.onMove(() => {
      this.sort = this.sortFrom(url.get("sort"));
      this.chosen = keysFrom(url.get("cols"));
      this.resort();
    });
  }

  /**
   * The sort that an address names; by the goal, the best first, when it names none.
   * @param {string} text
   * @returns {Sort}
   */
  sortFrom(text) {
    const key = text.replace(/^-/, "");
    if (this.fields.some((field) => field.key === key)) return { key, descending: text.startsWith("-") };
    return { key: this.view.value?.name ?? "number", descending: this.view.maximize && this.view.value !== null };
  }

  get shown() {
    const keys = this.chosen ?? shownAtFirst(this.view, this.fields);
    return this.fields.filter(({ key, role }) => role === "number" || keys.has(key));
  }

  /** Trials or the order of columns have changed: what is in sight stays where it is. */
  renew() {
    const { rows, scroller } = this, kept = scroller.scrollTop > 0 ? rows.rows[rows.first] : -1, offset = scroller.scrollTop % ROW;
    const active = rows.active >= 0 ? rows.rows[rows.active] : -1;
    this.fields = fieldsOf(this.view);
    this.sorted = order(this.field().values(), this.sort.descending);
    this.layout();
    this.refilter(false);
    const place = kept < 0 ? -1 : rows.rows.indexOf(kept);
    if (place >= 0) scroller.scrollTop = place * ROW + offset;
    rows.active = active < 0 ? -1 : rows.rows.indexOf(active);
    this.scrolled();
  }

  field() {
    return this.fields.find(({ key }) => key === this.sort.key) ?? this.fields[0];
  }

  resort() {
    this.sorted = order(this.field().values(), this.sort.descending);
    this.layout();
    this.refilter(true);
  }

  /** @param {boolean} top back to the first row */
  refilter(top) {
    const { view, which, sorted, rows } = this;
    if (sorted.length !== view.columns.n) return; // changed trials are about to be sorted
    const { number } = view.columns;
    const kept = which === "all" || (which === "selected" && view.whole) ? sorted
      : which === "ticked" ? sorted.filter((row) => view.ticked.has(number[row])) : sorted.filter((row) => view.mask[row]);
    this.table.setAttribute("aria-rowcount", String(kept.length + 1));
    this.scroller.style.setProperty("--rows", String(Math.min(TALL, Math.max(1, kept.length)) + 1));
    if (top) {
      this.scroller.scrollTop = 0;
      rows.active = -1;
      this.table.removeAttribute("aria-activedescendant");
    }
    this.root.classList.toggle("narrowed", kept !== sorted && which === "selected");
    rows.set(kept, this.shown, this.same);
    this.same = true;
    this.tell();
  }

  /** Columns and their heads. */
  layout() {
    this.same = false;
    const { shown, sort } = this, wide = shown.map((field) => this.widthOf(field));
    this.chooser.update(this.fields, new Set(shown.map(({ key }) => key)), this.constants);
    const looks = JSON.stringify([shown.map(({ key }) => key), wide, sort]);
    if (looks === this.looks) return;
    this.looks = looks;
    replace(this.cols, h("col", { style: { width: `${TICK}px` } }), wide.map((width) => h("col", { style: { width: `${width}px` } })));
    this.table.style.setProperty("width", `${wide.reduce((sum, width) => sum + width, TICK)}px`);
    this.table.setAttribute("aria-colcount", String(shown.length + 1));
    replace(this.head, h("tr", { "aria-rowindex": "1" }, h("th", { class: "stuck tick", scope: "col" }, h("span", { class: "sr" }, "Ticked")), shown.map((field) => {
      const way = sort.key !== field.key ? "none" : sort.descending ? "descending" : "ascending";
      return h(
        "th", { scope: "col", class: `${field.numeric ? "num" : ""} ${field.role === "number" ? "stuck id" : ""}`, "aria-sort": way, title: field.label },
        button(field.label, () => this.by(field), { class: "quiet", data: { key: field.key } }),
      );
    })));
  }

  /**
   * Widths stay while trials come in, until there are far more of them.
   * @param {Field} field
   */
  widthOf(field) {
    const { measured, view } = this;
    if (view.columns.n > 2 * measured.n) Object.assign(measured, { n: view.columns.n, widths: new Map() });
    const width = measured.widths.get(field.key) ?? widthOf(field, this.sorted);
    measured.widths.set(field.key, width);
    return width;
  }

  /** @param {Field} field */
  by(field) {
    const { key, descending } = this.sort, goal = this.view.sweep.goals.find((/** @type {any} */ each) => each.name === field.key);
    this.sort = { key: field.key, descending: key === field.key ? !descending : goal?.goal === "maximize" };
    url.write({ sort: sortText(this.sort) || "number" });
    this.resort();
    /** @type {HTMLElement | null} */ (this.head.querySelector("[aria-sort]:not([aria-sort=none]) button"))?.focus();
  }

  /** A trial was ticked, or no longer is. */
  ticked() {
    if (this.which === "ticked") return this.refilter(true);
    this.rows.refresh();
    return this.tell();
  }

  /** @param {Which} which */
  show(which) {
    this.which = which;
    this.refilter(true);
  }

  /** The numbers around the table. */
  tell() {
    const { view, rows, root } = this, { length } = rows.rows, { n } = view.columns;
    root.dataset.rows = String(length);
    root.dataset.sort = sortText(this.sort);
    this.scrolled();
    this.words.textContent = length === n ? count(n, "trial") : `${grouped(length)} of ${count(n, "trial")}`;
    if (length === 0) this.words.textContent += this.which === "ticked" ? ": tick some with the boxes or the key x." : n ? ": nothing is selected." : "";
    if (this.constants) this.words.textContent += ` · ${count(this.constants, "parameter")} never varied`;
    this.links.forEach((each, kind) => { each.href = fileOf(view, kind, this.sort, this.conditions); });
    this.draft.hidden = !view.source.live || view.ticked.size === 0;
  }

  /** What the trials in the table have in common. @returns {import("../core/filter.js").Condition[]} */
  get conditions() {
    const { view, which } = this;
    if (which === "ticked") return [{ name: factName(view.columns, "number"), levels: [...view.ticked].map(String) }];
    return which === "all" ? [] : view.conditions;
  }

  get constants() {
    return this.view.columns.params.filter((each) => each.constant).length;
  }

  scrolled() {
    this.rows.draw();
    const row = this.rows.rows[this.rows.first];
    this.root.dataset.first = row === undefined ? "" : String(this.view.columns.number[row]);
  }

  /**
   * @param {string | null} key
   * @param {boolean} on
   */
  choose(key, on) {
    if (key === null) this.chosen = null;
    else {
      this.chosen ??= shownAtFirst(this.view, this.fields);
      if (on) this.chosen.add(key);
      else this.chosen.delete(key);
    }
    url.write({ cols: this.chosen && [...this.chosen].map(encodeURIComponent).join(",") });
    this.layout();
    this.refilter(false);
  }

  save() {
    download(`${this.view.sweep.name}-trials.csv`, trialsCsv(this.shown, this.rows.rows));
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = /** @type {HTMLElement} */ (event.target), row = target.closest("tbody tr[id]");
    if (!row || target.closest("a, input, button") || String(getSelection())) return;
    if (target.closest(".tick")) this.view.tick(Number(/** @type {HTMLElement} */ (row).dataset.number));
    else open(this.view, Number(row.id.slice("trial-row-".length)), event);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (/** @type {HTMLElement} */ (event.target).closest("thead")) return;
    const { rows, view } = this, { active, page } = rows;
    const to = /** @type {Record<string, number>} */ ({
      ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: rows.rows.length - 1,
    })[event.key];
    const row = rows.rows[active];
    if (to !== undefined) rows.go(to, this.head.offsetHeight);
    else if (event.key === "Enter" && row !== undefined) open(view, row, event);
    else if ((event.key === "x" || event.key === " ") && row !== undefined) view.tick(view.columns.number[row]);
    else return;
    event.preventDefault();
    this.table.setAttribute("aria-activedescendant", `trial-row-${rows.rows[rows.active]}`);
  }
}

/** @param {string} text */
function keysFrom(text) {
  if (!text) return null;
  try {
    return new Set(text.split(",").map(decodeURIComponent));
  } catch {
    return null;
  }
}
