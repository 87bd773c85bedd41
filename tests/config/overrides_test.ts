import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOverrides } from "../../src/config/overrides.ts";
import { Places } from "../../src/config/places.ts";
import type { JsonValue } from "../../src/json.ts";

const apply = (value: JsonValue, ...overrides: string[]): JsonValue =>
  applyOverrides(value, overrides, new Places("a.yaml", ""));

test("an override replaces a value and leaves the rest", () => {
  const value = { options: { select: "best" }, prompt: "x" };
  assert.deepEqual(apply(value, "options.select=last"), { options: { select: "last" }, prompt: "x" });
  assert.deepEqual(value, { options: { select: "best" }, prompt: "x" });
});

test("an override reads its value as YAML", () => {
  assert.deepEqual(apply({}, "a=5", "b=true", "c=text", "d=[1, two]", "e={ f: 1 }", 'g="5"', "h="), {
    a: 5,
    b: true,
    c: "text",
    d: [1, "two"],
    e: { f: 1 },
    g: "5",
    h: "",
  });
});

test("an override takes a value that is no YAML as text", () => {
  assert.deepEqual(apply({}, "prompt=Write: a 'thing", "other=a=b"), {
    prompt: "Write: a 'thing",
    other: "a=b",
  });
});

test("an override reaches items of lists by number, and adds one after the last", () => {
  const value = { validators: [{ length: { minWords: 1 } }] };
  assert.deepEqual(
    apply(value, "validators.0.length.minWords=5", "validators.1={ content: { prohibited: [x] } }"),
    {
      validators: [{ length: { minWords: 5 } }, { content: { prohibited: ["x"] } }],
    },
  );
});

test("an override of variables stays as it is written, as it is put into a text", () => {
  assert.deepEqual(
    apply({}, "variables.v=1.10", "variables.zip=01234", "variables.n=12", "variables.id=9007199254740993"),
    { variables: { v: "1.10", zip: "01234", n: 12, id: "9007199254740993" } },
  );
  assert.deepEqual(apply({}, "variables={ v: 2.0, yes: True }"), { variables: { v: "2.0", yes: "True" } });
});

test("an override gives options to a component that was only named", () => {
  assert.deepEqual(apply({ critics: ["reflexion"] }, "critics.0.reflexion.maxReflections=1"), {
    critics: [{ reflexion: { maxReflections: 1 } }],
  });
});

test("an override makes what is missing on its way", () => {
  assert.deepEqual(apply({}, "validators.0.length.maxWords=9"), {
    validators: [{ length: { maxWords: 9 } }],
  });
});

test("an override without = or with an empty part of its path is refused", () => {
  for (const wrong of ["prompt", "=x", "a..b=1", ".a=1"]) {
    assert.throws(() => apply({}, wrong), /must have the form path=value/);
  }
});

test("an override that does not fit names the place, and never its value", () => {
  assert.throws(() => apply({ list: [1] }, "list.5=secret"), (error: Error) => {
    assert.match(error.message, /Cannot apply --set list\.5=… as 5 is no item of a list with 1 items/);
    return !error.message.includes("secret");
  });
  assert.throws(() => apply({ prompt: "x" }, "prompt.a=1"), /there is no field a in a text$/);
  assert.throws(() => apply({ options: 5 }, "options.a=1"), /there is no field a in a number$/);
});
