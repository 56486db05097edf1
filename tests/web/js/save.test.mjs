import assert from "node:assert/strict";
import { test } from "node:test";

import { csv } from "../../../sweeper/web/static/core/csv.js";
import { json } from "../../../sweeper/web/static/parts/save.js";

test("commas, quotes and line ends are quoted", () => {
  assert.equal(csv([["a", "b"], ['say "x", y', "1"], ["two\nlines", ""]]), 'a,b\r\n"say ""x"", y",1\r\n"two\nlines",\r\n');
});

test("a column may be named as anything", () => {
  const [row] = JSON.parse(json([["__proto__", "b"], ["1", "2"]]));
  assert.deepEqual(Object.entries(row), [["__proto__", "1"], ["b", "2"]]);
});
