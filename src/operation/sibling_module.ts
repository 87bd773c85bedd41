/**
 * The address of a module that lies beside another and is reached by URL only.
 *
 * @module
 */

/**
 * Finds the module of the given name beside a module, with the same extension: `.ts` in the sources, `.js` or `.mjs` where a
 * build has turned them into JavaScript.
 *
 * @param moduleUrl The `import.meta.url` of the module that asks.
 * @param name The sibling's file name without its extension, for example `"openai_calls"`.
 * @returns The sibling's URL.
 */
export function siblingModule(moduleUrl: string, name: string): string {
  const url = new URL(moduleUrl);
  const extension = /\.[a-z]+$/.exec(url.pathname)?.[0] ?? ".js";
  return new URL(`./${name}${extension}`, url).href;
}
