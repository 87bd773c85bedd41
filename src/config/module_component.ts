/**
 * Components from a person's own code: `module: ./my_validator.ts`.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { absolutePath, exists, fileUrl, liesIn } from "../runtime/files.ts";
import { requireModule } from "../runtime/user_module.ts";
import type { ComponentItem } from "./component.ts";

/** What a module's component must do. */
export interface ModuleKind {
  /** What it is, for errors, for example `"validator"`. */
  readonly kind: string;
  /** The method it must have, plain, as a twin or as an operation. */
  readonly method: string;
}

/** What loading a component from code depends on. */
export interface ModuleRules {
  /** The folder of the configuration. */
  readonly folder: string;
  /** Whether code may be loaded at all. */
  readonly allowed: boolean;
  /** Told of each file that lies outside that folder, before it is loaded. */
  readonly onOutside: (path: string) => void;
  /** Told of each file before it is loaded. */
  readonly onFile: (path: string) => void;
  /** Imports a file on an event loop. */
  readonly importModule: (path: string) => Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Loads a component from code.
 *
 * @typeParam T The component.
 * @param item The item of the configuration; its options are `path` and `options`.
 * @param kind What the component must do.
 * @param rules Whether and from where code may be loaded.
 * @returns An operation of the component.
 * @throws {ConfigurationError} When code is forbidden, the file is missing or fails, or its default export is no component.
 */
export function* loadModule<T>(item: ComponentItem, kind: ModuleKind, rules: ModuleRules): Operation<T> {
  const { path: given, options = {} } = item.options as {
    path: string;
    options?: Readonly<Record<string, unknown>>;
  };
  const fail = (reason: string, code: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`Cannot load the ${kind.kind} from ${given} as ${reason}`, { code, cause });
  if (!rules.allowed) throw fail("--no-modules forbids code", "modules_forbidden");
  const path = absolutePath(given, rules.folder);
  rules.onFile(path);
  if (!exists(path)) throw fail("there is no such file, or it may not be read", "no_module");
  if (!liesIn(path, rules.folder)) rules.onOutside(path);
  try {
    const require = (): Readonly<Record<string, unknown>> => requireModule(fileUrl(path));
    const { default: exported } = yield* host(require, () => rules.importModule(path));
    const made = typeof exported === "function" && !hasMethod(exported, kind.method)
      ? yield* call(exported, options)
      : exported;
    if (hasMethod(made, kind.method)) return made as T;
  } catch (error) {
    throw fail(`it fails: ${error instanceof Error ? error.message : String(error)}`, "module_failed", error);
  }
  throw fail(
    `its default export must be a ${kind.kind} (with a name and a method ${kind.method}) or a function that makes one`,
    "no_component",
  );
}

/** A class is made with `new`, a function is called; either gets the options. */
function* call(exported: unknown, options: unknown): Operation<unknown> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(exported));
  const make = (): unknown =>
    isClass
      ? new (exported as new (options: unknown) => unknown)(options)
      : (exported as (options: unknown) => unknown)(options);
  return yield* host<unknown>(make, make);
}

function hasMethod(value: unknown, method: string): boolean {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const record = value as Record<string, unknown>;
  const named = typeof record.name === "string" && record.name !== "";
  return named &&
    [method, `_${method}Async`, `_${method}Operation`].some((name) => typeof record[name] === "function");
}
