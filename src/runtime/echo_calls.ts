/**
 * What `sifaka doctor` calls to see whether the I/O worker answers.
 *
 * @module
 */

/** Gives back what it got. */
export function echo(value: unknown): Promise<unknown> {
  return Promise.resolve(value);
}
