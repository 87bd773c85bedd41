/** A part of Milvus' filter language: comparisons and lists, joined by `and`, of fields and of what lies in a field of JSON. */

import { Buffer } from "node:buffer";

type Row = Readonly<Record<string, unknown>>;
type Value = string | number | boolean;

const TOKENS = /\s*(>=|<=|==|!=|[<>[\],]|"(?:[^"\\]|\\.)*"|-?\d+|[A-Za-z_][A-Za-z0-9_]*)/y;

function tokensOf(filter: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < filter.length) {
    const [, token] = TOKENS.exec(filter) ?? [];
    if (token === undefined) throw new Error(`cannot parse expression: ${filter}`);
    tokens.push(token);
  }
  return tokens;
}

/** The order of texts is that of their bytes. */
function compare(a: unknown, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a !== typeof b) throw new Error("cannot compare values of two types");
  return Number(a) - Number(b);
}

const valueAt = (row: Row, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Row | undefined)?.[name], row);

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** Reads a filter; throws where it is none. */
export function parseFilter(filter: string): (row: Row) => boolean {
  const tokens = tokensOf(filter);
  const next = (): string => {
    const token = tokens.shift();
    if (token === undefined) throw new Error(`cannot parse expression: ${filter}`);
    return token;
  };
  const literal = (): Value => JSON.parse(next()) as Value;
  const path = (): string[] => {
    const names = [next()];
    while (tokens[0] === "[") {
      const [, name, end] = [next(), next(), next()];
      if (end !== "]") throw new Error(`cannot parse expression: ${filter}`);
      names.push(JSON.parse(name!) as string);
    }
    return names;
  };
  const conditions: ((row: Row) => boolean)[] = [];
  do {
    const names = path();
    const operator = next();
    if (operator === "in") {
      if (next() !== "[") throw new Error("a list was expected");
      const values: Value[] = [];
      do values.push(literal()); while (next() === ",");
      conditions.push((row) => values.some((value) => compare(valueAt(row, names), value) === 0));
    } else {
      const holds = HOLDS[operator];
      if (holds === undefined) throw new Error(`no operator: ${operator}`);
      const value = literal();
      conditions.push((row) => holds(compare(valueAt(row, names), value)));
    }
  } while (tokens.length > 0 && next() === "and");
  if (tokens.length > 0) throw new Error(`cannot parse expression: ${filter}`);
  return (row) => conditions.every((holds) => holds(row));
}
