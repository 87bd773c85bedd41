/**
 * Keys are planted wherever a user may put them, a server repeats them in every answer, and then everything that was written,
 * printed, thrown or told is searched for them.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { Chain } from "../src/chain/chain.ts";
import type { ChainEvent } from "../src/chain/events.ts";
import { loadConfig, parseConfig } from "../src/config/mod.ts";
import { SelfRefineCritic } from "../src/critics/self_refine_critic.ts";
import { OpenAiCompatibleModel } from "../src/models/openai_compatible_model.ts";
import { encodeError } from "../src/operation/outcome.ts";
import { SqliteStorage } from "../src/storage/sqlite_storage.ts";
import { startEchoServer } from "./helpers/mock_provider.ts";
import { callCli } from "./helpers/call_cli.ts";
import { inTemporaryDirectory } from "./helpers/temporary_directory.ts";

/** Every canary has this in it, and nothing else has. */
const CANARY = /canary-[a-z0-9]{6}/g;
const ENVIRONMENT_KEY = "sk-canary-a1b2c3/env+ironment";
const GIVEN_KEY = "sk-canary-d4e5f6/gi+ven";
const HEADER_KEY = "canary-g7h8i9-header";
const QUERY_KEY = "canary-j1k2l3-query";

const server = await startEchoServer();
after(() => server.stop());

/** The ways in which the server repeats what it was sent and the call fails. */
const FAILING = ["refuse", "fail", "cut", "escaped", "garble", "nothing", "drop"] as const;

function modelAt(way: string, apiKey = GIVEN_KEY): OpenAiCompatibleModel {
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: "m",
    apiKey,
    baseUrl: server.url(way),
    headers: { "x-second-key": HEADER_KEY, "x-session": `Bearer ${HEADER_KEY}-session` },
  });
}

/** All that can be seen of a thing: printed, as JSON, and what an error carries to another thread. */
function seenOf(thing: unknown): string {
  const inspected = inspect(thing, { depth: 20, showHidden: false });
  return [inspected, JSON.stringify(thing), String(thing), JSON.stringify(encodeError(thing))].join("\n");
}

/** All that stands in the files of a folder, but for those that a person wrote. */
function writtenIn(folder: string, byHand: readonly string[] = []): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !byHand.includes(name) && statSync(join(folder, name)).isFile())
    .map((name) => `${name}: ${readFileSync(join(folder, name), "latin1")}`).join("\n");
}

/** Fails where a canary is seen, with what stands around it. */
function refuseCanaries(what: string, text: string): void {
  const found = [...text.matchAll(CANARY)].map(({ index }) =>
    text.slice(Math.max(0, index - 60), index + 40)
  );
  assert.deepEqual(found.slice(0, 3), [], `${what}: ${found.length} canaries`);
}

async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}

test("the server repeats the keys that it is sent, or there would be nothing to find", async () => {
  const response = await fetch(`${server.url("refuse")}/x`, {
    headers: { authorization: `Bearer ${GIVEN_KEY}` },
  });
  assert.ok((await response.text()).includes(GIVEN_KEY));
});

for (const way of FAILING) {
  test(`no error of a call shows a key when the server repeats it (${way})`, async () => {
    const model = modelAt(way);
    const errors = [
      await thrownBy(() => model.generate("Write.")),
      await thrownBy(() => model._generateAsync("Write.")),
      await thrownBy(() => [...model.stream("Write.")]),
      model.checkHealth(),
    ];
    refuseCanaries("the errors", errors.map(seenOf).join("\n"));
    refuseCanaries("the model", seenOf(model));
  });
}

test("no error inside a stream shows a key when the server repeats it", async () => {
  const error = await thrownBy(() => [...modelAt("stream").stream("Write.")]);
  assert.match(String(error), /\*\*\*/);
  refuseCanaries("the error", seenOf(error));
});

for (const driver of ["sync", "async"] as const) {
  test(`a chain keeps and tells no key, whatever fails in it (${driver})`, () =>
    inTemporaryDirectory(async (folder) => {
      const told: ChainEvent[] = [];
      const seen: unknown[] = [];
      using storage = new SqliteStorage(join(folder, "runs.db"));
      for (const way of FAILING) {
        const chain = () =>
          new Chain({
            model: modelAt(way),
            fallbackModels: [modelAt("fail", ENVIRONMENT_KEY), modelAt("answer")],
            prompt: "Write about lemurs.",
            maxImprovementIterations: 1,
            retry: { attempts: 2, baseMs: 0 },
            onEvent: (event: ChainEvent) => told.push(event),
          }).withStorage(storage)
            .improveWith(new SelfRefineCritic({ model: modelAt(way), retry: { attempts: 1 } }))
            .withOptions({ alwaysApplyCritics: true });
        const made = chain();
        const thought = driver === "sync" ? made.run() : await made._runAsync();
        assert.equal(thought.text, "Lemurs leap from tree to tree.");
        const lost = chain().withOptions({ fallbackModels: [] });
        seen.push(made, thought, await thrownBy(() => driver === "sync" ? lost.run() : lost._runAsync()));
      }
      refuseCanaries("what was returned and thrown", seen.map(seenOf).join("\n"));
      refuseCanaries("the events", JSON.stringify(told));
      assert.ok(told.length > 0 && writtenIn(folder).includes("Lemurs leap"));
      refuseCanaries("the files", writtenIn(folder));
    }));
}

/** All that the journals in a store hold, what is compressed in the file included. */
function journaledIn(storage: SqliteStorage): string {
  const runs = storage.runs.list().map(({ runId }) => storage.runs.read(runId));
  return JSON.stringify(runs);
}

for (const driver of ["sync", "async"] as const) {
  test(`the journal of a run holds no key, whatever repeats it (${driver})`, () =>
    inTemporaryDirectory(async (folder) => {
      using storage = new SqliteStorage(join(folder, "runs.db"));
      const start = (way: string, fallback: readonly string[]) => {
        const chain = new Chain({
          model: modelAt(way),
          fallbackModels: fallback.map((each) => modelAt(each, ENVIRONMENT_KEY)),
          prompt: "Write about lemurs.",
          maxImprovementIterations: 1,
          retry: { attempts: 2, baseMs: 0 },
        }).withStorage(storage)
          .improveWith(new SelfRefineCritic({ model: modelAt("say"), retry: { attempts: 1 } }))
          .withOptions({ alwaysApplyCritics: true });
        const runId = `run ${way} ${fallback}`;
        return driver === "sync" ? chain.run({ runId }) : chain._runAsync({ runId });
      };
      const seen: unknown[] = [];
      for (const way of FAILING) {
        seen.push(await start(way, ["answer"]), await start(way, ["say"]));
        const failed = () => start(way, []);
        // The second start goes on with the run that has failed.
        seen.push(await thrownBy(failed), await thrownBy(failed));
      }
      seen.push(await start("say", []), await start("say", []));
      refuseCanaries("what was returned and thrown", seen.map(seenOf).join("\n"));
      const statuses = storage.runs.list().map(({ status }) => status);
      assert.deepEqual(new Set(statuses), new Set(["finished", "failed"]));
      assert.match(journaledIn(storage), /Lemurs leap.*\*\*\*/);
      refuseCanaries("the journals", journaledIn(storage));
      refuseCanaries("the files", writtenIn(folder));
    }));
}

test("no option that is refused shows the key that stands in it", async () => {
  const base = { provider: "openai", model: "m", apiKey: GIVEN_KEY };
  const refused: readonly Record<string, unknown>[] = [
    { baseUrl: `http://127.0.0.1:9/v1?key=${QUERY_KEY}` },
    { baseUrl: `http://user:${QUERY_KEY}@127.0.0.1:9/v1` },
    { baseUrl: `ftp://${QUERY_KEY}` },
    { apiKey: `${GIVEN_KEY}\nx` },
    { apiKey: `${GIVEN_KEY}é` },
    { apiKey: [GIVEN_KEY] },
    { headers: { authorization: [HEADER_KEY] } },
    { headers: HEADER_KEY },
    { headers: { "x-key": `${HEADER_KEY}\né` } },
  ];
  for (const options of refused) {
    const error = await thrownBy(() => new OpenAiCompatibleModel({ ...base, ...options } as never));
    refuseCanaries(Object.keys(options).join(), seenOf(error));
  }
});

/** Configurations that are wrong, each beside a key. */
const WRONG_CONFIGS: readonly string[] = [
  `model: { provider: openai, name: m, apiKey: ${GIVEN_KEY}, temperature: 9 }`,
  `model: { provider: openai, name: m, headers: { x-key: ${HEADER_KEY} }, temperature: 9 }`,
  `model: { provider: openai, name: m, apiKey: [${GIVEN_KEY}] }`,
  `model: { provider: openai, name: m, api_key: ${GIVEN_KEY} }`,
  `model: { provider: openai, name: m, apiKey: "${GIVEN_KEY} }`,
  `model:\n  provider: openai\n  apiKey: '${GIVEN_KEY}\n`,
  `model:\n  provider: openai\n  apiKey: a: ${GIVEN_KEY}\n`,
  `model: { provider: openai, name: m, baseUrl: "http://127.0.0.1/v1?key=${QUERY_KEY}" }`,
  `model: { provider: openai, name: m, baseUrl: "http://u:${QUERY_KEY}@127.0.0.1/v1" }`,
  "model: { provider: openai, name: m, temperature: '${CANARY_KEY}' }",
  "model: '${CANARY_KEY}'",
  "critics: ['${CANARY_KEY}']",
  "validators: [{ length: { minWords: '${CANARY_KEY}' } }]",
];

test("no configuration that is refused shows the key that stands in it", () =>
  inTemporaryDirectory(async (folder) => {
    const path = join(folder, "sifaka.yaml");
    process.env.CANARY_KEY = ENVIRONMENT_KEY;
    try {
      for (const text of WRONG_CONFIGS) {
        writeFileSync(path, text);
        const error = await thrownBy(() => loadConfig(path).createChain({ prompt: "Write." }));
        refuseCanaries(text, seenOf(error));
      }
      for (
        const override of [
          `model.apiKey.x=${GIVEN_KEY}`,
          `model.headers=${HEADER_KEY}`,
          `model.apiKey=[${GIVEN_KEY}]`,
          `=${GIVEN_KEY}`,
          GIVEN_KEY,
        ]
      ) {
        const error = await thrownBy(() =>
          parseConfig("model: { provider: openai, name: m, apiKey: x }", { overrides: [override] })
            .createChain({ prompt: "Write." })
        );
        refuseCanaries(override, seenOf(error));
      }
    } finally {
      delete process.env.CANARY_KEY;
    }
  }));

const configAt = (way: string): string => `
model:
  provider: openai
  name: m
  apiKey: "\${CANARY_KEY}"
  baseUrl: ${server.url(way)}
  headers: { x-second-key: ${HEADER_KEY} }
prompt: Write about lemurs.
validators: [{ length: { minWords: 3 } }]
critics: [{ self_refine: { retry: { attempts: 1 } } }]
options:
  maxImprovementIterations: 1
  alwaysApplyCritics: true
  retry: { attempts: 2, baseMs: 0 }
  fallbackModels: ["openai:other"]
`;

test("the command line keeps and prints no key, whatever fails", () =>
  inTemporaryDirectory(async (folder) => {
    const printed: string[] = [];
    const run = async (args: readonly string[], baseUrl: string) => {
      const env = {
        CANARY_KEY: ENVIRONMENT_KEY,
        OPENAI_API_KEY: `${ENVIRONMENT_KEY}-own`,
        OPENAI_BASE_URL: baseUrl,
        SIFAKA_LOG: "debug",
      };
      const { stdout, stderr, status } = await callCli(args, { cwd: folder, env });
      printed.push(`${args.join(" ")} → ${status}\n${stdout}\n${stderr}`);
      return status;
    };
    writeFileSync(join(folder, "fails.yaml"), configAt("refuse"));
    writeFileSync(join(folder, "works.yaml"), configAt("answer"));
    const store = ["--db", "runs.db"];
    assert.equal(await run(["run", "fails.yaml", ...store, "-vv"], server.url("answer")), 0);
    assert.equal(await run(["run", "fails.yaml", ...store, "-vv"], server.url("fail")), 3);
    await run(["run", "fails.yaml", ...store, "--json"], server.url("cut"));
    await run(["run", "works.yaml", ...store, "--json", "-v"], server.url("refuse"));
    assert.equal(await run(["run", "works.yaml", ...store, "--run-id", "said"], server.url("say")), 0);
    assert.equal(await run(["run", "fails.yaml", ...store, "--run-id", "lost"], server.url("fail")), 3);
    assert.equal(await run(["resume", "lost", ...store, "-vv"], server.url("fail")), 3);
    assert.equal(await run(["replay", "said", ...store, "--json"], server.url("fail")), 0);
    await run(["replay", "lost", ...store], server.url("fail"));
    await run(["runs", ...store, "--json"], server.url("refuse"));
    await run(["list", ...store, "--json"], server.url("refuse"));
    await run(["search", "lemurs", ...store, "--json"], server.url("refuse"));
    await run(["export", ...store], server.url("refuse"));
    await run(["show", "last", ...store, "--json"], server.url("refuse"));
    await run(["diff", "last", ...store], server.url("refuse"));
    await run(["check", "fails.yaml"], server.url("refuse"));
    await run(["doctor", "fails.yaml"], server.url("refuse"));
    await run(["doctor", "--json"], server.url("refuse"));
    await run(["models"], server.url("refuse"));
    await run(["run", "works.yaml", "--set", `model.apiKey.x=${GIVEN_KEY}`], server.url("refuse"));
    await run(["run", "works.yaml", "--set", `model.headers=${HEADER_KEY}`, "-vv"], server.url("refuse"));
    const all = printed.join("\n").replaceAll(/^run works\.yaml --set .*$/gm, "");
    assert.match(all, /Lemurs leap/);
    assert.match(all, /\*\*\*|\$\{CANARY_KEY\}/);
    refuseCanaries("what was printed", all);
    assert.match(writtenIn(folder), /Lemurs leap/);
    refuseCanaries("the files", writtenIn(folder, ["fails.yaml", "works.yaml"]));
    using storage = new SqliteStorage(join(folder, "runs.db"));
    assert.ok(storage.runs.list().length >= 4);
    refuseCanaries("the journals", journaledIn(storage));
  }));
