/**
 * Under which keys thoughts are kept.
 *
 *     thoughts/record/ID                                    a thought, without its history
 *     thoughts/chain/CHAIN/ITERATION/TIMESTAMP/ID           a reference to it, which puts the thoughts of a chain in order
 *
 * @module
 */

import type { Thought } from "../thought/thought.ts";

/** Every record begins with it. */
export const RECORD_PREFIX = "thoughts/record/";
/** Every reference begins with it. */
export const CHAIN_PREFIX = "thoughts/chain/";

/** Enough for every safe integer, so that iterations sort as text. */
const ITERATION_DIGITS = 16;

/** What a reference's key says. */
export interface ChainEntry {
  /** The chain. */
  readonly chainId: string;
  /** The iteration, from 0. */
  readonly iteration: number;
  /** When the thought was made. */
  readonly timestamp: string;
  /** The thought's id. */
  readonly thoughtId: string;
}

/**
 * The key of a thought's record.
 *
 * @param thoughtId Its id.
 * @returns The key.
 */
export function recordKey(thoughtId: string): string {
  return RECORD_PREFIX + encodePart(thoughtId);
}

/**
 * The chain that a thought is filed under: its own, or, for one that belongs to none, its first ancestor.
 *
 * @param thought The thought.
 * @returns The chain's id.
 */
export function chainOf(thought: Thought): string {
  return thought.chainId ?? thought.history[0]?.id ?? thought.id;
}

/**
 * The beginning of all keys of a chain.
 *
 * @param chainId The chain.
 * @returns The prefix; no other chain's keys begin with it.
 */
export function chainPrefix(chainId: string): string {
  return `${CHAIN_PREFIX}${encodePart(chainId)}/`;
}

/**
 * The key of the reference to a thought.
 *
 * @param entry The thought and its place.
 * @returns The key.
 */
export function entryKey({ chainId, iteration, timestamp, thoughtId }: ChainEntry): string {
  const place = String(iteration).padStart(ITERATION_DIGITS, "0");
  return `${chainPrefix(chainId)}${place}/${encodePart(timestamp)}/${encodePart(thoughtId)}`;
}

/**
 * Reads the key of a reference.
 *
 * @param key The key.
 * @returns What it says.
 */
export function parseEntryKey(key: string): ChainEntry {
  const [chainId, iteration, timestamp, thoughtId] = key.slice(CHAIN_PREFIX.length).split("/").map(
    decodePart,
  );
  return { chainId: chainId!, iteration: Number(iteration), timestamp: timestamp!, thoughtId: thoughtId! };
}

/** Escapes what separates parts, what escapes, and what no key may hold; all else stays readable. */
function encodePart(part: string): string {
  return part.replace(/[%/\p{Cc}]/gu, (character) => {
    return `%${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

function decodePart(part: string): string {
  return part.replace(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCodePoint(parseInt(digits, 16)));
}
