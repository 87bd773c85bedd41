/**
 * Random scenarios with random faults, from a fresh seed each time. A failure says which command runs its seed alone.
 *
 *     SIFAKA_SIMULATE_FROM   begins at this seed
 *     SIFAKA_SIMULATE_COUNT  checks so many
 */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { checkSeed, noFigures } from "./check_seed.ts";
import { againCommand, freshSeed } from "./seeds.ts";

const COUNT = Number(process.env.SIFAKA_SIMULATE_COUNT || (RUNTIME === "deno" ? 1_000 : 150));
const FROM = Number(process.env.SIFAKA_SIMULATE_FROM || freshSeed());

/** Seeds that once found something, with what they found. */
const REGRESSIONS: readonly (readonly [seed: number, found: string])[] = [
  [725, "a validator with a time limit that never became a child was left standing"],
  [829, "the same, after a resume"],
  [102433, "a resumed run could not be replayed, as others had begun while its first new effect waited"],
];

test(`simulated seeds keep every invariant: ${COUNT} from a fresh one`, async () => {
  const figures = noFigures();
  for (let seed = FROM; seed < FROM + COUNT; seed++) await check(seed, figures);
  if (COUNT < 150) return;
  // A generator that draws nothing dangerous tests nothing.
  for (const kind of ["error", "hang", "slow", "malformed", "empty", "crash", "cancel"] as const) {
    assert.ok((figures.faults[kind] ?? 0) > 0, `no fault was of the kind ${kind}`);
  }
  assert.ok(figures.resumes > 0 && figures.replays > 0 && figures.agreements > 0);
});

for (const [seed, found] of REGRESSIONS) {
  test(`simulated seed ${seed} keeps every invariant; it once found that ${found}`, () =>
    check(seed, noFigures()));
}

async function check(seed: number, figures: ReturnType<typeof noFigures>): Promise<void> {
  try {
    await checkSeed(seed, figures);
  } catch (error) {
    throw new Error(`Seed ${seed} fails: ${(error as Error).message}\nRun it again: ${againCommand(seed)}`, {
      cause: error,
    });
  }
}
