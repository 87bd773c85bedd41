/**
 * How a component stands in a configuration, and what makes it.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { Model } from "../models/model.ts";
import type { OptionSchema, OptionSchemas } from "../options.ts";
import type { Path } from "./places.ts";

/** What a component may need to be made. */
export interface MakeContext {
  /** The folder that paths start from. */
  readonly folder: string;
  /**
   * Makes the model of an option, or gives the chain's own where the option is left out.
   *
   * @param option What the configuration says.
   * @param path Where it says so, from the component's options on.
   */
  readonly model: (option: JsonValue | undefined, path: Path) => Model | string;
}

/** The options of a component, checked by its schema. */
export type ComponentOptions = Readonly<Record<string, JsonValue>>;

/** A component that a configuration may name. */
export interface ComponentEntry<T> {
  /** The options it takes, as its class describes them. */
  readonly options: OptionSchemas;
  /** Makes it. */
  readonly make: (options: ComponentOptions, context: MakeContext) => T;
}

/** The components of one kind, by the names that configurations use. */
export type ComponentEntries<T> = Readonly<Record<string, ComponentEntry<T>>>;

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
 * @param item The item, checked by the schema.
 * @param path Where it stands.
 * @returns Its name and options.
 */
export function readItem(item: JsonValue, path: Path): ComponentItem {
  if (typeof item === "string") return { name: item, options: {}, path };
  const [[name, value]] = Object.entries(item as Record<string, JsonValue>) as [[string, JsonValue]];
  const options = name === MODULE && typeof value === "string" ? { path: value } : value ?? {};
  return { name, options: options as ComponentOptions, path: [...path, name] };
}
