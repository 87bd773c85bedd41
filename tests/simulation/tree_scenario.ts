/** Random trees of operations: every combinator, nested, with clean-up at every joint. */
import { StorageError } from "../../src/errors.ts";
import { all, allSettled, limit, named, race, retry, timeout } from "../../src/operation/combinators.ts";
import { now, type Operation, random, randomId, remoteStream, sleep } from "../../src/operation/operation.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";
import type { Scenario, Wildness } from "./scenario.ts";
import type { Seeded } from "./seeded.ts";
import { askWorld, CALLS, type Life, tracked } from "./world.ts";

/** Makes one node of a tree for one life. */
type Node = (life: Life) => Operation<unknown>;

const MOST_DEPTH = 4;

/** Draws a tree. */
export function treeScenario(seeded: Seeded, wildness: Wildness): Scenario {
  const permits = [seeded.integer(1, 2), seeded.integer(1, 3)];
  const root = draw(seeded, wildness, 0);
  return {
    kind: "tree",
    start: (life) => {
      life.semaphores.push(...permits.map((count) => new Semaphore(count)));
      return root(life);
    },
    essence: (value) => value,
    problemsOf: () => [],
  };
}

function draw(seeded: Seeded, wildness: Wildness, depth: number): Node {
  const node = depth >= MOST_DEPTH || (depth > 0 && seeded.chance(0.3))
    ? leaf(seeded, wildness)
    : joint(seeded, wildness, depth);
  return (life) => tracked(life, node(life));
}

function leaf(seeded: Seeded, { timeless }: Wildness): Node {
  const question = seeded.integer(0, 1_000_000);
  const durationMs = timeless ? 0 : seeded.integer(0, 300);
  const leaves: Node[] = [
    () => askWorld("ask", question),
    () => askWorld("ask", question),
    (life) => tracked(life, readStream(question)),
    function* () {
      yield* sleep(durationMs);
      return "slept";
    },
  ];
  if (!timeless) {
    leaves.push(() => now(), () => random(), () => randomId(), () => failing(question));
  }
  return seeded.pick(leaves);
}

function* readStream(question: number): Operation<number> {
  const stream = yield* remoteStream<number>({ module: CALLS, name: "pieces" }, question);
  let sum = 0;
  try {
    for (let piece = yield* stream.next(); !piece.done; piece = yield* stream.next()) {
      sum += Number(piece.value);
    }
  } finally {
    yield* stream.close();
  }
  return sum;
}

function* failing(question: number): Operation<never> {
  yield* askWorld("ask", question);
  throw new StorageError(`question ${question} fails`, { code: "failing" });
}

function joint(seeded: Seeded, wildness: Wildness, depth: number): Node {
  const child = (): Node => draw(seeded, wildness, depth + 1);
  const children = (): Node[] => Array.from({ length: seeded.integer(1, 3) }, child);
  const concurrency = seeded.pick([1, 2, Infinity]);
  const kinds: (() => Node)[] = [
    () => {
      const nodes = children();
      return (life) => all(nodes.map((node) => node(life)), { concurrency });
    },
    () => {
      const nodes = children();
      return (life) => settledOnes(allSettled(nodes.map((node) => node(life)), { concurrency }));
    },
    () => limited(child(), seeded.integer(0, 1)),
    () => retried(child(), seeded.integer(0, 2), wildness),
    () => inTurn(children()),
    () => cleaning(child()),
  ];
  if (!wildness.timeless) {
    kinds.push(
      () => {
        const nodes = children();
        return (life) => race(nodes.map((node) => node(life)));
      },
      () => {
        const [node, durationMs] = [child(), seeded.integer(1, 2_000)];
        return (life) => timeout(durationMs, node(life));
      },
      () => caught(child()),
    );
  }
  return seeded.pick(kinds)();
}

function* settledOnes(operation: ReturnType<typeof allSettled>): Operation<unknown> {
  return (yield* operation).map((outcome) => outcome.ok ? outcome.value : String(outcome.error));
}

/** A permit that is never asked for by whoever holds it: what is inside asks for one of its own kind no more. */
function limited(node: Node, index: number): Node {
  return function* (life) {
    // Held around the question alone: a permit inside a permit of the same kind could wait for itself.
    yield* limit(life.semaphores[index]!, tracked(life, askWorld("ask", index)));
    return yield* node(life);
  };
}

function retried(node: Node, failures: number, { timeless }: Wildness): Node {
  const policy = {
    attempts: 3,
    baseMs: timeless ? 1 : 200,
    jitter: !timeless,
    isRetryable: (error: unknown) => !isAbort(error),
  };
  return (life) =>
    retry(policy, (attempt) => tracked(life, attempt > failures ? node(life) : askAndFail(attempt)));
}

function* askAndFail(attempt: number): Operation<never> {
  yield* askWorld("ask", attempt);
  throw new Error(`attempt ${attempt} fails`);
}

function inTurn(nodes: readonly Node[]): Node {
  return function* (life) {
    const values: unknown[] = [];
    for (const node of nodes) values.push(yield* node(life));
    return values;
  };
}

/** Waits on its way out, twice. */
function cleaning(node: Node): Node {
  return function* (life) {
    const end = life.begin();
    try {
      return yield* node(life);
    } finally {
      end();
      yield* named("cleanup", tracked(life, cleanUp()));
    }
  };
}

/** Cut short only where the run ends while it cleans up after having come to its end. */
function* cleanUp(): Operation<void> {
  yield* sleep(1);
  yield* sleep(1);
}

function caught(node: Node): Node {
  return function* (life) {
    try {
      return yield* node(life);
    } catch (error) {
      if (isAbort(error)) throw error;
      return `caught ${(error as Error)?.message}`;
    }
  };
}

/** Told to leave: who began new work then would have the first effect of it performed, and could hang in it. */
function isAbort(error: unknown): boolean {
  return (error as Error | null)?.name === "AbortError";
}
