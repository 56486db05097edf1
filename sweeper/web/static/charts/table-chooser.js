// Which columns a table shows: a folded list of boxes.

import { button, h, replace } from "../core/dom.js";
import { count } from "../core/format.js";

/** @typedef {import("./table-fields.js").Field} Field */

export class Chooser {
  /** @param {(key: string | null, on: boolean) => void} choose null: as at first */
  constructor(choose) {
    this.choose = choose;
    this.summary = h("summary", { class: "button" });
    this.boxes = h("div", { class: "boxes" });
    this.root = h("details", { class: "chooser" }, this.summary, this.boxes);
    /** @type {Map<string, HTMLInputElement>} */
    this.made = new Map();
    addEventListener("pointerdown", (event) => {
      if (!this.root.contains(/** @type {Node} */ (event.target))) this.root.open = false;
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.root.open) return;
      this.root.open = false;
      this.summary.focus();
    });
  }

  /**
   * @param {Field[]} fields
   * @param {Set<string>} shown
   * @param {number} constants
   */
  update(fields, shown, constants) {
    const keys = fields.filter(({ role }) => role !== "number").map(({ key }) => key);
    if (keys.join("\n") !== [...this.made.keys()].join("\n")) this.make(fields, keys, constants);
    for (const [key, box] of this.made) box.checked = shown.has(key);
    this.summary.textContent = `Columns ${shown.size}/${fields.length}`;
  }

  /**
   * @param {Field[]} fields
   * @param {string[]} keys
   * @param {number} constants
   */
  make(fields, keys, constants) {
    this.made = new Map(keys.map((key) => [key, h("input", { type: "checkbox", on: { change: () => this.choose(key, this.made.get(key)?.checked ?? false) } })]));
    replace(
      this.boxes,
      constants ? h("p", { class: "muted" }, `${count(constants, "parameter")} never varied and ${constants === 1 ? "is" : "are"} not shown at first.`) : null,
      fields.filter(({ key }) => this.made.has(key)).map(({ key, label }) => h("label", null, this.made.get(key), " ", label)),
      button("As at first", () => this.choose(null, true), { class: "quiet" }),
    );
  }
}
