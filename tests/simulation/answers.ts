/** What the world answers in a simulation: a function of the question alone, so that every driver gets the same. */

/** What a model answers. */
export interface ModelAnswer {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** A hash of a question (FNV-1a). */
export function hashOf(...parts: readonly unknown[]): number {
  let hash = 0x811c9dc5;
  const text = JSON.stringify(parts);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

const KINDS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  generate: (args): ModelAnswer => {
    const hash = hashOf(args);
    return { text: `draft ${hash % 7}`, promptTokens: hash % 50, completionTokens: 1 + hash % 9 };
  },
  validate: (args) => hashOf(args) % 3 > 0,
  critique: (args) => ({
    needsImprovement: hashOf(args) % 2 > 0,
    issues: hashOf(args) % 2 > 0 ? [`it is number ${hashOf(args) % 5}`] : [],
  }),
  retrieve: (args) =>
    Array.from({ length: hashOf(args) % 3 }, (_, index) => `fact ${hashOf(args, index) % 100}`),
  load: () => null,
  save: () => true,
  ask: (args) => hashOf(args) % 1_000,
};

/** Answers a question. */
export function answerTo(name: string, args: readonly unknown[]): unknown {
  return KINDS[name]!(args);
}

/** The pieces of a stream. */
export function piecesOf(args: readonly unknown[]): number[] {
  return Array.from({ length: hashOf(args) % 5 }, (_, index) => hashOf(args, index) % 10);
}
