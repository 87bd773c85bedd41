/**
 * How a component stands in a configuration, and what makes it.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Model } from "../models/model.ts";
import { type OptionSchema, type OptionSchemas, show } from "../options.ts";
import type { Storage } from "../storage/storage.ts";
import type { Path } from "./places.ts";

/** What a component may need to be made. */
export interface MakeContext<T> {
  /** The folder that paths start from. */
  readonly folder: string;
  /**
   * Makes the model of an option, or gives the chain's own where the option is left out.
   *
   * @param option What the configuration says.
   * @param path Where it says so, from the component's options on.
   */
  readonly model: (option: JsonValue | undefined, path: Path) => Model | string;
  /** Opens the storage that the option `storage` names; `undefined` where it is left out. */
  readonly storage: () => Storage | undefined;
  /** The components of the entry's `parts`, made; none where the entry has none. */
  readonly parts: readonly T[];
}

/** The options of a component, checked by its schema. */
export type ComponentOptions = Readonly<Record<string, JsonValue>>;

/** What a configuration may say of a component. */
export interface ComponentDescription {
  /** The options it takes, as its class describes them. */
  readonly options: OptionSchemas;
  /** The option that holds components of the same kind, where it is made of some; it must be given. */
  readonly parts?: PartsOption;
}

/** A component that a configuration may name. */
export interface ComponentEntry<T> extends ComponentDescription {
  /** Makes it. The options are without `parts` and `storage`, which the context has. */
  readonly make: (options: ComponentOptions, context: MakeContext<T>) => T;
}

/** An option that holds components. */
export interface PartsOption {
  /** Its name. */
  readonly option: string;
  /** Whether it holds a list of them, and not one. */
  readonly isList: boolean;
  /** What it is for. */
  readonly description: string;
}

/** The option of components that keep something: where. */
export const STORAGE_OPTION: OptionSchema = {
  description:
    "Where: sqlite:PATH, file:FOLDER or file:NAME.json, relative to this file, redis://HOST:PORT, or memory; tiers joined by +.",
  type: "string",
  minLength: 1,
};

/** The components of one kind, by the names that configurations use. */
export type ComponentEntries<T> = Readonly<Record<string, ComponentEntry<T>>>;

/** What a configuration may say of components of one kind, by their names. */
export type ComponentDescriptions = Readonly<Record<string, ComponentDescription>>;

/** One item of a list of components. */
export interface ComponentItem {
  /** Its name, or `"module"`. */
  readonly name: string;
  /** Its options; none for a bare name. */
  readonly options: ComponentOptions;
  /** Where its options stand. */
  readonly path: Path;
}

/** The name under which a configuration loads a component from code. */
export const MODULE = "module";

/** The options of `module:` in its long form. */
export const MODULE_OPTION: OptionSchema = {
  description: "Code whose default export is a component, or a function that makes one of its options.",
  anyOf: [
    { type: "string", minLength: 1 },
    {
      type: "object",
      properties: {
        path: { type: "string", minLength: 1, description: "The file, relative to the configuration." },
        options: { type: "object", additionalProperties: true, description: "Given to the function." },
      },
      required: ["path"],
    },
  ],
};

/**
 * Reads one item of a list of components: a name, or a map from a name to options.
 *
 * @param item The item.
 * @param path Where it stands.
 * @returns Its name and options.
 * @throws {ConfigurationError} When it is neither. The schema of a configuration finds that earlier.
 */
export function readItem(item: JsonValue, path: Path): ComponentItem {
  if (typeof item === "string") return { name: item, options: {}, path };
  const [first, ...others] = Object.entries(isMap(item) ? item : {});
  if (first === undefined || others.length > 0) {
    throw new ConfigurationError(
      `a component must be a name, or a map with one key: the name with its options below it: it is ${
        show(item)
      }`,
      { code: "invalid_option" },
    );
  }
  const [name, value] = first;
  const options = name === MODULE && typeof value === "string" ? { path: value } : value ?? {};
  return { name, options: options as ComponentOptions, path: [...path, name] };
}

function isMap(value: unknown): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
