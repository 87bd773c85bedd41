/**
 * From a file, or from text, to a configuration.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { host, type Operation } from "../operation/operation.ts";
import { absolutePath, fileUrl, folderOf, readTextFile } from "../runtime/files.ts";
import { importModule } from "../runtime/user_module.ts";
import { Config } from "./config.ts";
import { parseSettings } from "./parse.ts";

/** The largest configuration that is read, in bytes. */
const MAX_CONFIG_BYTES: number = 1024 * 1024;

/** Options of {@linkcode loadConfig} and {@linkcode parseConfig}. */
export interface ConfigOptions {
  /** Values to put over the configuration's, each as `path=value`. @default [] */
  overrides?: readonly string[];
  /** Whether `module:` may load code. @default true */
  allowModules?: boolean;
  /** Told what the reader should know, for example of code from outside the configuration's folder. */
  onNotice?: (message: string) => void;
  /** Told of each file, by its absolute path, before it is read: the configuration, its input, the code it loads. */
  onFile?: (path: string) => void;
  /** Imports the code that it loads, by its absolute path; only the `_…Async` twins ask for it. @default import() */
  importModule?: (path: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** Options of {@linkcode parseConfig}. */
export interface ParseConfigOptions extends ConfigOptions {
  /** What the text is called in messages. @default "configuration" */
  file?: string;
  /** The folder that relative paths start from. @default the working directory */
  folder?: string;
}

/**
 * Reads a configuration file.
 *
 * @param path The file; YAML of at most 1 MiB.
 * @param options Overrides, and whether it may load code.
 * @returns The configuration, checked.
 * @throws {ConfigurationError} When the file cannot be read, is no YAML, or says something unknown or wrong. The message has one
 * line a problem, with file, line and column; `metadata.problems` lists them.
 *
 * @example
 * ```ts ignore
 * import { loadConfig } from "@sifaka/sifaka/config";
 *
 * const thought = loadConfig("sifaka.yaml").createChain().run();
 * console.log(thought.text);
 * ```
 */
export function loadConfig(path: string, options: ConfigOptions = {}): Config {
  return runSync(loadConfigOperation(path, options));
}

/**
 * The twin of {@linkcode loadConfig} for code on an event loop.
 *
 * @example
 * ```ts
 * import { _loadConfigAsync } from "@sifaka/sifaka/config";
 *
 * const config = await _loadConfigAsync("examples/demo/sifaka.yaml");
 * console.log(typeof config); // "object"
 * ```
 */
export function _loadConfigAsync(path: string, options: ConfigOptions = {}): Promise<Config> {
  return runAsync(loadConfigOperation(path, options));
}

function* loadConfigOperation(path: string, options: ConfigOptions): Operation<Config> {
  const limits = { subject: "the configuration", maxBytes: MAX_CONFIG_BYTES };
  options.onFile?.(absolutePath(path));
  const text = yield* host(() => readTextFile(path, limits));
  return parseConfig(text, { ...options, file: path, folder: folderOf(absolutePath(path)) });
}

/**
 * Reads a configuration from text.
 *
 * @param text YAML; JSON is YAML too.
 * @param options Overrides, a name for messages, and the folder that its paths start from.
 * @returns The configuration, checked.
 * @throws {ConfigurationError} When the text is no YAML, or says something unknown or wrong.
 *
 * @example
 * ```ts
 * import { parseConfig } from "@sifaka/sifaka/config";
 *
 * const config = parseConfig("prompt: Write about {{animal}}.", { overrides: ["variables.animal=lemurs"] });
 * console.log(config.settings.variables); // { animal: "lemurs" }
 * ```
 */
export function parseConfig(text: string, options: ParseConfigOptions = {}): Config {
  const { overrides, allowModules = true, file = "configuration", folder } = options;
  return new Config(parseSettings(text, file, { overrides }), {
    folder: folder ?? absolutePath("."),
    allowModules,
    onNotice: options.onNotice ?? (() => {}),
    onFile: options.onFile ?? (() => {}),
    importModule: options.importModule ?? ((path) => importModule(fileUrl(path))),
  });
}
