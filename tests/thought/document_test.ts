import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { Document } from "../../src/thought/document.ts";

function message(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError || error instanceof StorageError);
    return error.message;
  }
  return "none";
}

test("Document keeps what it is given, apart from the caller's objects", () => {
  const metadata = { page: 3, tags: ["a"] };
  const document = new Document({ text: "", id: "d1", metadata, score: -2.5, source: "atlas" });
  metadata.tags.push("b");
  assert.deepEqual({ ...document }, {
    text: "",
    id: "d1",
    metadata: { page: 3, tags: ["a"] },
    score: -2.5,
    source: "atlas",
  });
});

test("Document refuses to be changed", () => {
  const document = new Document({ text: "a", metadata: { tags: ["a"] } });
  assert.throws(() => Object.assign(document, { text: "b" }), TypeError);
  assert.throws(() => (document.metadata.tags as string[]).push("b"), TypeError);
});

test("Document refuses wrong fields and names them", () => {
  const make = (init: unknown) => message(() => new Document(init as { text: string }));
  assert.equal(make({}), "Cannot create Document as text must be a string: text is missing");
  assert.equal(make({ text: 1 }), "Cannot create Document as text must be a string: text is 1");
  assert.equal(make(null), "Cannot create Document as Document must be an object: Document is null");
  assert.equal(
    make({ text: "", score: NaN }),
    "Cannot create Document as score must be a finite number: score is NaN",
  );
  assert.equal(
    make({ text: "", score: Infinity }),
    "Cannot create Document as score must be a finite number: score is Infinity",
  );
  assert.equal(make({ text: "", id: null }), "Cannot create Document as id must be a string: id is null");
  assert.equal(
    make({ text: "", sorce: "x" }),
    'Cannot create Document as there is no field sorce; did you mean "source"?',
  );
});

test("Document refuses metadata that JSON cannot hold and names the place", () => {
  const circular: Record<string, unknown> = {};
  circular.self = { again: [circular] };
  const cases: [unknown, RegExp][] = [
    [{ a: { b: [1, NaN] } }, /metadata\.a\.b\[1\] must be a JSON value: metadata\.a\.b\[1\] is NaN$/],
    [{ a: undefined }, /metadata\.a must be a JSON value: metadata\.a is missing$/],
    [{ a: 1n }, /metadata\.a must be a JSON value: metadata\.a is 1n$/],
    [{ a: () => 1 }, /metadata\.a must be a JSON value: metadata\.a is a function$/],
    [{ "a b": Symbol("s") }, /metadata\["a b"\] must be a JSON value/],
    [{ a: new Map() }, /metadata\.a must be a JSON value: it is a Map$/],
    [{ a: new Date(0) }, /metadata\.a must be a JSON value: it is a Date$/],
    // deno-lint-ignore no-sparse-arrays
    [{ a: [1, , 2] }, /metadata\.a\[1\] must be a JSON value/],
    [circular, /metadata\.self\.again\[0\] must be a JSON value: it contains itself$/],
    [new Map(), /metadata must be a plain object/],
    [[], /metadata must be a plain object/],
    [null, /metadata must be a plain object/],
    [{ [Symbol("s")]: 1 }, /metadata must have no symbols as keys/],
  ];
  for (const [metadata, expected] of cases) {
    assert.match(
      message(() => new Document({ text: "", metadata: metadata as Record<string, never> })),
      expected,
    );
  }
});

test("Document refuses metadata that is nested too deeply, without exhausting the stack", () => {
  let deep: unknown[] = [];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  assert.match(
    message(() => new Document({ text: "", metadata: { deep: deep as never } })),
    /deeper than 100 levels/,
  );
});

test("Document takes one object twice, where it is no cycle", () => {
  const shared = { a: 1 };
  assert.deepEqual(new Document({ text: "", metadata: { x: shared, y: shared } }).metadata, {
    x: shared,
    y: shared,
  });
});

test("Document.of takes a text, what a document is made of, and a document", () => {
  const document = new Document({ text: "a" });
  assert.equal(Document.of(document), document);
  assert.equal(Document.of("b").text, "b");
  assert.equal(Document.of({ text: "c", score: 1 }).score, 1);
});

test("Document reads back what it wrote", () => {
  for (
    const document of [
      new Document({ text: "" }),
      new Document({ text: "é\ud800", score: -0, source: "s", id: "i" }),
    ]
  ) {
    assert.deepEqual(Document.fromJSON(document.toJSON()), document);
    assert.deepEqual(Document.fromJSON(JSON.parse(JSON.stringify(document))), document);
  }
});

test("Document.fromJSON keeps fields that it does not know", () => {
  const document = Document.fromJSON({ text: "a", rank: 2, metadata: { page: 1, $extra: { old: true } } });
  assert.deepEqual(document.metadata, { page: 1, $extra: { old: true, rank: 2 } });
  assert.deepEqual(Document.fromJSON(document.toJSON()), document);
});

test("Document.fromJSON names the field that is wrong", () => {
  const read = (value: unknown) => message(() => Document.fromJSON(value));
  assert.equal(read("text"), 'Cannot read Document as Document must be an object: Document is "text"');
  assert.equal(read({ text: [] }), "Cannot read Document as text must be a string: text is []");
});
