// Choosing sweeps: chips for those chosen, a field that finds more by name.

import { get } from "../core/api.js";
import { button, h, replace } from "../core/dom.js";
import { tail } from "../core/format.js";

/**
 * @param {string[]} refs
 * @param {number} most
 * @param {(refs: string[]) => void} changed
 */
export function pickSweeps(refs, most, changed) {
  const list = h("datalist", { id: "sweeps" });
  const input = h("input", { list: "sweeps", placeholder: "Add a sweep by name or id", "aria-label": "Add a sweep", size: "28", autocomplete: "off", spellcheck: "false" });
  const names = /** @type {Map<string, string>} */ (new Map());
  const chips = h("span", { class: "row" });
  const draw = () => replace(chips, refs.map((ref) => h("span", { class: "chip" }, names.get(ref) ?? ref,
    button("×", () => changed(refs.filter((each) => each !== ref)), { "aria-label": `Leave out ${names.get(ref) ?? ref}` }))));
  const load = async (/** @type {string} */ q) => {
    const found = await get("sweeps", { q, limit: 50 });
    for (const sweep of found.sweeps) names.set(tail(sweep.id), sweep.name);
    replace(list, found.sweeps.map((/** @type {any} */ sweep) => h("option", { value: tail(sweep.id) }, `${sweep.name}, ${sweep.state}`)));
    draw();
  };
  let timer = 0;
  input.addEventListener("input", () => {
    const text = input.value.trim();
    if (names.has(text) && !refs.includes(text)) return changed([...refs, text]);
    clearTimeout(timer);
    timer = setTimeout(() => load(text), 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) changed([...refs, input.value.trim()]);
  });
  input.disabled = refs.length >= most;
  draw();
  void load("");
  return h("div", { class: "row" }, chips, input, list);
}
