import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigurationError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { describePreset, type PresetName, QuickStart } from "../../src/quick_start/mod.ts";
import { PRESETS } from "../../src/quick_start/presets.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const PROMPT = "Where do sifakas live?";
const TEXT = "Sifakas live in Madagascar. ".repeat(9);
const criticRetrievers = [new InMemoryRetriever({ documents: ["Sifakas live in Madagascar."] })];

test("what each preset says is what the documentation says", () => {
  const steps = (
    maxImprovementIterations: number,
    applyImproversOnValidationFailure: boolean,
    alwaysApplyCritics: boolean,
  ) => ({ maxImprovementIterations, applyImproversOnValidationFailure, alwaysApplyCritics });
  const said = Object.values(PRESETS).map(({ purpose, ...preset }) => {
    assert.ok(purpose.endsWith("."));
    return preset;
  });
  assert.deepEqual(said, [
    {
      name: "development",
      model: "mock",
      validators: [],
      critics: [],
      storage: "memory",
      needsCriticRetriever: false,
      options: steps(1, true, false),
    },
    {
      name: "content_generation",
      validators: [{ length: { minLength: 50, maxLength: 1_000 } }, "toxicity"],
      critics: ["constitutional"],
      storage: "memory",
      needsCriticRetriever: false,
      options: steps(2, true, true),
    },
    {
      name: "fact_checking",
      validators: [{ length: { minLength: 50 } }],
      critics: ["self_rag", "reflexion"],
      storage: "memory",
      needsCriticRetriever: true,
      options: steps(3, true, true),
    },
    {
      name: "research_analysis",
      validators: [{ length: { minLength: 200, maxLength: 5_000 } }],
      critics: ["reflexion"],
      storage: "memory",
      needsCriticRetriever: false,
      options: steps(5, true, true),
    },
    {
      name: "production_safe",
      validators: [{ length: { minLength: 50, maxLength: 2_000 } }, "toxicity"],
      critics: ["constitutional", "reflexion"],
      storage: "file:sifaka_thoughts",
      needsCriticRetriever: false,
      options: steps(3, true, true),
    },
  ]);
});

for (const [name, preset] of Object.entries(PRESETS)) {
  test(`the preset ${name} asks its validators and critics and keeps every thought`, () => {
    const storage = new MemoryStorage();
    const model = new MockModel({ responses: ["Too short.", "{}", TEXT], mode: "last" });
    const options = { model, storage, criticRetrievers, maxImprovementIterations: 1, critiqueFinal: true };
    const thought = QuickStart.fromPreset(name as PresetName, PROMPT, options).run();
    assert.equal(Object.keys(thought.validationResults).length, preset.validators.length);
    const critics = new Set(thought.criticFeedback.map(({ critic }) => critic));
    assert.equal(critics.size, preset.critics.length);
    assert.equal(new ThoughtStore(storage).chains().length, 1);
  });
}

test("a preset's steps hold unless the caller says otherwise", () => {
  const model = (): MockModel => new MockModel({ response: "Too short." });
  const iterations = (options: object): number =>
    QuickStart.fromPreset("research_analysis", PROMPT, {
      model: model(),
      critics: [],
      stopOnNoProgress: false,
      ...options,
    }).runDetailed().iterations.length;
  assert.equal(iterations({}), 6);
  assert.equal(iterations({ maxImprovementIterations: undefined }), 6);
  assert.equal(iterations({ maxImprovementIterations: 2 }), 3);
  assert.equal(iterations({ validators: [] }), 1);
  assert.equal(iterations({ applyImproversOnValidationFailure: false }), 1);
});

test("development has a mock model and says so, unless it is given one", () => {
  const chain = QuickStart.forDevelopment(PROMPT);
  assert.match(chain.warnings[0]!, /^The model is a mock/);
  assert.match(chain.run().text!, /Where do sifakas live\?/);
  assert.deepEqual(QuickStart.forDevelopment(PROMPT, { model: "mock" }).warnings, []);
});

test("research has no model of its own", () => {
  assert.throws(
    () => QuickStart.forResearch(PROMPT),
    /no model: .*; the preset research_analysis chooses none/,
  );
  assert.ok(QuickStart.forResearch(PROMPT, { model: new MockModel({ response: TEXT }) }).run().valid);
});

test("production refuses an insult, and keeps its thoughts in files unless it is told where", () =>
  inTemporaryDirectory((directory) => {
    const insult = `${TEXT} You are an idiot.`;
    const options = { model: new MockModel({ response: insult }), critics: [], maxImprovementIterations: 0 };
    const thought = QuickStart.forProduction(PROMPT, { ...options, folder: directory }).run();
    assert.equal(thought.validationResults.ToxicityValidator!.passed, false);
    const files = new FileStorage(join(directory, "sifaka_thoughts"));
    assert.equal(new ThoughtStore(files).chains().length, 1);
    const storage = new MemoryStorage();
    QuickStart.forProduction(PROMPT, { ...options, storage }).run();
    assert.equal(new ThoughtStore(storage).chains().length, 1);
  }));

test("fact checking needs a retriever, unless its critics are replaced", () => {
  const model = new MockModel({ response: TEXT });
  const make = (options: object) => () =>
    QuickStart.fromPreset("fact_checking", PROMPT, { model, ...options });
  assert.throws(make({}), /it has no retriever: the preset fact_checking holds texts against documents/);
  assert.throws(make({ criticRetrievers: [] }), ConfigurationError);
  make({ criticRetrievers })();
  make({ critics: ["reflexion"] })();
});

test("an unknown preset is answered with the nearest", () => {
  const make = (name: string) => () => QuickStart.fromPreset(name as PresetName, PROMPT, { model: "mock" });
  assert.throws(make("fact_cheking"), /there is no preset "fact_cheking"; did you mean "fact_checking"\?/);
  assert.throws(make("toString"), /there is no preset "toString"; known: development, /);
  assert.throws(() => describePreset("x" as PresetName), ConfigurationError);
});

test("a description is a copy", () => {
  const described = describePreset("fact_checking") as unknown as { critics: string[] };
  described.critics.push("style");
  assert.deepEqual(describePreset("fact_checking").critics, ["self_rag", "reflexion"]);
});
