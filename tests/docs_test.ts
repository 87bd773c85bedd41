/** Holds the pages below docs/ to what is there: tests, exports, tasks, providers. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { PROVIDERS } from "../src/models/mod.ts";
import { filesBelow, read, ROOT } from "./helpers/source_tree.ts";

const DEFECTS = 85;
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md"));

/** A title where one is given to what makes tests, or to a row of a table that makes one each. */
const TITLE =
  /(?:\b(?:test|gives|refuses|testRun|testEveryDriver)\(\s*(?:name\()?|^\s*name: )(?:"((?:[^"\\\n]|\\.)*)"|`((?:\$\{[^{}]*\}|[^`])*)`)/gm;

const titlesOf = (path: string): Set<string> =>
  new Set([...read(path).matchAll(TITLE)].map(([, plain, template]) => plain ?? template!));

/** The tests that a cell names: a file below tests/ or, of the suites that users have too, in src/, then its titles. */
function cited(cell: string): [path: string, title: string][] {
  let path = "";
  const tests: [string, string][] = [];
  for (const [, code] of cell.matchAll(/`([^`]+)`/g)) {
    if (/^[a-z0-9_/]+\.ts$/.test(code!)) path = code!.startsWith("src/") ? code! : `tests/${code}`;
    else tests.push([path, code!]);
  }
  return tests;
}

test("docs/defects.md has all 85 rows, each with tests that exist", () => {
  const rows = [...read("docs/defects.md").matchAll(/^\| (\d+) \|(.+)\|(.+)\|(.+)\|$/gm)];
  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    Array.from({ length: DEFECTS }, (_, i) => i + 1),
  );
  const missing: string[] = [];
  for (const [, number, wrong, here, cell] of rows) {
    const tests = cited(cell!);
    if (tests.length === 0 || wrong!.trim() === "" || here!.trim() === "") {
      missing.push(`row ${number} is not full`);
    }
    for (const [path, title] of tests) {
      if (!existsSync(join(ROOT, path))) missing.push(`row ${number}: there is no file ${path}`);
      else if (!titlesOf(path).has(title)) missing.push(`row ${number}: ${path} has no test "${title}"`);
    }
  }
  assert.deepEqual(missing, []);
});

test("what the documentation imports is there, and so are the tasks that it names", async () => {
  const { exports, tasks } = JSON.parse(read("deno.json")) as Record<string, Record<string, string>>;
  const missing: string[] = [];
  let imports = 0;
  for (const page of PAGES) {
    const text = read(page);
    for (const [, names, entry] of text.matchAll(/^import \{([^}]*)\} from "@sifaka\/sifaka([^"]*)";/gm)) {
      imports++;
      const path = exports![`.${entry}`];
      if (path === undefined) missing.push(`${page}: @sifaka/sifaka${entry}`);
      else {
        const module = await import(pathToFileURL(join(ROOT, path)).href) as object;
        for (
          const name of names!.split(",").map((each) => each.trim()).filter((each) => /^\w+$/.test(each))
        ) {
          if (!(name in module)) missing.push(`${page}: ${name} of @sifaka/sifaka${entry}`);
        }
      }
    }
    for (const [, task] of text.matchAll(/\bdeno task ([a-z:]+[a-z])/g)) {
      if (!(task! in tasks!)) missing.push(`${page}: deno task ${task}`);
    }
    for (const [, link] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
      if (!existsSync(join(ROOT, page, "..", link!))) missing.push(`${page}: the link to ${link}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(imports > 5, `only ${imports} imports`);
});

test("docs/models.md names each provider with the variables that hold its key and its address", () => {
  const rows = new Map(
    [...read("docs/models.md").matchAll(/^\| `([a-z-]+)`(?: \(`[a-z]+`\))? \|([^|]*)\|([^|]*)\|/gm)]
      .map(([, id, key, address]) => [id!, { key: key!, address: address! }]),
  );
  const variables = (cell: string): string[] => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!);
  for (const { id, keyVariables, baseUrlVariable } of Object.values(PROVIDERS)) {
    const row = rows.get(id);
    assert.ok(row !== undefined, `${id} has no row`);
    assert.deepEqual(variables(row.key), keyVariables, `the key of ${id}`);
    assert.deepEqual(variables(row.address), baseUrlVariable === undefined ? [] : [baseUrlVariable], id);
  }
});

test("no source and no page names anybody's directory", () => {
  const files = ["mod.ts", "cli.ts", ...filesBelow("src"), ...filesBelow("examples"), ...PAGES];
  const named = files.filter((path) => /\/(?:home|Users)\/(?!you\b)\w/.test(read(path)));
  assert.deepEqual(named, []);
});
