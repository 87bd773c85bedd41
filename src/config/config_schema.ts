/**
 * The JSON Schema of a configuration, generated from the descriptions by which the components check their own options.
 *
 * @module
 */

import { CHAIN_FILE_OPTIONS } from "../chain/options.ts";
import type { JsonValue } from "../json.ts";
import { type ComponentDescription, type ComponentDescriptions, MODULE, MODULE_OPTION } from "./component.ts";
import { type JsonSchema, objectSchema, valueSchema } from "./json_schema.ts";
import { MODEL_SETTINGS } from "./model_settings.ts";
import { CRITICS, RETRIEVERS, VALIDATORS } from "./registry.ts";

/**
 * Makes the JSON Schema (draft 7) of a configuration. Editors complete and check a file that begins with
 * `# yaml-language-server: $schema=./sifaka.schema.json`.
 *
 * @returns The schema.
 *
 * @example
 * ```ts
 * import { configSchema } from "@sifaka/sifaka/config";
 *
 * console.log(configSchema().title); // "Sifaka configuration"
 * ```
 */
export function configSchema(): JsonSchema {
  const text = (description: string): JsonValue => ({
    type: "string",
    minLength: 1,
    pattern: "\\S",
    description,
  });
  const listOf = (kind: string, description: string): JsonValue => ({
    type: "array",
    description,
    items: refTo(kind),
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sifaka configuration",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string", description: "The schema of this file, for editors that read JSON." },
      model: modelSchema(
        "Writes the texts: provider:name, or a map. The first that is at hand when left out.",
      ),
      systemPrompt: text("What the model is told it is. {{name}} takes a variable."),
      prompt: text("The task. {{name}} takes a variable."),
      variables: {
        type: "object",
        description: "Values for {{name}}.",
        additionalProperties: { type: ["string", "number", "boolean"] },
      },
      input: text("A file that holds a text to improve, relative to this file."),
      retrievers: {
        type: "object",
        description: "Find documents.",
        additionalProperties: false,
        properties: {
          model: listOf("retriever", "For the model."),
          critic: listOf("retriever", "For the critics."),
        },
      },
      validators: listOf("validator", "Check every text."),
      critics: listOf("critic", "Say how to improve a text."),
      options: chainOptionsSchema(),
      storage: text(
        "Where runs are kept: sqlite:PATH, file:FOLDER or file:NAME.json, relative to this file, redis://HOST:PORT, or memory; tiers, the fastest first, joined by +.",
      ),
    },
    definitions: {
      validator: componentSchema("validator", VALIDATORS),
      critic: componentSchema("critic", CRITICS),
      retriever: componentSchema("retriever", RETRIEVERS),
    },
  };
}

function chainOptionsSchema(): JsonSchema {
  const schema = objectSchema(CHAIN_FILE_OPTIONS);
  const fallbackModels: JsonValue = {
    type: "array",
    description: "Tried in order when a model has failed after its retries.",
    items: modelSchema("A model."),
  };
  return {
    ...schema,
    description: "How the chain runs.",
    properties: { ...schema.properties as JsonSchema, fallbackModels },
  };
}

function modelSchema(description: string): JsonSchema {
  return {
    description,
    anyOf: [
      { type: "string", minLength: 1, pattern: "\\S", title: "a text such as openai:gpt-6.1-terra" },
      { ...objectSchema(MODEL_SETTINGS, ["provider"]), title: "a map with a provider and a name" },
    ],
  };
}

/** Points at what one kind of component may be. Components are made of components, so the schema refers to itself. */
function refTo(kind: string): JsonSchema {
  return { $ref: `#/definitions/${kind}` };
}

function componentSchema(kind: string, entries: ComponentDescriptions): JsonSchema {
  const properties: Record<string, JsonValue> = {};
  for (const [name, entry] of Object.entries(entries)) properties[name] = entrySchema(kind, entry);
  properties[MODULE] = valueSchema(MODULE_OPTION)!;
  return {
    anyOf: [
      { type: "string", enum: Object.keys(entries), title: `the name of a ${kind}` },
      {
        type: "object",
        title: `a map with one key: the name of a ${kind} with its options below it`,
        properties,
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  };
}

function entrySchema(kind: string, { options, parts }: ComponentDescription): JsonSchema {
  const schema = objectSchema(options, parts && [parts.option]);
  const fields: Record<string, JsonValue> = { ...schema.properties as JsonSchema };
  if (Object.hasOwn(options, "model")) fields.model = modelSchema("Its model. The chain's when left out.");
  if (parts === undefined) {
    // A name with nothing after its colon is a name without options.
    return { ...schema, type: ["object", "null"], properties: fields };
  }
  const { option, isList, description } = parts;
  fields[option] = isList
    ? { type: "array", description, minItems: 1, items: refTo(kind) }
    // Beside a reference, draft 7 ignores every other keyword.
    : { description, allOf: [refTo(kind)] };
  return { ...schema, properties: fields };
}
