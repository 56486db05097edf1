// The core of the pages without a browser: numbers as text, axes and their marks, columns, selections.

import assert from "node:assert/strict";
import test from "node:test";

import { cell, merge, ranked, unpack } from "../../../sweeper/web/static/core/columns.js";
import * as filter from "../../../sweeper/web/static/core/filter.js";
import { ago, bytes, duration, exact, number, shell, tail, value } from "../../../sweeper/web/static/core/format.js";
import { axisOf, linearTicks, logTicks, numeric, orderedLevels } from "../../../sweeper/web/static/core/scales.js";
import { apply, find, size } from "../../../sweeper/web/static/core/selection.js";

const STATES = ["queued", "running", "complete", "pruned", "failed", "cancelled"];

/** Pack columns as the server does: `[facts, typed array or text]` each. */
function pack(n, columns, more = {}) {
  const parts = [], described = [];
  let at = 0;
  for (const [facts, cells] of columns) {
    const raw = typeof cells === "string" ? new TextEncoder().encode(cells) : new Uint8Array(cells.buffer);
    described.push({ ...facts, at, bytes: raw.length });
    const padded = new Uint8Array(Math.ceil(raw.length / 8) * 8);
    padded.set(raw);
    parts.push(padded);
    at += padded.length;
  }
  const header = JSON.stringify({ v: 1, rev: "e-1", n, full: true, t0: 100, states: STATES, ...more, columns: described });
  const text = new TextEncoder().encode(header + " ".repeat((8 - ((new TextEncoder().encode(header).length + 4) % 8)) % 8));
  const whole = new Uint8Array(4 + text.length + at);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, 4);
  let place = 4 + text.length;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole.buffer;
}

function sample(numbers, states, rates, kinds, values, more) {
  return unpack(pack(numbers.length, [
    [{ role: "number", name: "number", dtype: "u1" }, Uint8Array.from(numbers)],
    [{ role: "state", name: "state", dtype: "u1" }, Uint8Array.from(states)],
    [{ role: "id", name: "id", dtype: "utf8" }, numbers.map((n) => `run-${n}`).join("\n")],
    [{ role: "param", name: "rate", dtype: "f8", kind: "float", low: 1e-4, high: 1, log: true }, Float64Array.from(rates)],
    [{ role: "param", name: "kind", dtype: "u1", kind: "categorical", levels: ["a", "b"] }, Uint8Array.from(kinds)],
    [{ role: "goal", name: "loss", dtype: "f4" }, Float32Array.from(values)],
  ], more));
}

const four = () => sample([0, 1, 2, 3], [2, 2, 3, 4], [1e-3, 1e-2, NaN, 1], [0, 1, 255, 1], [3, 1, 2, NaN]);

test("numbers have four significant digits, and are exact when copied", () => {
  const cases = [[0, "0"], [0.94712345, "0.9471"], [1234, "1,234"], [-123456, "-123,456"], [999, "999"], [-999, "-999"], [1000000, "1,000,000"], [1e-5, "1e-5"], [0.00123456, "0.001235"], [1e300, "1e300"],
    [123456.7, "123457"], [-0.5, "-0.5"], [Infinity, "∞"], [-Infinity, "−∞"], [NaN, ""], [null, ""], [undefined, ""], ["NaN", "NaN"]];
  for (const [given, wanted] of cases) assert.equal(number(given), wanted, String(given));
  assert.equal(exact(Math.fround(0.1)), "0.1");
  assert.equal(exact(0.1 + 0.2), "0.30000000000000004");
  for (const whole of [2 ** 26, 2 ** 30, 1234567936]) assert.equal(exact(whole), String(whole));
  assert.equal(value(true), "true");
  assert.equal(value([1, "a"]), '[1,"a"]');
});

test("times and sizes read as a person says them", () => {
  const cases = [[0.05, "50 ms"], [1.25, "1.3 s"], [59.4, "59.4 s"], [185, "3 min 5 s"], [3600, "1 h"], [7800, "2 h 10 min"],
    [3599.9, "60 min"], [273600, "3 d 4 h"], [null, ""]];
  for (const [given, wanted] of cases) assert.equal(duration(given), wanted, String(given));
  assert.equal(ago(1000, 1005), "just now");
  assert.equal(ago(1000, 1000 + 2 * 86400), "2 d ago");
  assert.equal(bytes(1536), "1.54 kB");
  assert.equal(tail("0123456789abcdef"), "89abcdef");
});

test("words for a shell stay one word", () => {
  assert.equal(shell("plain-1.5"), "plain-1.5");
  assert.equal(shell("a b;$(c)"), "'a b;$(c)'");
  assert.equal(shell("it's"), `'it'"'"'s'`);
});

test("marks of an axis are round, in order and within its ends", () => {
  for (const [low, high] of [[0, 1], [-3, 7], [0.12, 0.13], [1e6, 3e6], [0, 1e-9]]) {
    const found = linearTicks(low, high, 6);
    assert.ok(found.length >= 2 && found.length <= 8, `${low}..${high}: ${found}`);
    assert.ok(found.every((v, i) => v >= low - 1e-12 && v <= high + 1e-12 && (i === 0 || v > found[i - 1])));
  }
  assert.deepEqual(logTicks(1e-5, 1e-1, 6), [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
  assert.deepEqual(linearTicks(1, 4, 6, true), [1, 2, 3, 4]);
});

test("a place on an axis leads back to its value", () => {
  for (const axis of [numeric("x", -2, 5), numeric("x", 1e-6, 10, true)]) {
    for (const at of [0, 0.25, 0.5, 1]) assert.ok(Math.abs(axis.to(axis.from(at)) - at) < 1e-12);
    assert.ok(Number.isNaN(axis.to(NaN)));
  }
  assert.equal(numeric("n", 1, 9, false, true).from(0.51), 5);
});

test("levels that are numbers stand by size, others as declared", () => {
  assert.deepEqual(orderedLevels(["128", "16", "32"]).levels, ["16", "32", "128"]);
  assert.deepEqual(orderedLevels(["sgd", "adam"]).levels, ["sgd", "adam"]);
});

test("columns are unpacked with what is not set as NaN", () => {
  const columns = four();
  assert.deepEqual([...columns.number], [0, 1, 2, 3]);
  assert.deepEqual(columns.ids, ["run-0", "run-1", "run-2", "run-3"]);
  assert.deepEqual([0, 1, 2, 3].map((row) => cell(columns.params[1], row)), ["a", "b", null, "b"]);
  assert.deepEqual([...ranked(columns, 0, false)], [1, 0]);
  assert.deepEqual([...ranked(columns, 0, true)], [0, 1]);
  assert.equal(axisOf(columns.params[0]).kind, "log");
});

test("an increment changes rows by number and adds new ones", () => {
  const more = sample([3, 4], [2, 1], [0.5, 0.25], [0, 255], [0.5, NaN], { full: false, rev: "e-2", t0: 90 });
  const merged = merge(four(), more);
  assert.equal(merged.rev, "e-2");
  assert.deepEqual([...merged.number], [0, 1, 2, 3, 4]);
  assert.deepEqual([...merged.state], [2, 2, 3, 2, 1]);
  assert.deepEqual([...merged.params[0].values], [1e-3, 1e-2, NaN, 0.5, 0.25]);
  assert.deepEqual([0, 3, 4].map((row) => cell(merged.params[1], row)), ["a", "a", null]);
  assert.deepEqual(merged.ids.slice(3), ["run-3", "run-4"]);
});

test("levels that look alike stay apart when trials come in", () => {
  const codes = (values, levels, more) => unpack(pack(values.length, [
    [{ role: "number", name: "number", dtype: "u1" }, Uint8Array.from(values, (_, i) => i + (more.full === false ? 3 : 0))],
    [{ role: "state", name: "state", dtype: "u1" }, Uint8Array.from(values, () => 2)],
    [{ role: "param", name: "kind", dtype: "u1", kind: "categorical", levels, codes: more.codes }, Uint8Array.from(values)],
  ], more));
  const merged = merge(codes([0, 1, 2], ["1", "1", "a"], {}), codes([0, 1], ["1", "b"], { full: false, codes: [1, 3] }));
  assert.deepEqual([...merged.params[0].values], [0, 1, 2, 1, 3]);
  assert.deepEqual(merged.params[0].levels, ["1", "1", "a", "b"]);
  assert.deepEqual([...apply(merged, filter.parse("kind:1"))], [1, 1, 0, 1, 0]);
});

test("times count from the first start, whichever trial that is", () => {
  const at = (number, start, t0, full) => unpack(pack(1, [
    [{ role: "number", name: "number", dtype: "u1" }, Uint8Array.of(number)],
    [{ role: "state", name: "state", dtype: "u1" }, Uint8Array.of(1)],
    [{ role: "start", name: "start", dtype: "f4" }, Float32Array.of(start)],
  ], { t0, full }));
  const merged = merge(at(0, 5, 100, true), at(1, 0, 90, false));
  assert.deepEqual([...merged.start], [15, 0]);
  assert.equal(merged.t0, 90);
});

test("a whole answer replaces what was known", () => {
  const other = sample([7], [2], [1], [0], [1], { rev: "f-1" });
  assert.equal(merge(four(), other).n, 1);
});

test("a selection is what meets every condition", () => {
  const columns = four(), rows = (text) => [...apply(columns, filter.parse(text))];
  assert.deepEqual(rows(""), [1, 1, 1, 1]);
  assert.deepEqual(rows("rate:..1e-2"), [1, 1, 0, 0]);
  assert.deepEqual(rows("rate:"), [0, 0, 1, 0]);
  assert.deepEqual(rows("kind:b;loss:..5"), [0, 1, 0, 0]);
  assert.deepEqual(rows("state:failed,pruned"), [0, 0, 1, 1]);
  assert.deepEqual(rows("number:2..3"), [0, 0, 1, 1]);
  assert.deepEqual(rows("nowhere:1..2"), [1, 1, 1, 1]);
  assert.equal(size(apply(columns, filter.parse("kind:b"))), 2);
  assert.deepEqual(rows("rate:,"), [0, 0, 0, 0], "no text is no number");
  assert.deepEqual(rows("rate:abc"), [0, 0, 0, 0], "what is no number is not what is not set");
  assert.deepEqual(rows("trial.state:failed"), [0, 0, 0, 1]);
  assert.equal(find(columns, "__proto__"), null);
  assert.equal(find(columns, "constructor"), null);
});

test("the text of a selection comes back", () => {
  for (const text of ["lr:0.0001..0.01;opt:adam,lion", "depth:", "a%3Ab:x%2Cy,z%3B", "x:..5", "x:-1.5..", "__proto__:1..2", "x:-1e999..1e999"]) {
    assert.equal(filter.format(filter.parse(text)), text);
  }
  assert.deepEqual(filter.parse("nonsense;:1;x:a..b;x:.."), []);
  const hostile = [{ name: "a:b;c%", levels: ["x,y", "..", "", "<img>"] }];
  assert.deepEqual(filter.parse(filter.format(hostile)), hostile);
});
