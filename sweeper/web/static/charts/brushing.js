// The hand on a brush: drawn, moved and resized by drag, cleared by a double click or Escape, moved by the arrows.

import { between, hull, levelAt, nudged } from "./brush.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("../core/filter.js").Condition} Condition */

/**
 * @typedef {object} Hold
 * @property {View} view
 * @property {() => Axis} axis
 * @property {(event: PointerEvent) => number} at place of the pointer along the axis, 0 to 1
 * @property {number} length pixels of the axis
 * @property {() => boolean} flipped
 */

const GRIP = 7; // pixels around an end by which it is taken
const STILL = 3; // pixels that a click may move

/** Views with a brush under the pointer right now. @type {WeakSet<View>} */
const held = new WeakSet();

/**
 * Whether a brush is being dragged: draw what is fast.
 * @param {View} view
 */
export function dragging(view) {
  return held.has(view);
}

/**
 * The condition on a name, as the selection has it.
 * @param {View} view
 * @param {string} name
 */
export function conditionOn(view, name) {
  return view.conditions.find((each) => each.name === name);
}

/**
 * Select the trials without a value of that name, or no longer.
 * @param {View} view
 * @param {string} name
 */
export function toggleUnset(view, name) {
  const condition = conditionOn(view, name);
  view.restrict(name, condition && "unset" in condition ? null : { name, unset: true });
}

/**
 * @param {HTMLElement} element
 * @param {Hold} hold
 */
export function brushable(element, hold) {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    getSelection()?.removeAllRanges();
    begin(element, hold, event);
  });
  element.addEventListener("dragstart", (event) => event.preventDefault()); // of text that was selected before
  element.addEventListener("dblclick", () => hold.view.restrict(hold.axis().name, null));
  element.addEventListener("keydown", (event) => {
    if (key(event, hold)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

/**
 * @param {HTMLElement} element
 * @param {Hold} hold
 * @param {PointerEvent} event
 */
function begin(element, hold, event) {
  const { view } = hold, axis = hold.axis(), before = conditionOn(view, axis.name), first = hold.at(event);
  const reach = hull(axis, before), drag = dragOf(reach, first, GRIP / hold.length);
  let now = first, asked = 0, moved = false;
  const apply = (/** @type {boolean} */ keep) => view.restrict(axis.name, between(axis, ...drag(now)), keep);
  const move = (/** @type {PointerEvent} */ next) => {
    now = hold.at(next);
    moved ||= Math.abs(now - first) * hold.length > STILL;
    if (!moved) return;
    held.add(view);
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      apply(false);
    });
  };
  const end = (/** @type {boolean} */ keep) => {
    cancelAnimationFrame(asked);
    held.delete(view);
    listening.abort();
    if (moved && keep) apply(true);
    else if (moved) view.restrict(axis.name, before ?? null);
  };
  const listening = new AbortController(), { signal } = listening;
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", (last) => {
    end(true);
    if (!moved) tap(hold, axis, last);
  }, { signal });
  element.addEventListener("pointercancel", () => end(false), { signal });
  addEventListener("keydown", (pressed) => {
    if (pressed.key !== "Escape") return;
    pressed.stopPropagation();
    end(false);
  }, { signal, capture: true });
  element.setPointerCapture(event.pointerId);
}

/**
 * What a drag makes of a brush: a new one, one end of it, or all of it goes along.
 * @param {[number, number] | null} reach
 * @param {number} first
 * @param {number} grip
 * @returns {(now: number) => [number, number]}
 */
export function dragOf(reach, first, grip) {
  if (!reach || first < reach[0] - grip || first > reach[1] + grip) return (now) => [first, now];
  const [low, high] = reach, inner = Math.min(grip, (high - low) / 3);
  if (first <= low + inner) return (now) => [now, high];
  if (first >= high - inner) return (now) => [low, now];
  return (now) => {
    const by = Math.max(-low, Math.min(1 - high, now - first));
    return [low + by, high + by];
  };
}

/**
 * A click on a level selects it; with Shift or Ctrl it is added or taken away.
 * @param {Hold} hold
 * @param {Axis} axis
 * @param {PointerEvent} event
 */
function tap(hold, axis, event) {
  if (axis.kind !== "category") return undefined;
  const level = levelAt(axis, hold.at(event)), before = conditionOn(hold.view, axis.name);
  const chosen = before && "levels" in before ? before.levels : [];
  if (!event.shiftKey && !event.ctrlKey && !event.metaKey) {
    return hold.view.restrict(axis.name, chosen.length === 1 && chosen[0] === level ? null : { name: axis.name, levels: [level] });
  }
  const levels = chosen.includes(level) ? chosen.filter((each) => each !== level) : [...chosen, level];
  return hold.view.restrict(axis.name, levels.length ? { name: axis.name, levels } : null);
}

/**
 * @param {KeyboardEvent} event
 * @param {Hold} hold
 * @returns {boolean} whether the key meant something
 */
function key(event, hold) {
  const { view } = hold, axis = hold.axis(), before = conditionOn(view, axis.name);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (["Delete", "Backspace", "Escape"].includes(event.key)) {
    if (!before) return event.key !== "Escape";
    view.restrict(axis.name, null);
    return true;
  }
  const up = ["ArrowUp", "ArrowRight"].includes(event.key);
  if (!up && !["ArrowDown", "ArrowLeft"].includes(event.key)) return false;
  const direction = up === hold.flipped() ? -1 : 1;
  view.restrict(axis.name, nudged(axis, before, event.shiftKey ? "low" : "high", direction));
  return true;
}
