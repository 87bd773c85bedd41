/** The part of Milvus' filter language that Sifaka writes: comparisons and lists, joined by `and`. */

import { Buffer } from "node:buffer";

type Row = Readonly<Record<string, unknown>>;
type Value = string | number | boolean;

const TOKENS = /\s*(>=|<=|==|!=|[<>[\],]|"(?:[^"\\]|\\.)*"|-?\d+|[a-z_]+)/y;

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
  const conditions: ((row: Row) => boolean)[] = [];
  do {
    const [field, operator] = [next(), next()];
    if (operator === "in") {
      if (next() !== "[") throw new Error("a list was expected");
      const values: Value[] = [];
      do values.push(literal()); while (next() === ",");
      conditions.push((row) => values.some((value) => compare(row[field], value) === 0));
    } else {
      const holds = HOLDS[operator];
      if (holds === undefined) throw new Error(`no operator: ${operator}`);
      const value = literal();
      conditions.push((row) => holds(compare(row[field], value)));
    }
  } while (tokens.length > 0 && next() === "and");
  if (tokens.length > 0) throw new Error(`cannot parse expression: ${filter}`);
  return (row) => conditions.every((holds) => holds(row));
}
