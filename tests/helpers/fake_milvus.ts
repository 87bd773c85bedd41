/** Starts the stand-in for Milvus, and the vectors that its tests use. */
import { after } from "node:test";
import { Worker } from "node:worker_threads";

/** Starts a stand-in that ends with the tests of the file; gives its address. */
export async function startFakeMilvus(): Promise<string> {
  const worker = new Worker(new URL("./fake_milvus_worker.ts", import.meta.url));
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  after(() => worker.terminate());
  return `http://127.0.0.1:${port}`;
}

const WORDS = ["lemur", "eat", "leaves", "madagascar", "call"];

/** How many numbers the vectors of {@linkcode countWords} have. */
export const COUNTED = 6;

const count = (text: string, word: string): number => text.toLowerCase().split(word).length - 1;

/** Makes vectors that count a few words. */
export const countWords = (texts: readonly string[]): number[][] =>
  texts.map((text) => [0.1, ...WORDS.map((word) => count(text, word))]);
