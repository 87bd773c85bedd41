/**
 * Validators and critics by their names.
 *
 * @module
 */

import { type ComponentEntry, MODULE } from "../config/component.ts";
import { makeComponents } from "../config/make_components.ts";
import { CRITICS, VALIDATORS } from "../config/registry.ts";
import { parseStorageSpec } from "../config/store_location.ts";
import { createStore } from "../config/store.ts";
import type { Critic } from "../critics/critic.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { createModel } from "../models/create_model.ts";
import type { Model } from "../models/model.ts";
import { show } from "../options.ts";
import { hintFor } from "../text/nearest.ts";
import type { Validator } from "../validators/validator.ts";
import type { NamedComponent } from "./presets.ts";

/** Options of a component that is made by its name. */
export type NamedOptions = Readonly<Record<string, JsonValue>>;

/**
 * Makes a component of one's own.
 *
 * @typeParam T The component.
 * @param options What stands below its name.
 * @param model The chain's model; for a critic, the critics' own where there is one.
 * @returns The component.
 */
export type ComponentFactory<T> = (options: NamedOptions, model: Model) => T;

/** Options of {@linkcode ComponentRegistry.registerValidator} and {@linkcode ComponentRegistry.registerCritic}. */
export interface RegisterComponentOptions {
  /** Whether the name may be taken already. @default false */
  readonly override?: boolean;
}

/**
 * Makes validators and critics by their names: those of Sifaka by the names that configurations use, and one's own. Registries
 * share nothing.
 *
 * @example
 * ```ts
 * import { defineValidator } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { ComponentRegistry, QuickStart } from "@sifaka/sifaka/quickstart";
 *
 * const registry = new ComponentRegistry();
 * registry.registerValidator("calm", () => defineValidator("calm", ({ text }) => !text?.includes("!")));
 * const model = new MockModel({ response: "Stay calm." });
 * const chain = QuickStart.withValidators("Write a note.", { model, registry, validators: ["calm"] });
 * console.log(chain.run().valid); // true
 * ```
 */
export class ComponentRegistry {
  readonly #validators = new Map<string, ComponentEntry<Validator>>(Object.entries(VALIDATORS));
  readonly #critics = new Map<string, ComponentEntry<Critic>>(Object.entries(CRITICS));

  /** The names of its validators. */
  get validators(): string[] {
    return [...this.#validators.keys()];
  }

  /** The names of its critics. */
  get critics(): string[] {
    return [...this.#critics.keys()];
  }

  /**
   * Adds a validator.
   *
   * @param name What it is asked for by.
   * @param factory Makes it.
   * @param options Whether it may replace another.
   * @throws {ConfigurationError} When the name is blank or taken.
   */
  registerValidator(
    name: string,
    factory: ComponentFactory<Validator>,
    options?: RegisterComponentOptions,
  ): void {
    register("validator", this.#validators, { name, factory, ...options });
  }

  /**
   * Adds a critic.
   *
   * @param name What it is asked for by.
   * @param factory Makes it.
   * @param options Whether it may replace another.
   * @throws {ConfigurationError} When the name is blank or taken.
   */
  registerCritic(name: string, factory: ComponentFactory<Critic>, options?: RegisterComponentOptions): void {
    register("critic", this.#critics, { name, factory, ...options });
  }

  /**
   * Makes a validator by its name.
   *
   * @param named Its name, or a map from it to its options.
   * @param model Whom it asks, where it asks a model.
   * @returns The validator.
   * @throws {ConfigurationError} When there is none of that name, or an option is wrong.
   */
  createValidator(named: NamedComponent, model: Model): Validator {
    return make("validator", this.#validators, { named, model });
  }

  /**
   * Makes a critic by its name.
   *
   * @param named Its name, or a map from it to its options.
   * @param model Whom it asks, unless its options name another.
   * @returns The critic.
   * @throws {ConfigurationError} When there is none of that name, or an option is wrong.
   */
  createCritic(named: NamedComponent, model: Model): Critic {
    return make("critic", this.#critics, { named, model });
  }
}

interface Registration<T> extends RegisterComponentOptions {
  readonly name: string;
  readonly factory: ComponentFactory<T>;
}

function register<T>(
  kind: string,
  entries: Map<string, ComponentEntry<T>>,
  { name, factory, override = false }: Registration<T>,
): void {
  const fail = (reason: string): ConfigurationError =>
    new ConfigurationError(`Cannot register a ${kind} as ${reason}`, { code: "invalid_option" });
  if (typeof name !== "string" || name.trim() === "" || name === MODULE) {
    throw fail(`its name must be a text that is not blank or "${MODULE}": name is ${show(name)}`);
  }
  if (typeof factory !== "function") {
    throw fail(`what makes ${name} must be a function: it is ${show(factory)}`);
  }
  if (entries.has(name) && !override) {
    throw fail(`there is one of the name ${name}; pass { override: true } to replace it`);
  }
  entries.set(name, {
    options: {},
    make: (given, { model }) => factory(given, model(undefined, []) as Model),
  });
}

function make<T>(
  kind: string,
  entries: ReadonlyMap<string, ComponentEntry<T>>,
  { named, model }: { readonly named: NamedComponent; readonly model: Model },
): T {
  const fail = (reason: string): ConfigurationError =>
    new ConfigurationError(`Cannot make a ${kind} by its name as ${reason}`, { code: "unknown_component" });
  const [made] = runSync(makeComponents<T>([named], [], {
    entryOf: (name) => {
      const entry = entries.get(name);
      if (entry) return entry;
      throw fail(`there is none of the name ${show(name)}; ${hintFor(name, [...entries.keys()])}`);
    },
    contextOf: () => ({
      folder: ".",
      model: (option) => option === undefined ? model : createModel(option as string | Model),
    }),
    openStorage: (spec) => createStore(parseStorageSpec(spec)),
    placed: (_, use) => use(),
    load: () => {
      throw fail("modules are for configurations; give the component itself");
    },
  }));
  return made!;
}
