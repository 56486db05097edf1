// What people save or copy from a page does nothing where it lands: a spreadsheet, a terminal.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";

import { anyCell, csv, textCell } from "../../../sweeper/web/static/core/csv.js";
import { shell } from "../../../sweeper/web/static/core/format.js";
import { parseTable } from "../../../sweeper/web/static/parts/files.js";

const FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "%0A=1", "  =1", '=HYPERLINK("http://a")'];

test("text that a spreadsheet would run is text", () => {
  for (const text of FORMULAS) {
    assert.match(textCell(text), /^"?'/, text);
    assert.match(anyCell(text), /^"?'/, text);
    assert.match(csv([[text]]), /^"?'/, text);
  }
  assert.equal(textCell("a=1"), "a=1");
});

test("numbers of a table stay numbers, a level that looks like one is text", () => {
  for (const text of ["-5", "+.5", "-1.5e-7", "12", ""]) assert.equal(anyCell(text), text);
  assert.equal(textCell("-5"), "'-5");
});

test("a word that is copied into a terminal holds nothing that the terminal obeys", () => {
  for (const word of ["a\nreboot", "\x1b[201~\x03reboot\n", "it's\x15", "a\\b\x07", "x\u202egnp", "\u2028", "\x9b31m\x00"]) {
    const typed = shell(word);
    assert.doesNotMatch(typed, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (!word.includes("\0")) assert.equal(spawnSync("bash", ["-c", `printf %s ${typed}`], { env: { ...process.env, LC_ALL: "C.UTF-8" } }).stdout.toString(), word);
  }
  assert.equal(shell("it's"), `'it'"'"'s'`);
});

test("a file with millions of columns is looked at as far as anybody reads", () => {
  const wide = `${",".repeat(2_000_000)}\nb,"c, d"\r\n`;
  const [first, second, ...others] = parseTable(wide, ",", 10);
  assert.equal(first.length, 100);
  assert.deepEqual([second, others], [["b", "c, d"], []]);
  assert.deepEqual(parseTable("a\tb\n\nc", "\t", 10), [["a", "b"], [""], ["c"]]);
});
