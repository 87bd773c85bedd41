/**
 * Finds keys and passwords in a text, and attempts to give orders to the model that reads it.
 *
 * Every expression repeats within bounds, so a text of any length takes linear time.
 *
 * @module
 */

import type { GuardrailFinding } from "./guardrail_finding.ts";

/** Keys that are known by their beginning, with what they are. */
const KEY_SHAPES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an AWS access key", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g],
  ["a GitHub token", /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})/g],
  ["an API key", /(?<![A-Za-z0-9])sk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,200}/g],
  ["a Google API key", /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g],
  ["a Slack token", /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,200}/g],
  ["a Stripe key", /(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16,200}/g],
  ["an npm token", /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g],
  ["a Hugging Face token", /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9])/g],
  [
    "a JSON Web Token",
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}/g,
  ],
  ["a private key", /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----/g],
];
/** "password = …": what follows is a secret where it looks drawn at random. */
const ASSIGNED =
  /(?<![\p{L}\p{N}])(?:api[_-]?key|secret(?:[_-]?key)?|access[_-]?token|auth[_-]?token|password|passwd)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?([^\s"',;]{8,200})/giu;
/** Bits a character from which on a value looks drawn at random; "changeme123" has about 3.1. */
const RANDOM_BITS = 3.3;

/**
 * Finds keys and passwords: those with a known beginning, and what is assigned to a name such as `api_key` and looks random.
 *
 * @param text The text.
 * @returns What was found.
 */
export function findSecrets(text: string): GuardrailFinding[] {
  const found: GuardrailFinding[] = [];
  for (const [what, pattern] of KEY_SHAPES) {
    for (const { index, 0: value } of text.matchAll(pattern)) {
      // "sk-this-is-not-a-key-at-all" has the beginning of one and none of its disorder.
      if (what !== "a private key" && (bitsOf(value) < RANDOM_BITS || !/\d/.test(value))) continue;
      found.push({ start: index, end: index + value.length, what, kind: "secret" });
    }
  }
  for (const match of text.matchAll(ASSIGNED)) {
    const value = match[1]!;
    if (
      bitsOf(value) < RANDOM_BITS || !/\d/.test(value) || !/\p{L}/u.test(value) ||
      /^\$\{|^<|^process\./.test(value)
    ) {
      continue;
    }
    const end = match.index + match[0].length;
    found.push({ start: end - value.length, end, what: "a password or key", kind: "secret" });
  }
  return found;
}

/** The entropy of a value by its own characters. */
function bitsOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count / value.length * Math.log2(count / value.length);
  return bits;
}

const SPEAKS_TO_MODEL: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    "an order to forget instructions",
    /(?<![\p{L}\p{N}])(?:ignore|disregard|forget|override|bypass)\s{1,5}(?:\p{L}{1,12}\s{1,5}){0,3}(?:previous|prior|above|earlier|preceding|your|system)\s{1,5}(?:\p{L}{1,12}\s{1,5}){0,2}(?:instructions?|prompts?|rules|directions|guidelines|orders)/giu,
  ],
  [
    "a request for the instructions",
    /(?<![\p{L}\p{N}])(?:reveal|show|print|repeat|output|display)\s{1,5}(?:me\s{1,5})?(?:your|the)\s{1,5}(?:system\s{1,5}prompt|(?:hidden|initial|original)\s{1,5}(?:instructions|prompt))/giu,
  ],
  [
    "a new role for the model",
    /(?<![\p{L}\p{N}])you\s{1,5}are\s{1,5}(?:now|no\s{1,5}longer)\s{1,5}(?:\p{L}{1,15}\s{1,5}){0,4}(?:unrestricted|unfiltered|jailbroken|DAN|developer\s{1,5}mode|bound|restricted)(?![\p{L}\p{N}])/giu,
  ],
  ["a mark of a conversation", /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>/g],
];

/**
 * Finds what speaks to a model and not to a reader: orders to forget its instructions or to tell them, new roles, and the marks
 * by which conversations are written down. It knows the usual wordings in English and is no guard against others.
 *
 * @param text The text.
 * @returns What was found.
 */
export function findPromptInjection(text: string): GuardrailFinding[] {
  return SPEAKS_TO_MODEL.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
      what,
      kind: "injection",
      open: true,
    }))
  );
}
