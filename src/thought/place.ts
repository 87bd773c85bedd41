/**
 * Checks the fields of Sifaka's data types, and names the place of what is wrong.
 *
 * One set of checks serves two callers: constructors, where a mistake is the programmer's (a `ConfigurationError`, and an
 * unknown field is one), and `fromJSON`, where it is the record's (a `StorageError`, and an unknown field may come from a
 * later version, so it is kept).
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../errors.ts";
import { show } from "../options.ts";
import { hintFor } from "../text/nearest.ts";
import { setField } from "./frozen.ts";

/** A plain object of unknown content. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** The names of a record's fields. */
export type FieldNames = ReadonlySet<string>;

/**
 * Lists the fields of a record.
 *
 * @param names Their names.
 * @returns The list, for {@linkcode checkFields}.
 */
export function fieldNames(...names: readonly string[]): FieldNames {
  return new Set(names);
}

/** Where a value stands in what is being made or read. */
export class Place {
  /** What is being made or read, for example `"Thought"`. */
  readonly subject: string;
  /** The way to the record that is being checked; empty for the subject itself. */
  readonly path: string;
  /** Fields that this version does not know, by their path within the owner of `metadata`; only when reading. */
  readonly unknown: Record<string, unknown> | undefined;
  readonly #ownerPath: string;

  private constructor(
    subject: string,
    path: string,
    unknown: Record<string, unknown> | undefined,
    ownerPath: string,
  ) {
    this.subject = subject;
    this.path = path;
    this.unknown = unknown;
    this.#ownerPath = ownerPath;
  }

  /** The place of something that is being made. */
  static making(subject: string): Place {
    return new Place(subject, "", undefined, "");
  }

  /** The place of something that is being read. */
  static reading(subject: string): Place {
    return new Place(subject, "", {}, "");
  }

  /** The place of a part that has no metadata of its own. */
  at(key: string | number): Place {
    return new Place(this.subject, joinPath(this.path, key), this.unknown, this.#ownerPath);
  }

  /** The place of a part that has metadata of its own. */
  ownerAt(key: string | number): Place {
    const path = joinPath(this.path, key);
    return new Place(this.subject, path, this.unknown && {}, path);
  }

  /** Says that a field is not what it must be. */
  fail(field: string | number, rule: string, value: unknown): never {
    const name = (field === "" ? this.path : joinPath(this.path, field)) || this.subject;
    const found = value === undefined ? `${name} is missing` : `${name} is ${show(value)}`;
    throw this.error(`${name} must ${rule}: ${found}`, name);
  }

  /** Makes the error for what is wrong here. */
  error(problem: string, path: string = this.path): ConfigurationError | StorageError {
    const facts = { component: this.subject, metadata: { path } };
    return this.unknown === undefined
      ? new ConfigurationError(`Cannot create ${this.subject} as ${problem}`, {
        code: "invalid_value",
        ...facts,
      })
      : new StorageError(`Cannot read ${this.subject} as ${problem}`, { code: "invalid_record", ...facts });
  }

  /** Notes a field that is not known here: an error when making, kept when reading. */
  addUnknown(field: string, value: unknown, known: FieldNames): void {
    const path = joinPath(this.path, field);
    if (this.unknown === undefined) {
      throw this.error(`there is no field ${path}; ${hintFor(field, [...known])}`, path);
    }
    const within = path.slice(this.#ownerPath.length);
    setField(this.unknown, within.startsWith(".") ? within.slice(1) : within, value);
  }
}

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

function joinPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!PLAIN_KEY.test(key)) return `${path}[${show(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Refuses what is no plain record, and sees to fields that are not known. */
export function checkFields(place: Place, value: unknown, known: FieldNames): UnknownRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    place.fail("", "be an object", value);
  }
  for (const key in value) {
    if (!known.has(key)) place.addUnknown(key, (value as UnknownRecord)[key], known);
  }
  return value as UnknownRecord;
}

/** A boolean that must be there. */
export function checkBoolean(place: Place, field: string, value: unknown): boolean {
  return typeof value === "boolean" ? value : place.fail(field, "be a boolean", value);
}

/** A string, or its default when left out. */
export function checkString<T>(place: Place, field: string, value: unknown, fallback: T): string | T {
  if (typeof value === "string") return value;
  return value === undefined ? fallback : place.fail(field, "be a string", value);
}

/** A string that must be there and not be blank. */
export function checkName(place: Place, field: string, value: unknown): string {
  return typeof value === "string" && value.trim() !== ""
    ? value
    : place.fail(field, "be a string that is not blank", value);
}

/** A number within bounds, or `undefined`. Minus zero, which JSON cannot hold, becomes zero. */
export function checkNumber(
  place: Place,
  field: string,
  value: unknown,
  lowest: number = -Infinity,
  highest: number = Infinity,
): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isFinite(value) && (value as number) >= lowest && (value as number) <= highest) {
    return (value as number) + 0;
  }
  const bounds = highest < Infinity
    ? ` from ${lowest} to ${highest}`
    : lowest > -Infinity
    ? ` of at least ${lowest}`
    : "";
  return place.fail(field, `be a finite number${bounds}`, value);
}

/** A count: an integer of at least 0. */
export function checkCount(place: Place, field: string, value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number) + 0
    : place.fail(field, "be an integer of at least 0", value);
}

/** One of a few strings, or its default when left out. */
export function checkChoice<T extends string>(
  place: Place,
  field: string,
  value: unknown,
  choices: readonly T[],
): T | undefined {
  if (value === undefined || choices.includes(value as T)) return value as T | undefined;
  return place.fail(field, `be one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, value);
}

/** A list. */
export function checkList(place: Place, field: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : place.fail(field, "be an array", value);
}
