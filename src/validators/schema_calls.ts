/**
 * Checks JSON against a JSON Schema with ajv. Reached by URL alone, so that the package is loaded with the first call.
 *
 * @module
 */

import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { show } from "../options.ts";
import { LinearRegex } from "../text/linear_regex.ts";
import type { SchemaIssue } from "./format_schema.ts";

/** What is checked against what. */
export interface SchemaRequest {
  /** The schema, which has been checked itself. */
  readonly schema: boolean | object;
  /** JSON texts, each one valid value. */
  readonly texts: readonly string[];
}

/** A pattern takes linear time, whatever it is. */
const regExp = Object.assign(
  (source: string, flags: string): { test(text: string): boolean } => {
    const pattern = LinearRegex.compile(source, flags)!;
    return {
      test: (text) => {
        for (const _ of pattern.matchAll(text)) return true;
        return false;
      },
    };
  },
  { code: "regExp" },
);

/**
 * Checks JSON texts.
 *
 * @param request The schema and the texts.
 * @returns What is wrong with each.
 */
export function check({ schema, texts }: SchemaRequest): Promise<SchemaIssue[][]> {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    validateSchema: false,
    logger: false,
    code: { regExp },
  });
  const validate = ajv.compile(schema);
  return Promise.resolve(
    texts.map((text) => validate(JSON.parse(text)) ? [] : (validate.errors ?? []).map(toIssue)),
  );
}

function toIssue(
  { instancePath, message = "does not fit", data, params, keyword }: ErrorObject,
): SchemaIssue {
  const path = instancePath.split("/").slice(1).map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  const detail = keyword === "enum"
    ? `must be one of ${show(params.allowedValues)}`
    : keyword === "const"
    ? `must be ${show(params.allowedValue)}`
    : keyword === "additionalProperties"
    ? `must not have the property ${show(params.additionalProperty)}`
    : message;
  return { path, message: `${detail}: found ${show(data)}` };
}
