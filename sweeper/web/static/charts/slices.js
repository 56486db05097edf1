// Slices: the goal over each searched parameter, one small picture a parameter.

import { panel } from "./panel.js";

/** @param {import("../core/view.js").View} view */
export function slices(view) {
  void view;
  return panel("slices", "Slices", null);
}
