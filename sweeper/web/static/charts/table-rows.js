// The part of a long table that is in sight: rows come and go as the reader scrolls, and keep their element while they stay.

import { h } from "../core/dom.js";
import { exact } from "../core/format.js";
import { place } from "./panel.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("./table-fields.js").Field} Field */

export const ROW = 28; // pixels
const MORE = 6; // rows drawn beyond what is in sight

export class Rows {
  /**
   * @param {View} view
   * @param {HTMLElement} scroller
   */
  constructor(view, scroller) {
    this.view = view;
    this.scroller = scroller;
    /** Rows of trials in the order of the table. @type {Uint32Array} */
    this.rows = new Uint32Array();
    /** @type {Field[]} */
    this.fields = [];
    /** Place in `rows` that the keys are at. */
    this.active = -1;
    /** @type {Map<number, HTMLTableRowElement>} */
    this.made = new Map();
    this.above = h("tr", { "aria-hidden": "true", class: "gap" }, h("td"));
    this.below = h("tr", { "aria-hidden": "true", class: "gap" }, h("td"));
    this.body = h("tbody", null, this.above, this.below);
  }

  /**
   * Show other rows or columns.
   * @param {Uint32Array} rows
   * @param {Field[]} fields
   * @param {boolean} same the cells of a row are what they were
   */
  set(rows, fields, same) {
    this.rows = rows;
    this.fields = fields;
    if (!same) this.made.clear();
    this.draw();
  }

  /** The place of the first row in sight. */
  get first() {
    return Math.max(0, Math.min(this.rows.length - 1, Math.floor(this.scroller.scrollTop / ROW)));
  }

  /** Rows that fit. */
  get page() {
    return Math.max(1, Math.floor((this.scroller.clientHeight || 12 * ROW) / ROW) - 1);
  }

  draw() {
    const from = Math.max(0, this.first - MORE), to = Math.min(this.rows.length, this.first + this.page + 2 + MORE);
    const kept = new Map();
    /** @type {HTMLTableRowElement[]} */
    const elements = [];
    for (let at = from; at < to; at++) {
      const row = this.rows[at], element = this.made.get(row) ?? this.make(row);
      element.setAttribute("aria-rowindex", String(at + 2));
      this.mark(element, row, at);
      kept.set(row, element);
      elements.push(element);
    }
    this.made = kept;
    size(this.above, from * ROW);
    size(this.below, (this.rows.length - to) * ROW);
    const now = [...this.body.children].slice(1, -1);
    if (now.length !== elements.length || now.some((each, i) => each !== elements[i])) this.body.replaceChildren(this.above, ...elements, this.below);
  }

  /** What changes without other cells: hover, ticks, the active row. */
  refresh() {
    for (const [row, element] of this.made) this.mark(element, row, Number(element.getAttribute("aria-rowindex")) - 2);
  }

  /**
   * @param {HTMLTableRowElement} element
   * @param {number} row
   * @param {number} at
   */
  mark(element, row, at) {
    const { view } = this, ticked = view.ticked.has(view.columns.number[row]);
    element.classList.toggle("hovered", view.hovered === row);
    element.classList.toggle("active", this.active === at);
    element.classList.toggle("inside", !view.whole && view.mask[row] === 1);
    element.setAttribute("aria-selected", String(ticked));
    /** @type {HTMLInputElement} */ (element.querySelector("input")).checked = ticked;
  }

  /**
   * @param {number} row
   * @returns {HTMLTableRowElement}
   */
  make(row) {
    const { view, fields } = this, { columns } = view, number = columns.number[row], address = place(view, row), best = view.ranking[0] === row;
    const box = h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Tick trial ${number}`, on: { change: () => view.tick(number) } });
    return h(
      "tr", { id: `trial-row-${row}`, class: best ? "first" : null, data: { number: exact(number) }, on: { mouseenter: () => view.hover(row), mouseleave: () => view.hover(null) } },
      h("td", { class: "stuck tick" }, box),
      fields.map((field) => {
        const text = field.text(row), full = field.full(row), title = full !== text || text.length > 24 ? full : null;
        if (field.role === "number") return h("td", { class: "stuck id num" }, address ? h("a", { href: address, tabindex: "-1" }, text) : text);
        if (field.role === "state") return h("td", null, h("span", { class: "state", data: { state: text } }, text));
        return h("td", { class: `${field.numeric ? "num" : ""} ${field.role === "goal" ? "goal" : ""}`, title }, text);
      }),
    );
  }

  /**
   * Go to a place with the keys, and bring it into sight.
   * @param {number} at
   * @param {number} head pixels that the header covers
   */
  go(at, head) {
    if (!this.rows.length) return;
    this.active = Math.max(0, Math.min(this.rows.length - 1, at));
    const top = this.active * ROW, { scroller } = this, room = scroller.clientHeight - head;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW > scroller.scrollTop + room) scroller.scrollTop = top + ROW - room;
    this.draw();
    this.view.hover(this.rows[this.active]);
  }
}

/**
 * @param {HTMLElement} gap
 * @param {number} height
 */
function size(gap, height) {
  gap.hidden = height === 0;
  gap.style.setProperty("height", `${height}px`);
}
