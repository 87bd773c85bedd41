/** Where to begin, and how to come back to a seed. */

const SEEDS = 2 ** 30;

/** A seed that nobody has chosen. */
export function freshSeed(): number {
  return Math.floor(Math.random() * SEEDS);
}

/** The command that checks one seed alone. */
export function againCommand(seed: number): string {
  return `deno task simulate 1 --from ${seed}`;
}
