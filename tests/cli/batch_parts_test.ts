/** The parts of a batch that can be looked at by themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ByteLine, byteLines } from "../../src/cli/batch/byte_lines.ts";
import { keyOf, variablesOf } from "../../src/cli/batch/batch_line.ts";
import { BatchProgress } from "../../src/cli/batch/batch_progress.ts";
import { csvLines } from "../../src/cli/batch/csv_lines.ts";
import { parseExactJson } from "../../src/cli/batch/exact_json.ts";
import { planBatch } from "../../src/cli/batch/plan.ts";
import { forEachOf } from "../../src/cli/batch/pool.ts";
import { Tally } from "../../src/cli/batch/tally.ts";
import { Log } from "../../src/cli/log.ts";
import { createPaint } from "../../src/cli/paint.ts";

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

async function linesOf(text: string, size: number, maxBytes?: number): Promise<ByteLine[]> {
  const lines: ByteLine[] = [];
  for await (const line of byteLines(chunksOf(text, size), maxBytes)) lines.push(line);
  return lines;
}

async function* linesFrom<T>(lines: readonly T[]): AsyncGenerator<T> {
  yield* lines;
}

test("lines are the same however the bytes are cut", async () => {
  for (const size of [1, 2, 3, 7, 100]) {
    const lines = await linesOf("ä\n\nbcd\nend", size);
    assert.deepEqual(
      lines.map((
        { bytes, number, endBytes, isEnded },
      ) => [new TextDecoder().decode(bytes), number, endBytes, isEnded]),
      [["ä", 1, 3, true], ["", 2, 4, true], ["bcd", 3, 8, true], ["end", 4, 11, false]],
    );
  }
});

test("a line that is too long is counted and not kept", async () => {
  const lines = await linesOf("abcd\nabc\nabcdefgh", 2, 3);
  assert.deepEqual(lines.map(({ bytes }) => bytes?.length), [undefined, 3, undefined]);
});

test("inputs that lost all but their first line are refused, however many results there are", async () => {
  const line = { number: 1, input: { name: "a" } };
  const inputs = { label: "in.jsonl", isFile: true, lines: () => linesFrom([line]) };
  const result = { config: "c", key: keyOf(line), valid: true };
  const known = new Map(Array.from({ length: 200_000 }, (_, index) => [200_000 - index, result] as const));
  await assert.rejects(
    planBatch(inputs, { out: "out.jsonl", known, config: "c", retryFailed: false }),
    /it holds a result of line 2, and the last line is 1/,
  );
});

test("a pool takes no more at once than allowed, and no item after a failure", async () => {
  let taken = 0;
  async function* numbers(): AsyncGenerator<number> {
    while (true) yield ++taken;
  }
  const gates: (() => void)[] = [];
  let first: unknown;
  const all = forEachOf(numbers(), async (item) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    if (item === 2) throw new Error("two");
  }, { atOnce: () => 3, onFailure: (error) => first = error });
  while (gates.length < 3) await new Promise<void>((resolve) => queueMicrotask(resolve));
  assert.equal(taken, 3);
  gates[1]!();
  while (first === undefined) await new Promise<void>((resolve) => queueMicrotask(resolve));
  gates[0]!();
  gates[2]!();
  await assert.rejects(all, /two/);
  assert.equal(taken, 3);
});

test("a pool takes as many at once as are allowed at the moment, and all of them", async () => {
  let taken = 0;
  let allowed = 1;
  const gates: (() => void)[] = [];
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => queueMicrotask(resolve));
  };
  async function* numbers(): AsyncGenerator<number> {
    while (taken < 9) yield ++taken;
  }
  const all = forEachOf(numbers(), () => new Promise<void>((resolve) => gates.push(resolve)), {
    atOnce: () => allowed,
    onFailure: () => assert.fail(),
  });
  await turns();
  assert.equal(taken, 1);
  allowed = 4;
  gates.shift()!();
  await turns();
  assert.deepEqual([taken, gates.length], [5, 4]);
  allowed = 2;
  for (const open of gates.splice(0, 3)) open();
  await turns();
  assert.deepEqual([taken, gates.length], [6, 2]);
  while (gates.length > 0) {
    gates.shift()!();
    await turns();
  }
  await all;
  assert.equal(taken, 9);
});

test("a tally ends with the gravest of what failed", () => {
  const tally = new Tally();
  const status = (type?: string): number => {
    tally.add({
      valid: type === "valid",
      ...(type && type !== "valid" && { error: { type, code: "", message: "" } }),
    });
    return tally.status;
  };
  assert.deepEqual(
    ["valid", undefined, "ConfigurationError", "ModelError", "StorageError", "ModelError"].map(status),
    [0, 1, 2, 3, 4, 4],
  );
});

test("the progress of a batch tells of the first failures, and what it came to", () => {
  const lines: string[] = [];
  const stream = {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: (text: string) => Promise.resolve(void lines.push(text)),
  };
  const tally = new Tally();
  const progress = new BatchProgress(new Log(stream, 0, createPaint(false)), tally, 8);
  progress.start();
  for (let line = 1; line <= 7; line++) {
    const result = {
      line,
      input: "",
      text: null,
      valid: false,
      config: "",
      error: { type: "ModelError", code: "x", message: "it broke" },
    };
    tally.add(result);
    progress.finished(result);
  }
  const priced = { line: 8, input: "", text: "t", valid: true, config: "", costUsd: 0.25 };
  tally.add(priced);
  progress.finished(priced);
  progress.stop();
  progress.end("out.jsonl");
  assert.equal(lines.filter((text) => text.includes("it broke")).length, 5);
  assert.match(
    lines.at(-1)!,
    /^8 of 8 lines: 1 valid, 0 not valid, 7 failed · \$0\.25 · .* · results in out\.jsonl\n$/,
  );
});

test("a table may end its rows in more than one way, wherever its bytes are cut", async () => {
  const text = 'a,b\r\n1,x\n2,\r3,"q\r\nr"\n4,y';
  for (const size of [1, 2, 3, text.length]) {
    const rows: unknown[] = [];
    for await (const { input, problem } of csvLines(chunksOf(text, size), ",")) rows.push(problem ?? input);
    assert.deepEqual(rows, [
      { a: "1", b: "x" },
      { a: "2", b: "" },
      { a: "3", b: "q\r\nr" },
      { a: "4", b: "y" },
    ]);
  }
});

test("numbers of a line are put in, and written again, as they are written", () => {
  const text =
    '{"id":9007199254740993,"price":1.10,"big":1e400,"zero":-0,"list":[12345678901234567890, 1],"n":7,"s":"1.10"}';
  const input = parseExactJson(text) as Readonly<Record<string, never>>;
  assert.equal(JSON.stringify(input), text.replace(", ", ","));
  const { n, list, ...variables } = variablesOf(input);
  assert.deepEqual(variables, { id: "9007199254740993", price: "1.10", big: "1e400", zero: "-0", s: "1.10" });
  assert.deepEqual([n, list], [7, "[12345678901234567890,1]"]);
  assert.notEqual(
    keyOf({ number: 1, input }),
    keyOf({ number: 1, input: parseExactJson(text.replace("993", "992")) as typeof input }),
  );
  assert.throws(() => parseExactJson("{"), SyntaxError);
});
