// The start of a report: the Sweep page over the facts in the same file.

import { said } from "../core/api.js";
import { replace, h } from "../core/dom.js";
import * as keys from "../core/keys.js";
import { embedded } from "../core/source.js";
import { chooser, restore } from "../core/theme.js";
import { draw } from "./sweep.js";

export async function start() {
  restore();
  document.querySelector("body > header")?.append(chooser());
  keys.listen();
  const page = /** @type {HTMLElement} */ (document.querySelector("#page"));
  const before = [...page.children];
  try {
    await draw(page, embedded());
  } catch (error) {
    replace(page, h("p", { class: "note bad", role: "alert" }, `The page cannot be drawn: ${said(error)}. What follows needs no script.`), ...before);
  }
  document.documentElement.dataset.ready = "true";
}
