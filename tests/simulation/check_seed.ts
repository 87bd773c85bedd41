/**
 * Everything that is checked of one seed:
 *
 * 1. The scenario runs with faults, and every invariant holds at its end.
 * 2. The same seed again gives the same trace and the same outcome, byte for byte.
 * 3. Its process dies at a random effect, or just after a call, is resumed from the journal, dies again, until it ends; every
 *    invariant holds, and nothing that was recorded is performed again.
 * 4. A replay of that journal performs nothing and gives the same outcome.
 * 5. Without faults, the other drivers agree (a sample: that costs real time).
 */
import { runAsync } from "../../src/drivers/async.ts";
import { SimulatedCrash } from "../../src/drivers/simulated_crash.ts";
import type { SimulatedFault, SimulationFaults } from "../../src/drivers/simulated_faults.ts";
import { simulate, type SimulationOptions, type SimulationResult } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { encodeError, type Outcome } from "../../src/operation/outcome.ts";
import { outcomeOf, outcomeOfAsync } from "../helpers/drivers.ts";
import { chainScenario } from "./chain_scenario.ts";
import type { Scenario } from "./scenario.ts";
import { Seeded } from "./seeded.ts";
import { treeScenario } from "./tree_scenario.ts";
import { Life, World } from "./world.ts";

/** What happened while seeds were checked. */
export interface Figures {
  readonly faults: Partial<Record<SimulatedFault | "cancel" | "crash after a call", number>>;
  resumes: number;
  replays: number;
  effects: number;
  agreements: number;
}

/** Figures to begin with. */
export function noFigures(): Figures {
  return { faults: {}, resumes: 0, replays: 0, effects: 0, agreements: 0 };
}

/** Every so many seeds the drivers are compared. */
const AGREE_EVERY = 20;
/** What a run may take at most, in virtual time; a hung call without a timeout of its own ends there. */
const LONGEST_MS = 3_600_000;
const MOST_CRASHES = 12;

/**
 * Checks one seed.
 *
 * @throws {Error} That says what is wrong.
 */
export async function checkSeed(seed: number, figures: Figures = noFigures()): Promise<void> {
  const seeded = new Seeded(seed);
  const timeless = seed % AGREE_EVERY === 0;
  const scenario = seeded.chance(0.6)
    ? chainScenario(seeded, { timeless })
    : treeScenario(seeded, { timeless });
  if (timeless) return await checkAgreement(scenario, seed, figures);
  const conditions = drawConditions(seeded, seed);
  const first = runOnce(scenario, conditions, figures);
  const second = runOnce(scenario, conditions, noFigures());
  if (first.shown !== second.shown) {
    throw new Error(`The same seed gave another trace:\n${first.shown}\n${second.shown}`);
  }
  runWithDeaths(scenario, conditions, { seeded, figures, effects: first.effects });
}

interface Conditions {
  readonly seed: number;
  readonly latencyMs: readonly [number, number];
  readonly faults: SimulationFaults;
  readonly cancelAfterMs: number | undefined;
}

function drawConditions(seeded: Seeded, seed: number): Conditions {
  const calm = seeded.chance(0.2);
  const often = (): number => calm ? 0 : seeded.pick([0, 0.02, 0.1]);
  return {
    seed,
    latencyMs: seeded.pick([[0, 0], [1, 100], [50, 60]] as const),
    faults: {
      error: calm ? 0 : seeded.pick([0, 0.05, 0.3]),
      hang: often(),
      slow: often(),
      malformed: often(),
      empty: often(),
    },
    cancelAfterMs: seeded.maybe(0.15, () => seeded.integer(0, 1_500)),
  };
}

function optionsFor(conditions: Conditions, world: World, figures: Figures): SimulationOptions {
  const onFault = (kind: SimulatedFault): void => count(figures, kind);
  return {
    ...conditions,
    remote: world.remote,
    timeoutMs: LONGEST_MS,
    faults: { ...conditions.faults, onFault },
  };
}

function count({ faults }: Figures, kind: keyof Figures["faults"]): void {
  faults[kind] = (faults[kind] ?? 0) + 1;
}

function runOnce(
  scenario: Scenario,
  conditions: Conditions,
  figures: Figures,
): { readonly shown: string; readonly effects: number } {
  const world = new World();
  const life = new Life(world);
  const result = simulate(scenario.start(life), optionsFor(conditions, world, figures));
  if (conditions.cancelAfterMs !== undefined && result.elapsedMs === conditions.cancelAfterMs) {
    count(figures, "cancel");
  }
  figures.effects += result.trace.length;
  checkEnd(scenario, result, world, life);
  return { shown: JSON.stringify([shown(result.outcome), result]), effects: result.trace.length };
}

function checkEnd(scenario: Scenario, result: SimulationResult<unknown>, world: World, life: Life): void {
  const { outcome, elapsedMs } = result;
  const wrong = [...world.wrong, ...life.leftovers(), ...scenario.problemsOf(outcome, life, elapsedMs)];
  if (world.openStreams !== 0) wrong.push(`${world.openStreams} streams are open`);
  if (wrong.length > 0) throw new Error(`${wrong.join("\n")}\nThe outcome: ${shown(outcome).slice(0, 500)}`);
}

interface Deaths {
  readonly seeded: Seeded;
  readonly figures: Figures;
  /** How many effects an undisturbed run has. */
  readonly effects: number;
}

/** Lets the process die until it has died often enough, and checks the end. */
function runWithDeaths(
  scenario: Scenario,
  conditions: Conditions,
  { seeded, figures, effects }: Deaths,
): void {
  const world = new World();
  for (let deaths = 0;; deaths++) {
    const life = new Life(world);
    const options = optionsFor({ ...conditions, seed: conditions.seed + deaths }, world, figures);
    const mayDie = deaths < MOST_CRASHES;
    const faults: SimulationFaults = {
      ...options.faults,
      onFault: (kind, path) => {
        if (kind === "crash") life.dead = true;
        options.faults!.onFault!(kind, path);
      },
      ...(mayDie && { crashAfterEffects: seeded.integer(0, effects) }),
    };
    world.dieAfterCall = mayDie && seeded.chance(0.3)
      ? world.performed.length + seeded.integer(0, 5)
      : Infinity;
    world.onDeath = () => {
      life.dead = true;
      count(figures, "crash after a call");
    };
    let result: SimulationResult<unknown>;
    try {
      result = simulate(scenario.start(life), { ...options, faults, journal: { log: world.log } });
    } catch (error) {
      if (!(error instanceof SimulatedCrash)) throw error;
      world.openStreams = 0; // they died with their process
      figures.resumes++;
      continue;
    }
    checkEnd(scenario, result, world, life);
    if (!wasInterrupted(result.outcome)) checkReplay(scenario, result.outcome, world, figures);
    return;
  }
}

/** Cancelled from outside or out of time: what led to that is not in the record. */
function wasInterrupted(outcome: Outcome<unknown>): boolean {
  if (outcome.ok) return false;
  const { name, message } = outcome.error as Error;
  return name === "AbortError" || message.includes(`${LONGEST_MS}`);
}

function checkReplay(scenario: Scenario, outcome: Outcome<unknown>, world: World, figures: Figures): void {
  const performed = world.performed.length;
  const life = new Life(world);
  const { outcome: again } = simulate(scenario.start(life), {
    remote: world.remote,
    journal: { log: world.log, replayOnly: true },
  });
  figures.replays++;
  if (shown(again) !== shown(outcome)) {
    throw new Error(`The replay came to another end:\n${shown(again)}\n${shown(outcome)}`);
  }
  if (world.performed.length !== performed) throw new Error("The replay performed a call");
}

/** The outcome as text; stacks depend on where it was run. */
function shown(outcome: Outcome<unknown>): string {
  return JSON.stringify(
    outcome.ok ? outcome : encodeError(outcome.error),
    (key, value) => key === "stack" ? undefined : value,
  );
}

async function checkAgreement(scenario: Scenario, seed: number, figures: Figures): Promise<void> {
  const essence = (outcome: Outcome<unknown>): string =>
    outcome.ok ? JSON.stringify(scenario.essence(outcome.value)) : String(outcome.error);
  const world = new World();
  const life = new Life(world);
  const result = simulate(scenario.start(life), { seed, remote: world.remote });
  checkEnd(scenario, result, world, life);
  const start = () => scenario.start(new Life(world));
  const expected = essence(result.outcome);
  const sync = essence(outcomeOf(() => runSync(start())));
  if (sync !== expected) throw new Error(`runSync does not agree:\n${sync}\n${expected}`);
  const async = essence(await outcomeOfAsync(() => runAsync(start())));
  if (async !== expected) throw new Error(`runAsync does not agree:\n${async}\n${expected}`);
  figures.agreements++;
}
