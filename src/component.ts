/**
 * What validators, critics, classifiers, retrievers and models have in common.
 *
 * @module
 */

import { isNotCompared } from "./drivers/fingerprint.ts";

/**
 * Tells what it was made with, by which a resumed run notices that a component has changed.
 *
 * @example
 * ```ts
 * import { Component } from "@sifaka/sifaka";
 *
 * class Ruler extends Component {
 *   constructor(options: { readonly lengthCm: number }) {
 *     super(options);
 *   }
 * }
 * console.log(new Ruler({ lengthCm: 30 })._madeWith()); // { lengthCm: 30 }
 * ```
 */
export abstract class Component {
  readonly #options: object;

  /**
   * Begins a component.
   *
   * @param options What it is made with.
   */
  constructor(options: object = {}) {
    this.#options = { ...options };
  }

  /** What it was made with. Its secrets are never kept. */
  _madeWith(): object {
    return this.#options;
  }
}

const MAX_DEPTH = 8;

/**
 * Tells a component from others that may behave differently.
 *
 * @param component The component.
 * @returns JSON of what it was made with; of functions, only their names, and no secrets.
 */
export function describeComponent(component: object): unknown {
  return describe(component, 0);
}

function describe(value: unknown, depth: number): unknown {
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (value instanceof RegExp || value instanceof Date) return String(value);
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => describe(item, depth + 1));
  const fields = fieldsOf(value, depth).filter(([name]) => !isNotCompared(name));
  return [
    value.constructor?.name ?? "",
    ...fields.sort(([a], [b]) => a < b ? -1 : 1).map(([name, field]) => [name, describe(field, depth + 1)]),
  ];
}

/** What tells an object: for a component what it was made with, else its plain values, as others may change while it works. */
function fieldsOf(value: object, depth: number): [string, unknown][] {
  const { _madeWith } = value as { _madeWith?: () => object };
  if (typeof _madeWith === "function") return Object.entries(_madeWith.call(value));
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (isPlain && depth > 0) return Object.entries(value);
  return Object.entries(value).filter(([name, field]) =>
    (depth === 0 ? !COUNTER.test(name) : name === "name") &&
    ["string", "number", "boolean"].includes(typeof field)
  );
}

/** What a component of somebody's own counts as it works. */
const COUNTER = /calls|count/i;
