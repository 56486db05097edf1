// The table of trials as a command and as an address: the grammars of the command line and of the API.

import assert from "node:assert/strict";
import test from "node:test";

import { commandOf, fileOf, sortText, where } from "../../../sweeper/web/static/charts/table-command.js";

const SPACE = { batch: { choices: [16, 32] }, opt: { choices: ["adam", "it's"] }, flag: { choices: [true, false] }, text: { choices: ["1", "2"] } };
const view = (goal = "maximize") => ({ sweep: { id: "01a0c428814071a3b1fd42a29755d4c1", goals: [{ name: "acc", goal }], space: SPACE } });
const plain = { key: "number", descending: false };

test("a selection is an expression of the command line", () => {
  const spelled = (condition) => where(view(), [condition]);
  assert.equal(spelled({ name: "lr", low: 1e-4, high: 0.01 }), "0.0001 <= lr <= 0.01");
  assert.equal(spelled({ name: "lr", low: null, high: 0.01 }), "lr <= 0.01");
  assert.equal(spelled({ name: "lr", low: 1e-7, high: null }), "lr >= 1e-7");
  assert.equal(spelled({ name: "lr", unset: true }), "lr != lr");
  assert.equal(spelled({ name: "opt", levels: ["adam", "it's"] }), `opt in ['adam', "it's"]`);
  assert.equal(spelled({ name: "batch", levels: ["16"] }), "batch == 16");
  assert.equal(spelled({ name: "text", levels: ["1"] }), "text == '1'");
  assert.equal(spelled({ name: "flag", levels: ["true"] }), "flag == true");
  assert.equal(spelled({ name: "state", levels: ["failed"] }), "state == 'failed'");
  assert.equal(spelled({ name: "number", levels: ["3", "4"] }), "number in [3, 4]");
});

test("what the command line does not know is left out", () => {
  assert.equal(where(view(), [{ name: "cost", low: 1, high: null }, { name: "dup", low: 0, high: null }]), "");
});

test("the command sorts goals the best first, others from the smallest", () => {
  const sort = (key, descending, goal) => commandOf(view(goal), { key, descending }, []);
  assert.equal(sort("number", false), "sweeper trials 9755d4c1");
  assert.equal(sort("acc", true), "sweeper trials 9755d4c1 --sort acc");
  assert.equal(sort("acc", false), "sweeper trials 9755d4c1 --sort -acc");
  assert.equal(sort("acc", false, "minimize"), "sweeper trials 9755d4c1 --sort acc");
  assert.equal(sort("lr", true), "sweeper trials 9755d4c1 --sort -lr");
  assert.equal(sort("dup", true), "sweeper trials 9755d4c1");
});

test("an expression is quoted for the shell; all trials need none", () => {
  const some = [{ name: "opt", levels: ["adam"] }];
  assert.equal(commandOf(view(), plain, some), `sweeper trials 9755d4c1 --where 'opt == '"'"'adam'"'"''`);
  assert.equal(commandOf(view(), plain, []), "sweeper trials 9755d4c1");
});

test("a file has the selection and the order of the table", () => {
  const some = [{ name: "opt", levels: ["adam", "a;b"] }], at = "/api/v1/sweeps/01a0c428814071a3b1fd42a29755d4c1/trials";
  assert.equal(fileOf(view(), "csv", { key: "lr", descending: true }, some), `${at}.csv?f=opt%3Aadam%2Ca%253Bb&sort=-lr`);
  assert.equal(fileOf(view(), "parquet", plain, []), `${at}.parquet`);
  assert.equal(sortText({ key: "lr", descending: false }), "lr");
});
