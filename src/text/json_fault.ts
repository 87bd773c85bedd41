/**
 * Words what is wrong with a JSON text, and the smallest repair of it.
 *
 * @module
 */

/** What is wrong, and what to do. */
export interface JsonProblem {
  /** What is wrong, as the end of a sentence. */
  readonly message: string;
  /** The smallest repair, an imperative sentence. */
  readonly repair: string;
}

/** Something wrong with a JSON text. */
export interface JsonFault extends JsonProblem {
  /** Where, a UTF-16 index. */
  readonly offset: number;
}

/** Thrown inside the reader. No `Error`: recording a stack would cost more than the reading. */
export class Fault implements JsonFault {
  /** Where, a UTF-16 index. */
  readonly offset: number;
  /** What is wrong. */
  readonly message: string;
  /** The smallest repair. */
  readonly repair: string;

  constructor(offset: number, message: string, repair: string) {
    this.offset = offset;
    this.message = message;
    this.repair = repair;
  }
}

/** What is said of a comment. */
export const COMMENT: JsonProblem = { message: "JSON has no comments", repair: "Remove the comment." };

/**
 * What stands where a value should.
 *
 * @param character The first character of it.
 * @param word The word that begins there, or "".
 * @param outermost Whether it is the place of the outermost value.
 * @returns The problem.
 */
export function noValue(character: string, word: string, outermost: boolean): JsonProblem {
  const closing = character === "]" || character === "}";
  if (closing) {
    const repair = `Remove the comma before ${character}, or add the value.`;
    return { message: `a value must stand before ${character}`, repair };
  }
  const bySign = VALUE_SIGNS.get(character);
  if (bySign !== undefined) return bySign;
  const known = WORD_REPAIRS.get(word);
  if (known !== undefined) return { message: `${word} is no JSON value`, repair: known };
  if (character === "+" || character === ".") {
    return { message: `${word} is no number of JSON`, repair: numberRepair(word) };
  }
  if (outermost) {
    return {
      message: "it does not begin with a JSON value",
      repair: "Remove the text before the JSON value.",
    };
  }
  const shown = word || character;
  return { message: `${shown} is no JSON value`, repair: `Put double quotes around ${shown}.` };
}

/**
 * What stands where a key should.
 *
 * @param character The first character of it.
 * @param word The word that begins there, or "".
 * @returns The problem.
 */
export function noKey(character: string, word: string): JsonProblem {
  if (character === "/") return COMMENT;
  if (character === "}") {
    return { message: "a key must follow the comma", repair: "Remove the comma before }." };
  }
  if (character === ",") {
    return { message: "a key must stand before the comma", repair: "Remove the extra comma." };
  }
  const repair = word === "" ? "Write keys in double quotes." : `Put double quotes around the key ${word}.`;
  return { message: "keys must be in double quotes", repair };
}

const SINGLE_QUOTED: JsonProblem = {
  message: "strings must be in double quotes",
  repair: 'Write strings in double quotes: "…".',
};

const VALUE_SIGNS: ReadonlyMap<string, JsonProblem> = new Map([
  ["/", COMMENT],
  ["'", SINGLE_QUOTED],
  ["“", SINGLE_QUOTED],
  ["‘", SINGLE_QUOTED],
  ["`", { message: "it is in a code fence", repair: "Remove the code fence around the JSON." }],
  [",", { message: "a value must stand before the comma", repair: "Remove the extra comma." }],
]);

const WORD_REPAIRS: ReadonlyMap<string, string> = new Map([
  ["NaN", "Write null or a number instead of NaN."],
  ["Infinity", "Write null or a number instead of Infinity."],
  ["undefined", "Write null instead of undefined."],
  ["None", "Write null instead of None."],
  ["True", "Write true instead of True."],
  ["False", "Write false instead of False."],
]);

/**
 * What is said of a control character inside a string.
 *
 * @param offset Where it stands.
 * @param unit The character.
 * @returns The fault.
 */
export function rawControl(offset: number, unit: number): Fault {
  if (unit === 0x0a || unit === 0x0d) {
    return new Fault(
      offset,
      "a string must not hold a line break",
      "Close the string, or write the line break in it as \\n.",
    );
  }
  const code = unit.toString(16).padStart(4, "0");
  return new Fault(
    offset,
    "a string must not hold a control character",
    `Write the control character as \\u${code}.`,
  );
}

/**
 * How to write what was meant as a number.
 *
 * @param word What was written.
 * @returns The repair.
 */
export function numberRepair(word: string): string {
  if (/^[+-]?(?:Infinity|NaN)$/.test(word)) return `Write null or a number instead of ${word}.`;
  if (/^[+-]?0\d/.test(word)) return `Write the number ${word} without leading zeros, or in double quotes.`;
  return `Write ${word} as JSON writes numbers, for example -1.5e3, or in double quotes.`;
}
