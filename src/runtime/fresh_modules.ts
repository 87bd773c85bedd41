/**
 * Loads modules as they are now, although they were loaded before. A runtime keeps every module that it has loaded, so each loading
 * again costs the memory of one more copy.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { fileUrl, realPath } from "./files.ts";
import { importedFiles } from "./imported_files.ts";
import { importModule } from "./user_module.ts";

type Resolved = { readonly url: string };
type Resolve = (specifier: string, context: unknown, next: NextResolve) => Resolved;
type NextResolve = (specifier: string, context: unknown) => Resolved;

interface ModuleTools {
  /** Absent in Bun. */
  registerHooks?(hooks: { resolve: Resolve }): { deregister(): void };
  createRequire(url: string): { readonly cache: Record<string, unknown> };
}

/** Modules that were all loaded at one time, by one name; another one loads them anew. */
export class FreshModules {
  readonly #query: string;
  readonly #onFile: (path: string) => void;
  readonly #urls = new Set<string>();
  readonly #tools = builtin<ModuleTools>("node:module")!;
  readonly #hooks: { deregister(): void } | undefined;

  /**
   * @param name What tells these modules from those loaded at other times; letters and digits.
   * @param onFile Told of each file that a module is made of, before it is loaded.
   */
  constructor(name: string, onFile: (path: string) => void) {
    this.#query = `?loaded=${name}`;
    this.#onFile = onFile;
    this.#hooks = this.#tools.registerHooks?.({ resolve: (...asked) => this.#resolve(...asked) });
  }

  /**
   * Loads a module, and with it the files that it imports by relative paths.
   *
   * @param path The module's file.
   * @returns What it exports.
   * @throws Whatever the module throws.
   */
  async load(path: string): Promise<Readonly<Record<string, unknown>>> {
    const { cache } = this.#tools.createRequire(fileUrl(path));
    for (const file of importedFiles(path, this.#onFile)) {
      for (const each of [file, realPath(file)]) {
        const url = fileUrl(each);
        // What another module of this time has loaded stays as it is.
        if (this.#urls.has(url)) continue;
        this.#urls.add(url);
        // Bun keeps all modules there, by their paths; Deno and Node those of CommonJS.
        delete cache[each];
      }
    }
    try {
      return await importModule(fileUrl(path) + this.#query);
    } catch (error) {
      // Nobody has such a file.
      if (error instanceof Error) error.message = error.message.replaceAll(this.#query, "");
      throw error;
    }
  }

  /** Ends it: what a module loads from now on is not fresh. */
  close(): void {
    this.#hooks?.deregister();
  }

  /** Deno and Node know modules by their URLs, so that another query is another module. */
  #resolve(specifier: string, context: unknown, next: NextResolve): Resolved {
    const found = next(specifier, context);
    return this.#urls.has(found.url) ? { ...found, url: found.url + this.#query } : found;
  }
}
