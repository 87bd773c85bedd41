/**
 * Finds the files that a module is made of.
 *
 * @module
 */

import { packageModule } from "../operation/package_module.ts";
import { exists, fileUrl, folderOf, joinPath, MAX_TEXT_BYTES, readTextFile } from "./files.ts";

/** What stands between quotes after `from`, `import` or `require(`, where it is a relative path. */
const RELATIVE_IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'])(\.{1,2}\/[^"'\n]+)\1/g;
/** What a path may leave out. */
const ENDINGS = ["", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];
/** Only these are read for further imports. */
const CODE = /\.[cm]?[jt]sx?$/;
const CODE_OR_DATA = /\.(?:[cm]?[jt]sx?|json)$/;
/** The folder of Sifaka's own modules, of which there must be one copy only. */
const OWN_FOLDER: string = new URL("../", packageModule("runtime/worker")).href;

/**
 * Finds the files that a module imports by relative paths, whether directly or through others. It looks at their text only: a path
 * in a comment is found as well, one that is put together while the program runs is not.
 *
 * @param path The module's file.
 * @param onFile Told of each file before it is read.
 * @returns The files, the module's own first; those that do not exist are among them.
 */
export function importedFiles(path: string, onFile: (path: string) => void): ReadonlySet<string> {
  const found = new Set([path]);
  // A set gives what is added while it is walked through as well.
  for (const file of found) {
    onFile(file);
    for (const [, , specifier] of textOf(file).matchAll(RELATIVE_IMPORT)) {
      const imported = withEnding(joinPath(folderOf(file), specifier!));
      if (!fileUrl(imported).startsWith(OWN_FOLDER)) found.add(imported);
    }
  }
  return found;
}

function textOf(path: string): string {
  if (!CODE.test(path)) return "";
  try {
    return readTextFile(path, { subject: "the module", maxBytes: MAX_TEXT_BYTES });
  } catch {
    // Whoever imports it will tell what is wrong with it.
    return "";
  }
}

function withEnding(path: string): string {
  return ENDINGS.map((ending) => path + ending).find((each) => exists(each) && CODE_OR_DATA.test(each)) ??
    path;
}
