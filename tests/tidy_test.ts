/** Holds the house: what a reader of the architecture may rely on, checked against the sources themselves. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addressedModules } from "../scripts/compile.ts";
import { codeOf, exportsOf, filesBelow, importsOf, read, ROOT } from "./helpers/source_tree.ts";

/** The rooms, from the top down: each may import from itself and from rooms above it. */
const ROOMS = [
  ["src/errors.ts", "src/json.ts"],
  ["src/operation"],
  ["src/runtime"],
  ["src/drivers"],
  ["src/text"],
  ["src/options.ts", "src/component.ts"],
  ["src/thought"],
  ["src/models", "src/storage"],
  ["src/validators", "src/critics", "src/classifiers", "src/retrievers"],
  ["src/chain"],
  ["src/quick_start", "src/config", "src/testing"],
  ["src/viewer"],
  ["src/cli"],
  ["mod.ts", "cli.ts"],
];

/** Imports against the order of the rooms, with the reason why each may stay. */
const EXCEPTIONS = new Map([
  ["src/errors.ts → src/thought/thought.ts", "the type of a field; erased when the program runs"],
]);

/** Modules reached only by URL, through `remote`: they perform I/O for a provider and may import its SDK. */
const CALLS_MODULE = /_calls\.ts$/;
/** Rooms that are not reached from mod.ts and may import packages. */
const PACKAGE_ROOMS = /^(src\/config\/|src\/viewer\/|src\/cli\/|cli\.ts)/;

/** Files outside runtime/ that may name the clock, chance, timers, requests or the environment, and why. */
const AMBIENT_EXCEPTIONS = new Map([
  ["cli.ts", "the program: it reads its arguments and ends the process"],
  ["src/viewer/client_script.ts", "a script for the browser, as text"],
]);

const LONGEST_FILE_LINES = 400;
const LONGEST_MEDIAN_LINES = 120;

const SOURCES = ["mod.ts", "cli.ts", ...filesBelow("src")].filter((path) => existsSync(join(ROOT, path)))
  .sort();
const TESTS = [
  ...filesBelow("tests"),
  ...filesBelow("bench"),
  ...filesBelow("examples"),
  ...filesBelow("scripts"),
];

const roomOf = (path: string): number =>
  ROOMS.findIndex((room) => room.some((name) => path === name || path.startsWith(`${name}/`)));

test("every source stands in a room, and imports only from its own or those above", () => {
  const wrong: string[] = [];
  for (const path of SOURCES) {
    if (roomOf(path) < 0) wrong.push(`${path} stands in no room`);
    for (const { target } of importsOf(path)) {
      if (target === undefined) continue;
      const edge = `${path} → ${target}`;
      if (roomOf(target) > roomOf(path) && !EXCEPTIONS.has(edge)) wrong.push(edge);
    }
  }
  assert.deepEqual(wrong, []);
});

test("each component with options tells its base what it was made with, so that a resumed run can compare", () => {
  const base = /class \w+ extends Operation(Validator|Critic|Classifier|Retriever|Model) \{/;
  const silent = SOURCES.filter((path) => {
    const code = codeOf(path);
    return base.test(code) && /constructor\([^)]*[oO]ptions/.test(code) && code.includes("super();");
  });
  assert.deepEqual(silent, []);
});

test("simulation and the interpreter reach nothing of a runtime", () => {
  for (
    const path of ["simulation", "interpreter", "join", "task", "options"].map((name) =>
      `src/drivers/${name}.ts`
    )
  ) {
    assert.deepEqual(importsOf(path).filter(({ target }) => target?.includes("/runtime/")), [], path);
  }
});

test("only calls modules, the configuration and the command line import packages or built-ins", () => {
  const wrong = SOURCES.filter((path) => !CALLS_MODULE.test(path) && !PACKAGE_ROOMS.test(path))
    .flatMap((path) =>
      importsOf(path).filter(({ specifier }) => !specifier.startsWith(".")).map((item) => [path, item])
    );
  assert.deepEqual(wrong, []);
});

test("no program loads a calls module by importing another", () => {
  const wrong = SOURCES.filter((path) => !CALLS_MODULE.test(path)).filter((path) =>
    importsOf(path).some(({ specifier, typeOnly, dynamic }) =>
      CALLS_MODULE.test(specifier) && !typeOnly && !dynamic
    )
  );
  assert.deepEqual(wrong, []);
});

test("clocks, randomness, timers, requests and the environment are named in runtime/ alone", () => {
  const ambient = [
    /\bDate\.now\b|\bnew Date\(\)|\bTemporal\.Now\b|\bperformance\.(now|timeOrigin)\b/,
    /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/,
    /\bset(Timeout|Interval|Immediate)\(|\bAbortSignal\.timeout\b/,
    /(?<![.\w])fetch\(|\bglobalThis\.fetch\b|\bnew (WebSocket|EventSource|XMLHttpRequest)\b/,
    /\bDeno\.|\bprocess\.(env|exit|hrtime)\b|\bBun\./,
  ];
  const wrong = SOURCES
    .filter((path) => !path.startsWith("src/runtime/") && !AMBIENT_EXCEPTIONS.has(path))
    .flatMap((path) =>
      codeOf(path).split("\n").filter((line) => ambient.some((words) => words.test(line)))
        .map((line) => `${path}: ${line.trim()}`)
    );
  assert.deepEqual(wrong, []);
});

test("only cli.ts ends the process", () => {
  const wrong = SOURCES.filter((path) => path !== "cli.ts" && path !== "src/runtime/worker.ts")
    .filter((path) => /\bprocess\.exit\(|\bDeno\.exit\(/.test(codeOf(path)));
  assert.deepEqual(wrong, []);
});

test("sources hold no any, enum, namespace or parameter property", () => {
  const banned =
    /:\s*any\b|\bas any\b|<any>|^\s*(export\s+)?(const\s+)?enum\s|^\s*namespace\s|constructor\([^)]*\b(private|public|protected)\s/m;
  assert.deepEqual(SOURCES.filter((path) => banned.test(codeOf(path))), []);
});

test("nothing stands where something is missing", () => {
  const words = /\bTODO\b|\bFIXME\b|\bXXX\b|not (yet )?implemented/i;
  assert.deepEqual(
    [...SOURCES, ...TESTS].filter((path) => !path.endsWith("tidy_test.ts") && words.test(read(path))),
    [],
  );
});

test("files are small", () => {
  const sizes = SOURCES.map((path) => ({ path, lines: read(path).split("\n").length }));
  assert.deepEqual(sizes.filter(({ lines }) => lines > LONGEST_FILE_LINES), []);
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  assert.ok(median <= LONGEST_MEDIAN_LINES, `the median is ${median} lines`);
});

test("file names are snake_case and have no second meaning", () => {
  const wrong = [...SOURCES, ...TESTS].filter((path) =>
    !/^([a-z0-9]+(_[a-z0-9]+)*\/)*[a-z0-9]+(_[a-z0-9]+)*\.ts$/.test(path)
  );
  assert.deepEqual(wrong, []);
});

/** A name that is exported only for documentation: no module imports it, but it stands in the signature of one that is. */
function isPartOfSignature(path: string, name: string): boolean {
  return codeOf(path).match(new RegExp(`\\b${name}\\b`, "g"))!.length > 1;
}

test("every export is imported by another file, or is a type that its own file needs", () => {
  const imported = new Map<string, Set<string>>();
  for (const path of [...SOURCES, ...TESTS]) {
    for (const { target, names } of importsOf(path)) {
      if (target === undefined) continue;
      const known = imported.get(target) ?? new Set();
      imported.set(target, known);
      for (const name of names === "*" ? ["*"] : names) known.add(name);
    }
  }
  const entryPoints = new Set(
    Object.values(manifest("deno.json").exports).map((path) => path.slice("./".length)),
  );
  const dead: string[] = [];
  for (const path of SOURCES.filter((name) => !entryPoints.has(name) && !CALLS_MODULE.test(name))) {
    const uses = imported.get(path);
    for (const { name, isType } of exportsOf(path)) {
      if (uses?.has(name) || uses?.has("*") || (isType && isPartOfSignature(path, name))) continue;
      dead.push(`${path}: ${name}`);
    }
  }
  assert.deepEqual(dead, []);
});

test("every module that is named by its path below src/ is there", () => {
  const modules = addressedModules();
  assert.ok(modules.includes("src/runtime/worker.ts") && modules.includes("src/cli/main.ts"));
  assert.deepEqual(modules.filter((path) => !existsSync(join(ROOT, path))), []);
});

interface Manifest {
  name: string;
  version: string;
  license: string;
  exports: Record<string, string>;
  publish?: { exclude: string[] };
  imports?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (name: string): Manifest => JSON.parse(read(name));

test("the manifests agree on name, version, licence and entry points", () => {
  const [deno, jsr, npm] = ["deno.json", "jsr.json", "package.json"].map((name) => {
    const { name: packageName, version, license, exports } = manifest(name);
    return { packageName, version, license, exports };
  });
  assert.deepEqual(jsr, deno);
  assert.deepEqual(manifest("jsr.json").publish, manifest("deno.json").publish);
  assert.deepEqual(npm, deno);
  for (const [name, path] of Object.entries(deno!.exports)) {
    assert.ok(existsSync(join(ROOT, path)), path);
    assert.equal(manifest("deno.json").imports![name.replace(/^\./, "@sifaka/sifaka")] ?? path, path);
  }
});

test("deno.json and package.json pin the same versions", () => {
  const pinned = Object.entries(manifest("deno.json").imports!)
    .filter(([, target]) => target.startsWith("npm:"))
    .map(([name, target]) => [name, target.slice(`npm:${name}@`.length)]);
  const { dependencies = {}, devDependencies = {} } = manifest("package.json");
  const all: Record<string, string> = { ...dependencies, ...devDependencies };
  for (const [name, version] of Object.entries(all)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`);
  }
  for (const [name, version] of pinned) assert.equal(version, all[name!], name);
  const used = new Set(
    [...SOURCES, ...TESTS].flatMap((path) => importsOf(path).map(({ specifier }) => specifier)),
  );
  for (const name of Object.keys(dependencies)) {
    assert.ok(used.has(name) || pinnedUse(name), `${name} is not used`);
  }
});

function pinnedUse(name: string): boolean {
  return SOURCES.some((path) => codeOf(path).includes(`"${name}`));
}
