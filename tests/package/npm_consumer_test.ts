/**
 * The package as JavaScript with declarations, as npm would carry it, and a strict TypeScript project that uses every entry
 * point of it under Node.
 */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { ROOT, runProgram, RUNTIMES, testWith } from "./tools.ts";

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const node = existsSync(TSC) ? RUNTIMES.node : undefined;
const TEXT = "A sifaka leaps sideways across open ground.";

let provider: MockProvider;
let home: string;
let exports: readonly string[];
before(async () => {
  provider = await startProvider();
  home = mkdtempSync(join(tmpdir(), "sifaka-"));
  if (node !== undefined) exports = installBuilt(node, home);
});
after(() => {
  provider.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Builds the package into `node_modules` of a folder, and gives the names of its entry points. */
function installBuilt(node: string, folder: string): string[] {
  const target = join(folder, "node_modules/@sifaka/sifaka");
  mkdirSync(target, { recursive: true });
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true },
    ...{ outDir: target, rootDir: ROOT, typeRoots: [join(ROOT, "node_modules/@types")] },
  };
  const include = ["mod.ts", "cli.ts", "src"].map((path) => join(ROOT, path));
  const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions, include };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const built = runProgram(node, [TSC, "--project", folder]);
  assert.equal(built.status, 0, built.stdout);
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    exports: Record<string, string>;
  };
  const paths = Object.entries(manifest.exports).map(([name, path]) => [name, path.replace(/\.ts$/, ".js")]);
  writeFileSync(
    join(target, "package.json"),
    JSON.stringify({ ...manifest, exports: Object.fromEntries(paths) }),
  );
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name !== "@sifaka") symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  return Object.keys(manifest.exports);
}

/** Makes a project of one program beside the package. */
function writeProject(name: string, program: string): string {
  const directory = join(home, name);
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(directory, "program.ts"), program);
  const compilerOptions = {
    ...{ target: "es2022", module: "nodenext", strict: true, types: ["node"], noEmit: true },
    ...{ skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  return directory;
}

const MISSING = "SIFAKA_TEST_NODE is not set, or there is no node_modules";

testWith(
  node,
  MISSING,
  "a strict Node project uses every entry point, and waits for a remote model",
  (node) => {
    const names = exports.map((name) => name.slice(2));
    const imports = names.map((name) =>
      `import * as ${name.replaceAll("-", "_") || "core"} from "@sifaka/sifaka${name && `/${name}`}";`
    );
    const cwd = writeProject(
      "every-entry-point",
      `${imports.join("\n")}
import process from "node:process";

const model = models.createModel("openai-compatible:m", { baseUrl: process.argv[2]! });
const chain = new core.Chain({ model, prompt: "Describe the sifaka." });
chain.validateWith(new validators.LengthValidator({ maxWords: 12 }));
const thought: core.Thought = chain.run();
const text: string | undefined = thought.text;
console.log(text, thought.valid);
console.log([${
        names.filter(Boolean).map((name) => name.replaceAll("-", "_")).join(", ")
      }].every((part) => typeof part === "object"));
`,
    );
    const checked = runProgram(node, [TSC, "--project", "."], { cwd });
    assert.equal(checked.status, 0, checked.stdout);
    const { status, stdout, stderr } = runProgram(node, ["program.ts", provider.url({ text: TEXT })], {
      cwd,
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${TEXT} true\ntrue\n`);
  },
);

testWith(node, MISSING, "no declaration of the package is of any", () => {
  const target = join(home, "node_modules/@sifaka/sifaka");
  const files = readdirSync(target, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".d.ts")
  );
  assert.ok(files.length > 100, String(files.length));
  for (const file of files) {
    const declared = readFileSync(join(target, file), "utf8").replace(/\/\*[^]*?\*\//g, "");
    assert.doesNotMatch(declared, /[:<|,=]\s*any\b|\bany\[\]/, file);
  }
});

testWith(node, MISSING, "a strict Node project is told of a misspelt option", (node) => {
  const program =
    `import { LengthValidator } from "@sifaka/sifaka/validators";\nnew LengthValidator({ maxWord: 12 });\n`;
  const { status, stdout } = runProgram(node, [TSC, "--project", "."], {
    cwd: writeProject("misspelt", program),
  });
  assert.notEqual(status, 0);
  assert.match(stdout, /program\.ts\(2,\d+\): error TS2561: .*'maxWord' does not exist in type/);
});
