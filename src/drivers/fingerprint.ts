/**
 * Hashes what an effect asks for, so that a record is not taken for the answer to another question.
 *
 * Secrets stay out: a hash of a short key could be guessed. So do addresses, which may hold keys, too.
 *
 * @module
 */

import type { AcquireEffect, LeafEffect } from "../operation/effects.ts";

/** Names of fields whose values may be secrets. Too many rather than too few: what is left out here is only not compared. */
const SECRET = /key|secret|token(?!s$|izer)|passw|auth|header|cookie|credential|bearer|signature|query$/i;

/** Names of fields that hold addresses. They may have keys in them, and another address asks the same. */
const ADDRESS = /ur[li]$|host$/i;

/**
 * Says whether a value must not be kept.
 *
 * @param name The name of its field, or the way to it.
 * @returns Whether it may be a secret.
 */
export function mayBeSecret(name: string): boolean {
  return SECRET.test(name);
}

/**
 * Says whether a value has no part in what is compared, not even by its hash.
 *
 * @param name The name of its field.
 * @returns Whether it may be a secret or an address.
 */
export function isNotCompared(name: string): boolean {
  return SECRET.test(name) || ADDRESS.test(name);
}

/** Shorter strings are words that may stand anywhere. */
const SHORTEST_SECRET = 8;

const MAX_DEPTH = 32;

/**
 * Hashes what an effect asks for.
 *
 * @param effect The effect.
 * @returns 16 hexadecimal digits, or nothing for an effect that asks for nothing in particular.
 */
export function fingerprintOf(effect: LeafEffect | AcquireEffect): string {
  if (effect.kind !== "remote" && effect.kind !== "remoteStream") return "";
  const hash = new TextHash();
  hash.add(effect.ref.name);
  // Of the module its name alone: another copy of the package at another place asks the same.
  hash.add(effect.ref.module.replace(/^.*[/\\]|[?#].*$/g, ""));
  addValue(hash, effect.args, 0);
  return hash.digits;
}

/**
 * Finds the secrets among the arguments of a call, so that they can be struck out of what is told of its failure.
 *
 * @param args The arguments.
 * @returns The values of all fields with telling names.
 */
export function secretsOf(args: readonly unknown[]): string[] {
  const found = new Set<string>();
  collect(args, false, found, 0);
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, secret: boolean, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (secret && value.length >= SHORTEST_SECRET) found.add(value);
    return;
  }
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  for (const [name, item] of Object.entries(value)) {
    collect(
      item,
      secret || (!Array.isArray(value) && mayBeSecret(name)),
      found,
      depth + 1,
    );
  }
}

function addValue(hash: TextHash, value: unknown, depth: number): void {
  if (typeof value === "string") return hash.add(`s${value}`);
  if (typeof value !== "object" || value === null) {
    return hash.add(typeof value === "function" ? "f" : String(value));
  }
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    hash.add(`a${value.length}`);
    for (const item of value) addValue(hash, item, depth + 1);
    return;
  }
  hash.add("o");
  for (const name of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[name];
    if (item === undefined || isNotCompared(name)) continue;
    hash.add(name);
    addValue(hash, item, depth + 1);
  }
}

/** A hash of 64 bits over texts. It tells honest questions apart; nobody gains by making two of them alike. */
export class TextHash {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  /** Adds a text; the same texts cut in another way hash differently. */
  add(text: string): void {
    let a = this.#a;
    let b = this.#b;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      a = Math.imul(a ^ unit, 2654435761);
      b = Math.imul(b ^ unit, 1597334677);
    }
    this.#a = Math.imul(a ^ (a >>> 16) ^ text.length, 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    this.#b = Math.imul(b ^ (b >>> 16) ^ 0x5bd1e995, 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  }

  /** What it has come to, in hexadecimal digits. */
  get digits(): string {
    return [this.#a, this.#b].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
