/**
 * Reads YAML into JSON values and remembers where each stands.
 *
 * A configuration may come from elsewhere, so reading it is bounded before it is parsed: its size, how deep it nests, and how
 * many values its aliases make. Duplicate keys are found here and not by the parser, whose own check takes time that grows
 * with the square of the number of keys.
 *
 * @module
 */

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLError,
} from "yaml";
import type { JsonValue } from "../json.ts";
import { withoutEnvironment } from "../runtime/without_environment.ts";
import { withoutStacks } from "../runtime/without_stacks.ts";
import { hideSecrets } from "../text/secret_names.ts";
import { type Path, Places, type Span } from "./places.ts";
import { configError, shortName } from "./problem.ts";

/** The deepest nesting of lists and maps. */
export const MAX_DEPTH = 64;

/** The most values a configuration may hold, those that aliases repeat included. */
const MAX_VALUES = 100_000;

/** The most signs, words and spaces between them: the parser takes its time for each. */
const MAX_TOKENS = 50_000;

/** The parser quotes what it did not expect, however long that is. */
const LONGEST_MESSAGE = 500;

/** A configuration as it was written. */
export interface YamlSource {
  /** Its value; `null` for an empty file. */
  readonly value: JsonValue;
  /** Where its values stand. */
  readonly places: Places;
}

/**
 * Reads YAML.
 *
 * @param text The text.
 * @param file What the file is called in messages.
 * @param at Where its value stands in the configuration, where it is only a part of it.
 * @returns Its value, and where each part of it stands.
 * @throws {ConfigurationError} When it is no YAML, or breaks a bound.
 */
export function readYaml(text: string, file: string, at: Path = []): YamlSource {
  const places = new Places(file, text);
  refuseLargeText(text, places);
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "error" } as const;
  const document = withinStack(
    places,
    text,
    () => withoutStacks(() => withoutEnvironment(() => parseDocument<ParsedNode>(text, options))),
  );
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw syntaxError(error, places);
  const reader = new Reader(places, at);
  return { value: document.contents === null ? null : reader.read(document.contents, [], 0), places };
}

/**
 * The parser goes down one call a level. Where it runs out of stack it mostly reports that like any other fault, but in some
 * places it throws.
 */
function withinStack<T>(places: Places, text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(places, { start: 0, end: text.length });
    throw error;
  }
}

/** The parser takes long over thousands of open brackets and of faults, so they are counted before it sees them. */
function refuseLargeText(text: string, places: Places): void {
  let depth = 0;
  let offset = 0;
  let count = 0;
  for (const token of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS) {
      throw tooLarge(
        places,
        { start: offset, end: offset + 1 },
        `a configuration has at most ${MAX_TOKENS} words and signs`,
      );
    }
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    if (depth > MAX_DEPTH) throw tooDeep(places, { start: offset, end: offset + 1 });
    // These three mark structure and stand for no character of the text.
    if (token !== "\x02" && token !== "\x18" && token !== "\x1f") offset += token.length;
  }
}

function tooDeep(places: Places, span: Span): Error {
  return tooLarge(places, span, `lists and maps may be nested at most ${MAX_DEPTH} deep`);
}

function tooLarge(places: Places, span: Span, message: string): Error {
  return configError(places, [{ path: [], message, span }], { code: "config_too_large" });
}

const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces, not tabs",
  MULTIPLE_DOCS: "a configuration is one document; remove the line ---",
  BAD_INDENT: "the indentation does not fit, or a bracket is not closed",
  MISSING_CHAR: "a quote or a bracket is not closed, or a comma or colon is missing",
  TAG_RESOLVE_FAILED: "tags such as !name are not used here; quote the text if it begins with !",
  BAD_ALIAS: "quote the text if it begins with *",
};

function syntaxError(error: YAMLError, places: Places): Error {
  const [start, end] = error.pos;
  // The parser goes down one call a level, and reports running out of stack like any other fault.
  if (/call stack/i.test(error.message)) return tooDeep(places, { start, end });
  const advice = ADVICE[error.code];
  const message = `this is not valid YAML: ${
    lowerFirst(hideSecrets(error.message.slice(0, LONGEST_MESSAGE).trim()).replace(/\.$/, ""))
  }`;
  return configError(places, [{ path: [], message, span: { start, end } }], {
    code: "invalid_yaml",
    suggestions: advice === undefined ? [] : [`${advice[0]!.toUpperCase()}${advice.slice(1)}.`],
  });
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? `${text[0]!.toLowerCase()}${text.slice(1)}` : text;
}

class Reader {
  readonly #places: Places;
  readonly #at: Path;
  /** The last anchor of each name, and what each alias stands for: the parser's own look-up walks over the whole document. */
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #targets = new Map<ParsedNode, ParsedNode | undefined>();
  #repeating = 0;
  #count = 0;

  constructor(places: Places, at: Path) {
    this.#places = places;
    this.#at = at;
  }

  read(node: ParsedNode | null, path: Path, depth: number, key?: Span): JsonValue {
    if (node === null) {
      if (key) this.#places.add(path, { value: key, key });
      return null;
    }
    const span = spanOf(node);
    this.#places.add(path, { value: span, ...(key ? { key } : {}) });
    if (depth > MAX_DEPTH) throw tooDeep(this.#places, span);
    if (++this.#count > MAX_VALUES) {
      throw this.#fail(
        span,
        `a configuration holds at most ${MAX_VALUES} values, those repeated by aliases included`,
      );
    }
    if (isAlias(node)) return this.#readAlias(node, path, depth, key);
    this.#noteAnchor(node);
    if (isScalar(node)) return this.#asWritten(node, this.#readScalar(node, span), path);
    if (isSeq(node)) {
      return (node.items as ParsedNode[]).map((item, index) => this.read(item, [...path, index], depth + 1));
    }
    return isMap(node)
      ? this.#readMap(node.items as Pair<ParsedNode, ParsedNode | null>[], path, depth)
      : null;
  }

  #noteAnchor(node: ParsedNode & { anchor?: string }): void {
    if (node.anchor !== undefined && this.#repeating === 0) this.#anchors.set(node.anchor, node);
  }

  /** What an alias stands for is settled where it is written, and not again where another alias repeats it. */
  #readAlias(node: ParsedNode & { source: string }, path: Path, depth: number, key?: Span): JsonValue {
    const target = this.#targets.get(node) ?? this.#anchors.get(node.source);
    if (!target) {
      throw this.#fail(spanOf(node), `there is no anchor &${shortName(node.source)} before this alias`);
    }
    this.#targets.set(node, target);
    this.#repeating++;
    const value = this.read(target, path, depth + 1, key);
    this.#repeating--;
    return value;
  }

  /** A variable is put into a text, where 1.10 is not 1.1, and 007 not 7. */
  #asWritten({ source }: Scalar, value: JsonValue, path: Path): JsonValue {
    const [top] = [...this.#at, ...path];
    const isRead = typeof value === "number" || typeof value === "boolean";
    return top === "variables" && isRead && source !== undefined && String(value) !== source ? source : value;
  }

  #readScalar(node: Scalar, span: Span): JsonValue {
    const { value } = node;
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw this.#fail(span, `a number must be finite: it is ${this.#places.source(span)}`);
    }
    if (
      value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ) {
      return value;
    }
    throw this.#fail(span, "a value must be text, a number, true, false, a list or a map");
  }

  #readMap(items: readonly Pair<ParsedNode, ParsedNode | null>[], path: Path, depth: number): JsonValue {
    const fields = new Map<string, JsonValue>();
    for (const { key, value } of items) {
      const span = spanOf(key);
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== "string" && typeof name !== "number" && typeof name !== "boolean") {
        throw this.#fail(span, "a key must be plain text");
      }
      this.#noteAnchor(key);
      if (fields.has(String(name))) {
        throw this.#fail(span, `the key ${shortName(String(name))} stands twice in this map`);
      }
      fields.set(String(name), this.read(value, [...path, String(name)], depth + 1, span));
    }
    // Own properties, even for a key such as __proto__.
    return Object.fromEntries(fields);
  }

  #fail(span: Span, message: string): Error {
    return configError(this.#places, [{ path: [], message, span }]);
  }
}

function spanOf(node: ParsedNode): Span {
  return { start: node.range[0], end: node.range[1] };
}
