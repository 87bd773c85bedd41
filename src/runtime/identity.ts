/**
 * Identifiers and random numbers of this machine. Everything else asks for them by an effect.
 *
 * @module
 */

/** A UUID, version 4. */
export function newId(): string {
  return crypto.randomUUID();
}

/** A number from 0 (included) to 1 (excluded). */
export function randomNumber(): number {
  return Math.random();
}
