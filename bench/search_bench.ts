/**
 * How long a search takes in a store of 100,000 thoughts (or as many as the first argument says), beside a look through all of
 * their texts: `deno task bench:search`, or by bun or node. Making the store takes a minute.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Thought } from "../mod.ts";
import { SqliteStorage, ThoughtStore } from "../src/storage/mod.ts";
import { measure, print } from "./harness.ts";

const COUNT = Number(process.argv[2] ?? 100_000);
const LEAST_TO_SHOW = 10;

/** What is searched for, and how many of the thoughts have it. */
const QUERIES: readonly (readonly [query: string, share: string])[] = [
  ["sifaka7777", "one thought"],
  ["lemur", "one in ten"],
  ["word", "every thought"],
  ['"leaps sideways"', "one in three"],
  ["lemur -forest", "one in ten, less a quarter"],
  ["sifaka77*", "one in a hundred"],
  ["le*", "one in two"],
];

/** A text of some 60 words, of which some are rare and some are in every text. */
function textOf(number: number): string {
  const words = ["every", "word", `sifaka${number}`, `topic${number % 500}`];
  if (number % 10 === 0) words.push("lemur");
  if (number % 4 === 0) words.push("forest");
  if (number % 3 === 0) words.push("leaps", "sideways");
  else if (number % 2 === 0) words.push("left", "behind");
  for (let index = 0; index < 50; index++) words.push(`w${(number * 31 + index * index * 7) % 5000}`);
  return `${words.join(" ")}.`;
}

const directory = mkdtempSync(join(tmpdir(), "sifaka-bench-"));
try {
  const storage = new SqliteStorage(join(directory, "thoughts.db"), { synchronous: "normal" });
  const store = new ThoughtStore(storage);
  const texts: string[] = [];
  for (let number = 0; number < COUNT; number++) {
    const text = textOf(number);
    texts.push(text);
    store.save(new Thought({ prompt: "Write.", text, chainId: `run ${number}` }));
  }
  for (const [query, share] of QUERIES) {
    const [baseline, search] = await measure({
      "a look through all texts": () => texts.filter((text) => text.includes(query)).slice(0, LEAST_TO_SHOW),
      "search()": () => store.search(query, { limit: LEAST_TO_SHOW }),
    }, { rounds: 9, warmup: 1 });
    print(`${query} (${share}) among ${COUNT} thoughts`, [
      { ...baseline!, note: "" },
      { ...search!, note: `${(search!.medianMs / baseline!.medianMs).toFixed(2)} ×` },
    ]);
  }
  storage.close();
} finally {
  rmSync(directory, { recursive: true });
}
