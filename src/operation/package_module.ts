/**
 * The addresses of this package's modules that are reached by URL only: those with a provider's SDK, and the worker's entry.
 *
 * @module
 */

/** The place of this module in the package, by which it knows whether it still stands there. */
const OWN_PLACE = /\/operation\/package_module(\.[a-z]+)$/;
/** Where `bun build --compile` keeps the modules of a program. */
const BUN_ROOT = /^.*\/(?:\$bunfs|~BUN)\/root\//;

/**
 * Finds a module of this package.
 *
 * Modules have the same extension everywhere: `.ts` in the sources, `.js` or `.mjs` where a build has turned them into
 * JavaScript. Where a bundler has put this module into one file with others, its neighbours are gone from its side; they are
 * then looked for under `src/` beside the bundle, which is where `bun build --compile cli.ts src/models/openai_calls.ts …`
 * puts further entry points.
 *
 * @param path The module's path below `src/`, without its extension, for example `"models/openai_calls"`.
 * @param here Where this module stands.
 * @returns The module's URL.
 */
export function packageModule(path: string, here: string = import.meta.url): string {
  const extension = OWN_PLACE.exec(new URL(here).pathname)?.[1];
  if (extension !== undefined) return new URL(`../${path}${extension}`, here).href;
  return new URL(`src/${path}.js`, BUN_ROOT.exec(here)?.[0] ?? here).href;
}
