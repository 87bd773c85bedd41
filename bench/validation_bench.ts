/**
 * Concurrent against sequential validation, in `run()` and in `_runAsync()`.
 *
 * Sequential is the same chain with `maxConcurrency: 1`, so that only the order of the waiting differs. Run it with
 * `deno task bench`; `deno task bench:check` fails when concurrent is not at least twice as fast on the slow groups.
 */
import { Chain, defineModel, defineValidator, sleep, type Validator } from "../mod.ts";

/** Deno takes few samples of what is slow unless it is told how many. */
const SLOW = { n: 5, warmup: 1 };

const model = defineModel("still", () => "A text that is fine as it is.");

function waiting(durationMs: number, index: number): Validator {
  return defineValidator(`wait ${index}`, function* () {
    yield* sleep(durationMs);
    return true;
  });
}

const instant = (index: number): Validator => defineValidator(`instant ${index}`, ({ text }) => text !== "");

const GROUPS = [
  { group: "3 validators of 100, 150 and 200 ms", validators: [100, 150, 200].map(waiting), options: SLOW },
  {
    group: "5 validators of 100 ms",
    validators: Array.from({ length: 5 }, (_, i) => waiting(100, i)),
    options: SLOW,
  },
  {
    group: "5 validators that take no time",
    validators: Array.from({ length: 5 }, (_, i) => instant(i)),
    options: {},
  },
];

for (const { group, validators, options } of GROUPS) {
  const sequential = new Chain({ model, prompt: "Write.", validators, maxConcurrency: 1 });
  const concurrent = new Chain({ model, prompt: "Write.", validators });
  Deno.bench({ name: "sequential, run()", group: `${group}, run()`, baseline: true, ...options }, () => {
    sequential.run();
  });
  Deno.bench({ name: "concurrent, run()", group: `${group}, run()`, ...options }, () => {
    concurrent.run();
  });
  Deno.bench(
    { name: "sequential, _runAsync()", group: `${group}, _runAsync()`, baseline: true, ...options },
    async () => {
      await sequential._runAsync();
    },
  );
  Deno.bench({ name: "concurrent, _runAsync()", group: `${group}, _runAsync()`, ...options }, async () => {
    await concurrent._runAsync();
  });
}
