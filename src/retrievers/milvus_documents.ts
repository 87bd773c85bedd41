/**
 * How a document lies in a row of a Milvus collection: whole, as JSON, or as its text alone.
 *
 * @module
 */

import { ConfigurationError, RetrieverError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { show } from "../options.ts";
import { type MilvusRow, textField as fieldOfText } from "../storage/milvus_collection.ts";
import { Document } from "../thought/document.ts";

/** Which fields a document stands in. */
export interface MilvusDocumentFields {
  /** The primary key. */
  readonly idField: string;
  /** The text alone; `undefined` where documents are kept whole. */
  readonly textField: string | undefined;
}

/** Where whole documents stand. */
const WHOLE = "document";
/** A field of text has at most so many bytes. */
const MAX_TEXT_BYTES = 65_535;
const MAX_ID_BYTES = 512;
/** The server gives the primary key of what it finds as `id`, too, and how near it is as `distance`. */
const TAKEN = { idField: ["vector", "distance"], textField: ["vector", "distance", "id"] } as const;

/**
 * Checks the names of fields.
 *
 * @param name The retriever, for the error.
 * @param fields The names.
 * @throws {ConfigurationError} When one is no plain identifier, or stands for something else.
 */
export function checkFieldNames(name: string, fields: MilvusDocumentFields): void {
  const { idField, textField = WHOLE } = fields;
  for (const [option, field] of Object.entries({ idField, textField })) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(field)) {
      throw refusal(name, option, "be letters, digits and underscores, no digit first", field);
    }
    if (TAKEN[option as keyof typeof TAKEN].some((taken) => taken === field)) {
      throw refusal(name, option, "be another field: that name stands for something else", field);
    }
  }
  if (idField === textField) throw refusal(name, "idField", `be another field than ${textField}`, idField);
}

function refusal(name: string, option: string, rule: string, field: string): ConfigurationError {
  return new ConfigurationError(`Cannot create ${name} as ${option} must ${rule}: it is ${show(field)}`, {
    code: "invalid_option",
    component: name,
  });
}

/**
 * Describes the fields besides the vector.
 *
 * @param fields Their names.
 * @returns The descriptions, as the server takes them.
 */
export function fieldsOfDocuments({ idField, textField }: MilvusDocumentFields): readonly MilvusRow[] {
  return [
    { ...fieldOfText(idField, MAX_ID_BYTES), isPrimary: true },
    textField === undefined ? { fieldName: WHOLE, dataType: "JSON" } : fieldOfText(textField, MAX_TEXT_BYTES),
  ];
}

/**
 * Lists the fields that a document is read from.
 *
 * @param fields Their names.
 * @returns The names alone.
 */
export function namesOfFields({ idField, textField = WHOLE }: MilvusDocumentFields): readonly string[] {
  return [idField, textField];
}

/**
 * Tells what of a document has no field.
 *
 * @param document The document.
 * @param fields The names of the fields.
 * @returns What would be lost, in words; nothing where documents are kept whole.
 */
export function lostParts(document: Document, { textField }: MilvusDocumentFields): readonly string[] {
  if (textField === undefined) return [];
  const { source, metadata } = document;
  return [
    ...source === undefined ? [] : ["a source"],
    ...Object.keys(metadata).length === 0 ? [] : ["metadata"],
  ];
}

/**
 * Writes a document as a row.
 *
 * @param document The document, with its id.
 * @param vector The vector of its text.
 * @param fields The names of the fields.
 * @returns The row.
 */
export function rowOfDocument(
  document: Document,
  vector: readonly number[],
  { idField, textField }: MilvusDocumentFields,
): MilvusRow {
  return {
    [idField]: document.id!,
    vector: [...vector],
    ...textField === undefined ? { [WHOLE]: document.toJSON() as JsonValue } : { [textField]: document.text },
  };
}

/**
 * Reads a document from a row.
 *
 * @param name The retriever, for the error.
 * @param row The row, as the server gave it.
 * @param fields The names of the fields.
 * @returns The document.
 * @throws {RetrieverError} When what should be a whole document is none.
 */
export function documentOfRow(
  name: string,
  row: MilvusRow,
  { idField, textField }: MilvusDocumentFields,
): Document {
  const id = String(row[idField]);
  if (textField !== undefined) return new Document({ id, text: String(row[textField] ?? "") });
  const whole = row[WHOLE];
  try {
    // The server writes JSON as a text.
    return Document.fromJSON(typeof whole === "string" ? JSON.parse(whole) : whole);
  } catch (cause) {
    throw new RetrieverError(
      `Cannot retrieve from ${name} as ${WHOLE} of the row ${show(id)} is no document`,
      {
        code: "corrupt",
        component: name,
        operation: "retrieve",
        cause,
        suggestions: [
          "Name the field of the texts as textField where the collection was not made by addDocuments.",
        ],
      },
    );
  }
}
