/** Holds docs/components.md to the exports, the names of the configuration, the critics' costs and the tests that there are. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ENTRY_POINTS, type EntryPoint, IN_CODE_ALONE, REACHED } from "./helpers/catalogue.ts";
import { read, ROOT } from "./helpers/source_tree.ts";

interface Row {
  readonly name: string;
  readonly yaml: string;
  readonly since: string;
  readonly calls: string;
  readonly against: string;
  readonly runtimes: string;
}

const PAGE = read("docs/components.md");
const VERSION = (JSON.parse(read("deno.json")) as { version: string }).version;

/** The rows below the heading of an entry point. */
function rowsOf(entryPoint: EntryPoint): Row[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${entryPoint}\n`));
  assert.ok(section, entryPoint);
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((line) => {
    const [name, yaml, since, , calls, against, runtimes] = line.slice("| ".length, -" |".length).split(
      " | ",
    );
    const cells = { yaml: yaml!, since: since!, calls: calls!, against: against!, runtimes: runtimes! };
    return { name: name!.replaceAll("`", ""), ...cells };
  });
}

for (const entryPoint of ENTRY_POINTS) {
  test(`the page has a row for each component of ${entryPoint}, with its name in YAML or the reason`, () => {
    const rows = rowsOf(entryPoint);
    const expected = [...Object.keys(REACHED[entryPoint]), ...Object.keys(IN_CODE_ALONE[entryPoint])];
    assert.deepEqual(rows.map(({ name }) => name).sort(), expected.sort());
    for (const { name, yaml } of rows) {
      const reached = REACHED[entryPoint][name]?.yaml;
      if (reached === undefined) assert.equal(yaml, `in code: ${IN_CODE_ALONE[entryPoint][name]}`, name);
      else assert.ok(yaml.startsWith(`\`${reached}\``), name);
    }
  });

  test(`each row of ${entryPoint} names a version, the runtimes and a test that has its name`, () => {
    for (const { name, since, against, runtimes } of rowsOf(entryPoint)) {
      assert.ok(!isLater(since, VERSION), `${name}: ${since}`);
      assert.equal(runtimes, "all", name);
      const file = /\[test\]\(\.\.\/(tests\/[^)]+)\)$/.exec(against)?.[1];
      assert.ok(file !== undefined && existsSync(join(ROOT, file)), `${name}: ${against}`);
      const { yaml, made = name } = REACHED[entryPoint][name] ?? {};
      const words = [name, made, yaml].filter((word) => word !== undefined && /^\w+$/.test(word)).join("|");
      assert.ok(new RegExp(`\\b(${words})\\b`).test(read(file)), `${file} does not name ${name}`);
    }
  });
}

test("the page says of each critic what its own page says that it costs", () => {
  const said = [...read("docs/critics.md").matchAll(/^\| \[(\w+)\]\(#\w+\) \| `\w+` \| (`[^`]+`) \|/gm)];
  assert.ok(said.length > 0);
  const rows = new Map(rowsOf("critics").map(({ name, calls }) => [name, calls]));
  assert.deepEqual(said.map(([, name]) => rows.get(name!)), said.map(([, , formula]) => formula));
});

test("the read-me leads to the page", () => {
  assert.match(read("README.md"), /\(docs\/components\.md\)/);
});

function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split(".").map(Number));
  assert.ok(a!.length === 3 && a!.every(Number.isInteger), version);
  const at = a!.findIndex((part, index) => part !== b![index]);
  return at >= 0 && a![at]! > b![at]!;
}
