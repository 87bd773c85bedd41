/**
 * The values that survive JSON unharmed.
 *
 * @module
 */

/** A value that survives JSON unharmed: no `undefined`, `NaN`, functions, cycles or class instances. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
