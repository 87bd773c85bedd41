/** Reads the project's own sources, for the tests of the house rules. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's directory. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** An import, a re-export or a literal dynamic import. */
export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** The module it leads to, from the project's directory; `undefined` for a package or a built-in. */
  readonly target: string | undefined;
  /** Whether it is gone when the program runs. */
  readonly typeOnly: boolean;
  /** Whether it is an `import()`, which happens only when it is called. */
  readonly dynamic: boolean;
  /** The names taken from the module, or `"*"` for all of them. */
  readonly names: readonly string[] | "*";
}

/** A name that a module exports. */
export interface Export {
  readonly name: string;
  /** Whether it is a type, or a class, which is one too. */
  readonly isType: boolean;
}

/** The paths of all TypeScript files below a folder, from the project's directory. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name).replaceAll("\\", "/"));
}

/** The text of a file. */
export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The text of a file without its comments, but for those in the middle of a line. */
export function codeOf(path: string): string {
  return read(path).replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replace(/(^|\s)\/\/.*$/gm, "");
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:([^"';]*?)\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;
const CLAUSE = /\{([^}]*)\}/;

/** What a module imports and re-exports. */
export function importsOf(path: string): Import[] {
  const code = codeOf(path);
  const targetOf = (specifier: string): string | undefined =>
    specifier.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(path), specifier.replace(/\?.*$/, ""))).replaceAll("\\", "/")
      : undefined;
  const found: Import[] = [];
  for (const [, type, clause, specifier] of code.matchAll(STATIC)) {
    found.push({
      specifier: specifier!,
      target: targetOf(specifier!),
      typeOnly: type !== undefined,
      dynamic: false,
      names: clause?.includes("*") ? "*" : namesIn(clause),
    });
  }
  for (const [, specifier] of code.matchAll(DYNAMIC)) {
    found.push({
      specifier: specifier!,
      target: targetOf(specifier!),
      typeOnly: false,
      dynamic: true,
      names: "*",
    });
  }
  return found;
}

/** What a module declares and exports, or exports after its declaration. */
export function exportsOf(path: string): Export[] {
  const code = codeOf(path);
  const declared = code.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(const|let|function\*?|class|interface|type)\s+([A-Za-z_$][\w$]*)/gm,
  );
  const listed = code.matchAll(/^export (type )?(\{[^}]*\})/gm);
  return [
    ...[...declared].map(([, kind, name]) => ({
      name: name!,
      isType: /^(interface|type|class)$/.test(kind!),
    })),
    ...[...listed].flatMap(([, type, clause]) =>
      publicNamesIn(clause!).map((name) => ({ name, isType: type !== undefined }))
    ),
  ];
}

function entriesIn(clause: string | undefined): string[] {
  const list = CLAUSE.exec(clause ?? "")?.[1] ?? "";
  return list.split(",").map((entry) => entry.trim().replace(/^type\s+/, "")).filter((entry) => entry !== "");
}

/** The names as the other module has them. */
const namesIn = (clause: string | undefined): string[] =>
  entriesIn(clause).map((entry) => entry.split(" as ")[0]!.trim());
/** The names as this module's users see them. */
const publicNamesIn = (clause: string): string[] =>
  entriesIn(clause).map((entry) => entry.split(" as ").at(-1)!.trim());
