/**
 * Collects the cases of a storage. Each runs under every driver, on a fresh storage each time.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { simulate } from "../drivers/simulation.ts";
import { runSync } from "../drivers/sync.ts";
import type { SifakaError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage, StorageOperations } from "../storage/storage.ts";
import { type Came, cameOf, type ConformanceCase, expect, expectEqual, mismatch } from "./conformance.ts";

/** What is done with a storage. */
export type StorageBody<T> = (storage: StorageOperations) => Operation<T>;

/** An error that a storage throws. */
export interface ExpectedError {
  /** Its class. */
  readonly Class: new (message: string) => SifakaError;
  /** What its message says. */
  readonly message: RegExp;
}

/** Collects cases. */
export class StorageCases {
  /** Those that were added so far. */
  readonly list: ConformanceCase[] = [];
  /** Makes a storage. */
  readonly make: () => Storage;
  readonly #simulated: boolean;
  readonly #component: string | undefined;

  /**
   * @param make Makes a storage.
   * @param options Whether its cases run in a simulation, too, and what its errors name.
   */
  constructor(make: () => Storage, options: { simulated: boolean; component: string | undefined }) {
    this.make = make;
    this.#simulated = options.simulated;
    this.#component = options.component;
  }

  /** Adds a case. */
  test(name: string, run: () => Promise<void>): void {
    this.list.push({ name, run: async () => await run() });
  }

  /** Adds a case of something that gives a value. */
  gives<T>(name: string, expected: T, body: StorageBody<T>): void {
    this.#under(name, body, (came, driver) => {
      if (!came.ok) throw came.error;
      expectEqual(came.value, expected, `what it gives under ${driver}`);
    });
  }

  /** Adds a case of something that throws. */
  refuses(name: string, { Class, message }: ExpectedError, body: StorageBody<unknown>): void {
    this.#under(name, body, (came, driver) => {
      if (came.ok) {
        throw mismatch(`it gives ${show(came.value)} under ${driver} and should throw ${Class.name}`);
      }
      const { error } = came;
      expect(
        error instanceof Class && message.test(error.message),
        `it throws under ${driver} another error than ${Class.name} with ${message}: ${String(error)}`,
      );
      const { component } = error as SifakaError;
      expect(component !== undefined, "the error names no component");
      if (this.#component !== undefined) expectEqual(component, this.#component, "what the error names");
    });
  }

  #under(
    name: string,
    body: StorageBody<unknown>,
    check: (came: Came, driver: string) => void,
  ): void {
    const operation = () => closing(operationsOf(this.make()), body);
    this.test(name, async () => {
      check(await cameOf(() => runSync(operation())), "runSync");
      check(await cameOf(() => runAsync(operation())), "runAsync");
      for (const seed of this.#simulated ? [1, 2, 3] : []) {
        const { outcome } = simulate(operation(), { seed });
        check(outcome.ok ? outcome : { ok: false, error: outcome.error }, `simulate with seed ${seed}`);
      }
    });
  }
}

function* closing(operations: StorageOperations, body: StorageBody<unknown>): Operation<unknown> {
  try {
    return yield* body(operations);
  } finally {
    yield* operations.close();
  }
}
