// The pointer over parallel coordinates: the nearest line is told about, a click keeps it.

import { card } from "./card.js";
import { dragging } from "./brushing.js";
import { open } from "./panel.js";
import { nearest } from "./parcoords-pick.js";
import { tip } from "./tip.js";

/** @typedef {import("../core/view.js").View} View */

const NEAR = 7, HEAD = 30;

/**
 * @param {HTMLElement} box with the lines, below the names of the axes
 * @param {HTMLElement} chart where tips are put
 * @param {View} view
 * @param {import("./parcoords-plot.js").Plot} plot
 */
export function pointing(box, chart, view, plot) {
  const shown = tip();
  /** @type {HTMLElement | null} */
  let kept = null;
  chart.append(shown.root);
  const close = () => {
    kept?.remove();
    kept = null;
  };
  view.on("selection", close);
  const rowAt = (/** @type {MouseEvent} */ event) => {
    const { left, top } = box.getBoundingClientRect(), { xs, ys } = plot.lines;
    const x = event.clientX - left + box.scrollLeft, y = event.clientY - top - HEAD;
    const found = plot.front.map((rows) => nearest(xs, ys, rows, x, y, NEAR)).find((each) => each >= 0) ?? -1;
    const row = found < 0 && view.whole ? nearest(xs, ys, view.ranking, x, y, NEAR - 3) : found;
    return { row, x: event.clientX - left, y: event.clientY - top };
  };
  box.addEventListener("pointermove", (event) => {
    if (dragging(view) || event.buttons) return shown.hide();
    const at = /** @type {Element} */ (event.target), { row, x, y } = rowAt(event);
    if (row < 0 || at.closest("button")) {
      shown.hide();
      return view.hover(null);
    }
    view.hover(row);
    return shown.show(view, row, x, y, box.clientWidth);
  });
  box.addEventListener("pointerleave", () => {
    shown.hide();
    view.hover(null);
  });
  box.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("button, .pc-track")) return;
    const { row, x, y } = rowAt(event);
    close();
    if (row < 0) return;
    if (event.ctrlKey || event.metaKey) return void open(view, row, event);
    shown.hide();
    kept = card(view, row, close);
    chart.append(kept);
    kept.style.setProperty("left", `${Math.max(0, Math.min(x + 12, box.clientWidth - kept.offsetWidth))}px`);
    kept.style.setProperty("top", `${Math.max(0, y - 12)}px`);
  });
}
