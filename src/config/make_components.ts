/**
 * Makes the components of a list, and the components that they are made of.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import type { Storage } from "../storage/storage.ts";
import {
  type ComponentDescriptions,
  type ComponentEntry,
  type ComponentItem,
  type MakeContext,
  MODULE,
  type PartsOption,
  readItem,
  STORAGE_OPTION,
} from "./component.ts";
import type { Path } from "./places.ts";

/** How the components of one list are made. */
export interface Maker<T> {
  /** Finds a component by its name; what it throws is given its place. */
  readonly entryOf: (name: string) => ComponentEntry<T>;
  /** Gives what a component of these options needs. */
  readonly contextOf: (item: ComponentItem) => Omit<MakeContext<T>, "parts" | "storage">;
  /** Opens a storage. */
  readonly openStorage: (spec: string, path: Path) => Storage;
  /** Gives what `make` throws its place. */
  readonly placed: (path: Path, make: () => T) => T;
  /** Loads a component from code. */
  readonly load: (item: ComponentItem) => Operation<T>;
}

/**
 * Makes the components of a list, in order.
 *
 * @typeParam T The components.
 * @param items The items, checked by the schema.
 * @param path Where the list stands.
 * @param maker How they are made.
 * @returns An operation of the components.
 * @throws {ConfigurationError} When one cannot be made.
 */
export function* makeComponents<T>(
  items: readonly JsonValue[],
  path: Path,
  maker: Maker<T>,
): Operation<T[]> {
  const made: T[] = [];
  for (const [index, item] of items.entries()) {
    made.push(yield* makeComponent(readItem(item, [...path, index]), maker));
  }
  return made;
}

function* makeComponent<T>(item: ComponentItem, maker: Maker<T>): Operation<T> {
  if (item.name === MODULE) return yield* maker.load(item);
  const entry = maker.entryOf(item.name);
  const parts = entry.parts ? yield* makeParts(item, entry.parts, maker) : [];
  const taken = [entry.parts?.option, entry.options.storage === STORAGE_OPTION ? "storage" : undefined];
  const options = Object.fromEntries(Object.entries(item.options).filter(([name]) => !taken.includes(name)));
  const { storage: spec } = item.options;
  const storage = (): Storage | undefined =>
    typeof spec === "string" ? maker.openStorage(spec, [...item.path, "storage"]) : undefined;
  const context = { ...maker.contextOf(item), storage, parts };
  return maker.placed(item.path, () => entry.make(options, context));
}

function* makeParts<T>(
  item: ComponentItem,
  { option, isList }: PartsOption,
  maker: Maker<T>,
): Operation<T[]> {
  const given = item.options[option];
  const path = [...item.path, option];
  if (given === undefined || isList !== Array.isArray(given)) {
    const what = isList ? "a list of at least one" : "one";
    return [maker.placed(item.path, () => {
      throw new ConfigurationError(
        `${item.name} needs the option ${option}: ${what}, written as in any list`,
        {
          code: "invalid_option",
        },
      );
    })];
  }
  if (isList) return yield* makeComponents(given as readonly JsonValue[], path, maker);
  return [yield* makeComponent(readItem(given, path), maker)];
}

/**
 * Tells whether a component of a list, or a part of one, takes a model.
 *
 * @param items The items, checked by the schema.
 * @param entries The components that may be named.
 */
export function asksModel(items: readonly JsonValue[], entries: ComponentDescriptions): boolean {
  return items.some((item) => {
    const { name, options } = readItem(item, []);
    const entry = Object.hasOwn(entries, name) ? entries[name]! : undefined;
    if (entry === undefined) return false;
    const parts = entry.parts && options[entry.parts.option];
    return Object.hasOwn(entry.options, "model") ||
      (parts !== undefined && asksModel([parts].flat() as JsonValue[], entries));
  });
}
