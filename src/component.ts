/**
 * What validators, critics, classifiers, retrievers and models have in common.
 *
 * @module
 */

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
