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
  const { operation, driven, run } = start();
  let isLeft = true;
  try {
    const result = yield* eventsSync(operation, driven) as unknown as ReturnType<typeof followSync>;
    isLeft = false;
    return run?.finish(result) ?? result;
  } catch (error) {
    isLeft = false;
    throw run?.fail(error, driven.signal) ?? error;
  } finally {
    if (isLeft) run?.interrupt();
  }
}

/**
 * Reads a run on an event loop.
 *
 * @param start Begins the run; called when the first event is asked for.
 * @returns An async generator of events, then of the result.
 */
export async function* followAsync(start: () => Start): AsyncGenerator<ChainEvent, RunResult, undefined> {
  const { operation, driven, run } = start();
  let isLeft = true;
  try {
    const result = yield* eventsAsync(operation, driven) as unknown as ReturnType<typeof followAsync>;
    isLeft = false;
    return run?.finish(result) ?? result;
  } catch (error) {
    isLeft = false;
    throw run?.fail(error, driven.signal) ?? error;
  } finally {
    if (isLeft) run?.interrupt();
  }
}
