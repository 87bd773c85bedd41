import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { ReflexionCritic } from "../../src/critics/reflexion_critic.ts";
import type { CriticMemoryStore } from "../../src/critics/shared_memory.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { asked, failing } from "./helpers.ts";

const reflecting = () =>
  new MockModel({
    response: ({ index }) => JSON.stringify({ diagnosis: `diagnosis ${index}`, plan: ["a step"] }),
  });

const critique = (model: MockModel, memoryStore?: CriticMemoryStore, name = "reflexion") =>
  new ReflexionCritic({ model, name, memoryStore })._critiqueOperation(failing(), {
    memory: { value: undefined },
  });

test("critics of one name share a memory across runs by its key, where they are told to", async () => {
  for (const run of [runSync, runAsync]) {
    const memoryStore = { storage: new MemoryStorage(), key: "team/a" };
    const model = reflecting();
    await run(critique(model, memoryStore));
    await run(critique(model, memoryStore));
    assert.doesNotMatch(asked(model.calls[0]!), /diagnosis 0/);
    assert.match(asked(model.calls[1]!), /diagnosis 0/);
    await run(critique(model, { ...memoryStore, key: "team" }));
    await run(critique(model, memoryStore, "another"));
    await run(critique(model));
    for (const call of model.calls.slice(2)) assert.doesNotMatch(asked(call), /diagnosis [01]/);
  }
});

test("two chains that share a critic stay separate unless they share a memory", () => {
  const runTwice = (memoryStore?: CriticMemoryStore): string[] => {
    const model = reflecting();
    const critic = new ReflexionCritic({ model, memoryStore });
    for (const prompt of ["Write of lemurs.", "Write of bread."]) {
      new Chain({
        model: new MockModel({ response: "A draft." }),
        prompt,
        critics: [critic],
        validators: [{ name: "never", validate: () => ({ passed: false, message: "no" }) }],
        maxImprovementIterations: 1,
      }).run();
    }
    return model.calls.map(asked);
  };
  assert.ok(runTwice().every((prompt) => !prompt.includes("diagnosis 0")));
  assert.match(runTwice({ storage: new MemoryStorage(), key: "all" })[1]!, /diagnosis 0/);
});

test("a storage that fails costs a critic its memory, and not the critique", () => {
  const broken = () => {
    throw new Error("the disk is full");
  };
  const storage = { name: "broken", get: broken, set: broken } as never;
  const codes: unknown[] = [];
  const { outcome } = simulate(critique(reflecting(), { storage, key: "k" }), {
    onEvent: (event) => codes.push((event as { code?: unknown }).code),
  });
  assert.ok(outcome.ok);
  assert.equal(outcome.value.needsImprovement, true);
  assert.deepEqual(codes, ["memory_store_failed", "memory_store_failed"]);
});

test("a shared memory needs a storage and a key", () => {
  for (
    const memoryStore of [{ key: "a" }, { storage: new MemoryStorage() }, {
      storage: new MemoryStorage(),
      key: " ",
    }]
  ) {
    assert.throws(() => new ReflexionCritic({ model: reflecting(), memoryStore } as never), {
      name: "ConfigurationError",
      message: /memoryStore must be an object with a storage and a key/,
    });
  }
});
