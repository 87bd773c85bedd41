/**
 * What counts as a time to wait.
 *
 * @module
 */

/**
 * Refuses a time that is no number: timers are kept in the order they come due, and `NaN` has no place in an order.
 *
 * @param name What the time is called.
 * @param durationMs The time, in milliseconds; may be `Infinity`.
 * @throws {RangeError} When it is not a number.
 */
export function checkDuration(name: string, durationMs: unknown): void {
  if (typeof durationMs === "number" && !Number.isNaN(durationMs)) return;
  throw new RangeError(`${name} must be a number of milliseconds: ${name} is ${String(durationMs)}`);
}
