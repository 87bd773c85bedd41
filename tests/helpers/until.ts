/** Waiting for what another thread or process does, which a busy machine may do late. */
import { setTimeout as wait } from "node:timers/promises";

/** Longer than any machine that works takes. */
const PATIENCE_MS = 60_000;

/** Waits until a condition holds; throws with `what` when it never does. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!await condition()) {
    if (performance.now() > endMs) throw new Error(`never seen: ${what}`);
    await wait(5);
  }
}
