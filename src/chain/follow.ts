/**
 * Runs that are read event by event.
 *
 * @module
 */

import { eventsAsync } from "../drivers/async.ts";
import { eventsSync } from "../drivers/sync.ts";
import type { ChainEvent } from "./events.ts";
import type { RunResult } from "./run.ts";
import type { ChainSettings } from "./settings.ts";
import type { Start } from "./start_run.ts";

/** The settings of a run whose reader is told everything. */
export function toldPieceByPiece(settings: ChainSettings): ChainSettings {
  return { ...settings, stream: true, observed: true };
}

/**
 * Reads a run on a thread that blocks.
 *
 * @param start Begins the run; called when the first event is asked for, as a run that nobody reads must not be taken.
 * @returns A generator of events, then of the result.
 */
export function* followSync(start: () => Start): Generator<ChainEvent, RunResult, undefined> {
  const started = start();
  const end = new End(started);
  try {
    const { operation, driven } = started;
    return end.finish(yield* eventsSync(operation, driven) as unknown as ReturnType<typeof followSync>);
  } catch (error) {
    throw end.fail(error);
  } finally {
    end.leave();
  }
}

/**
 * Reads a run on an event loop.
 *
 * @param start Begins the run; called when the first event is asked for.
 * @returns An async generator of events, then of the result.
 */
export async function* followAsync(start: () => Start): AsyncGenerator<ChainEvent, RunResult, undefined> {
  const started = start();
  const end = new End(started);
  try {
    const { operation, driven } = started;
    return end.finish(yield* eventsAsync(operation, driven) as unknown as ReturnType<typeof followAsync>);
  } catch (error) {
    throw end.fail(error);
  } finally {
    end.leave();
  }
}

/** Puts down how a run ended: by itself, or as its reader went away. */
class End {
  readonly #start: Start;
  #isLeft = true;

  constructor(start: Start) {
    this.#start = start;
  }

  finish(result: RunResult): RunResult {
    this.#isLeft = false;
    return this.#start.run?.finish(result) ?? result;
  }

  fail(error: unknown): unknown {
    this.#isLeft = false;
    return this.#start.run?.fail(error, this.#start.driven.signal) ?? error;
  }

  leave(): void {
    if (this.#isLeft) this.#start.run?.interrupt();
  }
}
