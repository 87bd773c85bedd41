/** Modules that are loaded as they are now, and what they are made of. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FreshModules } from "../../src/runtime/fresh_modules.ts";
import { importedFiles } from "../../src/runtime/imported_files.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

/** Writes files into a folder, made where it is missing. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test("a module loaded again has the code of its own file and of all that it imports, of whatever kind", () =>
  inTemporaryDirectory(async (folder) => {
    const files = (value: number): Record<string, string> => ({
      "main.ts": `import { deep } from "./deep.ts";
import data from "./data.json" with { type: "json" };
import common from "./common.cjs";
const later = async (): Promise<number> => (await import("./later.mjs")).default;
export default { own: ${value}, deep, data: data.value, common: common.value, later };`,
      "deep.ts": 'export { deep } from "./deeper.ts";',
      "deeper.ts": `export const deep: number = ${value};`,
      "data.json": JSON.stringify({ value }),
      "common.cjs": 'exports.value = require("./common_part.cjs");',
      "common_part.cjs": `module.exports = ${value};`,
      "later.mjs": `export default ${value};`,
    });
    for (const value of [1, 2, 3]) {
      write(folder, files(value));
      const told = new Set<string>();
      const modules = new FreshModules(`all${value}`, (path) => told.add(path));
      const { default: loaded } = await modules.load(join(folder, "main.ts")) as {
        default: { later: () => Promise<number> };
      };
      const { later, ...values } = loaded;
      assert.deepEqual(values, { own: value, deep: value, data: value, common: value });
      assert.equal(await later(), value);
      assert.deepEqual([...told].sort(), Object.keys(files(value)).sort().map((name) => join(folder, name)));
      modules.close();
    }
  }));

test("modules that are loaded at one time share what both import; those of another time do not", () =>
  inTemporaryDirectory(async (folder) => {
    const shared = 'import { part } from "./part.mjs";\nexport default part;\n';
    write(folder, { "a.mjs": shared, "b.mjs": shared, "part.mjs": "export const part = {};\n" });
    const load = async (name: string): Promise<readonly unknown[]> => {
      const modules = new FreshModules(name, () => {});
      const parts = [];
      for (const file of ["a.mjs", "b.mjs", "a.mjs"]) {
        parts.push((await modules.load(join(folder, file))).default);
      }
      modules.close();
      return parts;
    };
    const [first, second] = [await load("shared1"), await load("shared2")];
    assert.ok(first.every((part) => part === first[0]));
    assert.ok(second.every((part) => part === second[0]));
    assert.notEqual(first[0], second[0]);
  }));

test("what is wrong with a module is told of the file that its author knows", () =>
  inTemporaryDirectory(async (folder) => {
    write(folder, { "broken.mjs": "export default = ;\n" });
    const modules = new FreshModules("broken", () => {});
    await assert.rejects(modules.load(join(folder, "broken.mjs")), (error: Error) => {
      assert.doesNotMatch(error.message, /loaded=/);
      return true;
    });
    modules.close();
  }));

test("the files of a module are found by their relative paths, also those that are missing, and each once", () =>
  inTemporaryDirectory((folder) => {
    const at = (name: string): string => join(folder, name);
    mkdirSync(at("lib"));
    write(folder, {
      "main.ts": `import "./side.ts"; import type { A } from './lib/types.ts';
import {
  b,
} from "./lib";
export * from "../${folder.split(/[\\/]/).at(-1)}/main.ts";
const c = await import( "./missing.ts"), d = require("./bare");
import package from "some-package"; const text = "not ./this.ts";`,
      "side.ts": 'import "./main.ts";',
      "bare.js": "",
    });
    write(at("lib"), { "types.ts": "", "index.ts": 'import value from "../value.json";' });
    const expected = [
      "bare.js",
      "lib/index.ts",
      "lib/types.ts",
      "main.ts",
      "missing.ts",
      "side.ts",
      "value.json",
    ];
    const told: string[] = [];
    const files = importedFiles(at("main.ts"), (path) => told.push(path));
    assert.deepEqual([...files].sort(), expected.map(at));
    assert.deepEqual(told, [...files]);
  }));

test("of Sifaka's own modules there is one copy, whoever imports them", () => {
  const path = fileURLToPath(new URL("../../mod.ts", import.meta.url));
  assert.match(readFileSync(path, "utf8"), /from "\.\/src\//);
  assert.deepEqual([...importedFiles(path, () => {})], [path]);
});
