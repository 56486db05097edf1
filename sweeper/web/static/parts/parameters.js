// Parameters with their values, each with its place in the range that was searched.

import { h } from "../core/dom.js";
import { exact, value } from "../core/format.js";

/**
 * @typedef {object} Assigned
 * @property {string} name
 * @property {any} value
 * @property {number | null} [place] 0 to 1 in the declared range, on its scale
 * @property {string} [range]
 * @property {any} [best]
 * @property {boolean} [differs]
 */

/**
 * @param {Assigned[]} params
 * @param {string} caption
 */
export function parameterTable(params, caption) {
  const compared = params.some((each) => each.differs !== undefined && each.best !== undefined);
  const ranged = params.some((each) => each.range || (each.place ?? null) !== null);
  return h(
    "table", { class: "params" }, h("caption", { class: "sr" }, caption),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, "parameter"), h("th", { class: "num", scope: "col" }, "value"),
      ranged ? h("th", { scope: "col" }, "in its range") : null, compared ? h("th", { scope: "col" }, "best trial") : null)),
    h("tbody", null, params.map((each) => h(
      "tr", null, h("th", { scope: "row" }, each.name),
      h("td", { class: "num mono", title: typeof each.value === "number" ? exact(each.value) : null }, value(each.value)),
      ranged ? h("td", null, rangeMark(each.place ?? null, each.range ?? "")) : null,
      compared ? h("td", { class: each.differs ? "mono warn" : "mono muted" }, each.differs ? value(each.best) : "same") : null,
    ))),
  );
}

/**
 * A line with a mark on it, and the range in words.
 * @param {number | null} place
 * @param {string} text
 */
function rangeMark(place, text) {
  if (place === null || Number.isNaN(place)) return h("span", { class: "muted" }, text);
  const edge = place <= 0.02 ? ", at the lower edge" : place >= 0.98 ? ", at the upper edge" : "";
  return h("span", { class: "range", title: text + edge },
    h("span", { class: "track", role: "img", "aria-label": `${Math.round(place * 100)} % of the way through ${text}${edge}` },
      h("i", { style: { "--at": String(Math.max(0, Math.min(1, place))) }, class: edge ? "edge" : null })),
    h("span", { class: "muted" }, text));
}
