/**
 * What ends a run as the death of its process does.
 *
 * @module
 */

/**
 * Thrown by a performer when the process that it plays has died. It passes every operation by: no `catch` block sees it, and
 * no `finally` block runs.
 */
export class Halt extends Error {}
