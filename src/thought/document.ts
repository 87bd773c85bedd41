/**
 * A piece of reference text.
 *
 * @module
 */

import { checkMetadata, jsonFields, type JsonObject } from "./frozen.ts";
import { checkFields, checkNumber, checkString, fieldNames, Place } from "./place.ts";

/** What a {@linkcode Document} is made of. */
export interface DocumentInit {
  /** The text; may be empty. */
  readonly text: string;
  /** What its source calls it. */
  readonly id?: string;
  /** Further facts; JSON. */
  readonly metadata?: JsonObject;
  /** How well it fits the query; higher is better. Its range is the retriever's own. */
  readonly score?: number;
  /** Where it comes from: a file, an address, a title. */
  readonly source?: string;
}

/**
 * A piece of reference text that a retriever found. It cannot be changed.
 *
 * @example
 * ```ts
 * import { Document } from "@sifaka/sifaka";
 *
 * const document = new Document({ text: "Lemurs live in Madagascar.", source: "atlas", score: 0.9 });
 * console.log(document.source); // "atlas"
 * ```
 */
export class Document {
  /** The text; may be empty. */
  readonly text: string;
  /** What its source calls it. */
  readonly id?: string;
  /** Further facts. */
  readonly metadata: JsonObject;
  /** How well it fits the query; higher is better. */
  readonly score?: number;
  /** Where it comes from. */
  readonly source?: string;

  /**
   * Makes a document.
   *
   * @param init The text, and what is known about it.
   * @throws {ConfigurationError} When a field is unknown or wrong.
   */
  constructor(init: DocumentInit) {
    const checked = init instanceof CheckedDocument ? init : checkDocument(MAKING, init);
    this.text = checked.text;
    this.id = checked.id;
    this.metadata = checked.metadata;
    this.score = checked.score;
    this.source = checked.source;
    Object.freeze(this);
  }

  /**
   * Makes a document of what a retriever gave.
   *
   * @param value A document, what one is made of, or its text.
   * @returns The same document where it is one.
   * @throws {ConfigurationError} When a field is unknown or wrong.
   */
  static of(value: string | DocumentInit): Document {
    if (value instanceof Document) return value;
    return new Document(typeof value === "string" ? { text: value } : value);
  }

  /** The document as JSON. */
  toJSON(): JsonObject {
    return jsonFields(this);
  }

  /**
   * Reads what `toJSON` wrote.
   *
   * @param value The JSON.
   * @returns The document. Fields that this version does not know stand in `metadata.$extra`.
   * @throws {StorageError} When it is no document; the message names the field.
   */
  static fromJSON(value: unknown): Document {
    return makeDocument(Place.reading("Document"), value);
  }
}

/** What has been checked and frozen, so that it need not be again. */
class CheckedDocument implements DocumentInit {
  readonly text: string;
  readonly id: string | undefined;
  readonly metadata: JsonObject;
  readonly score: number | undefined;
  readonly source: string | undefined;

  constructor(place: Place, value: unknown) {
    const given = checkFields(place, value, FIELDS);
    this.text = typeof given.text === "string" ? given.text : place.fail("text", "be a string", given.text);
    this.id = checkString(place, "id", given.id, undefined);
    this.score = checkNumber(place, "score", given.score);
    this.source = checkString(place, "source", given.source, undefined);
    this.metadata = checkMetadata(place, given.metadata);
  }
}

const MAKING = Place.making("Document");
const FIELDS = fieldNames("text", "id", "metadata", "score", "source");

function checkDocument(place: Place, value: unknown): CheckedDocument {
  return new CheckedDocument(place, value);
}

/**
 * Makes a document of something unknown.
 *
 * @param place Where it stands.
 * @param value A document, what one is made of, or, when making, its text.
 * @returns The same document where it is one.
 */
export function makeDocument(place: Place, value: unknown): Document {
  if (value instanceof Document) return value;
  const init = typeof value === "string" && place.unknown === undefined ? { text: value } : value;
  return new Document(checkDocument(place, init));
}
