/** Runs that are recorded, resumed and replayed, in memory and in a file, under both drivers. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainEvent } from "../../src/chain/events.ts";
import type { ChainOptions, ChainRunOptions } from "../../src/chain/options.ts";
import { ModelApiError } from "../../src/errors.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import type { Model } from "../../src/models/model.ts";
import { host, now, type Operation, sleep } from "../../src/operation/operation.ts";
import { defineClassifier } from "../../src/classifiers/define_classifier.ts";
import { withCache } from "../../src/classifiers/cache.ts";
import { CachedRetriever } from "../../src/retrievers/cached_retriever.ts";
import { FileRetriever } from "../../src/retrievers/file_retriever.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { VectorRetriever } from "../../src/retrievers/vector_retriever.ts";
import { CachedStorage } from "../../src/storage/cached_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { OperationStorage } from "../../src/storage/storage.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { ClassifierValidator } from "../../src/validators/classifier_validator.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

/** A model and its calls, each one that would be paid for. */
class Paid {
  readonly prompts: string[] = [];
  failures = 0;
  readonly model: Model = this.#make();

  #make(): Model {
    const ask = (prompt: string): string => {
      this.prompts.push(prompt);
      if (this.failures > 0) {
        this.failures--;
        throw new ModelApiError("the provider is down", { status: 503, retryable: true });
      }
      return `text ${this.prompts.length}`;
    };
    return defineModel("paid", function* (messages) {
      yield* sleep(1);
      return yield* host(() => ask(messages.at(-1)!.content));
    });
  }
}

interface Bench {
  paid: Paid;
  critiques: number;
  storage: OperationStorage;
  chain: (changes?: ChainOptions) => Chain;
}

function bench(storage: OperationStorage): Bench {
  const paid = new Paid();
  const self: Bench = {
    paid,
    critiques: 0,
    storage,
    chain: (changes = {}) =>
      new Chain({
        model: paid.model,
        prompt: "Write.",
        storage,
        retry: { attempts: 2, baseMs: 0 },
        validators: [
          defineValidator("slow", function* ({ iteration }): Operation<boolean> {
            yield* now();
            yield* sleep(1);
            return iteration >= 2;
          }),
          defineValidator("plain", () => true),
        ],
        critics: [defineCritic("strict", function* () {
          yield* host(() => self.critiques++);
          return { needsImprovement: true, issues: ["it is dull"] };
        })],
        ...changes,
      }),
  };
  return self;
}

const STORAGES: Record<string, (path: string) => OperationStorage> = {
  memory: () => new MemoryStorage(),
  sqlite: (path) => new SqliteStorage(path),
};
type Run = (chain: Chain, options: ChainRunOptions) => Promise<Thought>;
const RUNS: Record<string, Run> = {
  sync: (chain, options) => Promise.resolve().then(() => chain.run(options)),
  async: (chain, options) => chain._runAsync(options),
};

for (const [kind, open] of Object.entries(STORAGES)) {
  for (const [driver, run] of Object.entries(RUNS)) {
    const name = (text: string): string => `${text} (${kind}, ${driver})`;
    const withBench = (use: (bench: Bench) => Promise<void>): Promise<void> =>
      inTemporaryDirectory(async (directory) => {
        using storage = open(join(directory, "runs.db"));
        await use(bench(storage));
      });

    test(name("a finished run gives its thought again and calls nothing"), () =>
      withBench(async (it) => {
        const first = await run(it.chain(), { runId: "r1" });
        assert.equal(first.text, "text 3");
        assert.equal(it.paid.prompts.length, 3);
        const again = await run(it.chain(), { runId: "r1" });
        assert.deepEqual(again.toJSON(), first.toJSON());
        assert.equal(it.paid.prompts.length, 3);
        assert.equal(it.critiques, 2);
        assert.deepEqual(it.chain().runs().map(({ runId, status }) => [runId, status]), [["r1", "finished"]]);
      }));

    test(
      name("a stored run is replayed to the letter, by either driver, without a call"),
      () =>
        withBench(async (it) => {
          const first = await it.chain()._runDetailedAsync({ runId: "r1" });
          const replayed = [it.chain().replayDetailed("r1"), await it.chain()._replayDetailedAsync("r1")];
          for (const result of replayed) {
            assert.deepEqual(JSON.parse(JSON.stringify(result)), JSON.parse(JSON.stringify(first)));
          }
          assert.deepEqual((await it.chain()._replayAsync("r1")).toJSON(), it.chain().replay("r1").toJSON());
          assert.equal(it.paid.prompts.length, 3);
          assert.throws(() => it.chain().replay("r2"), { code: "no_run" });
        }),
    );

    test(name("a run that was cancelled goes on where it stopped"), () =>
      withBench(async (it) => {
        const controller = new AbortController();
        const stop = (event: ChainEvent): void => {
          if (event.type === "criticised" && event.iteration === 1) controller.abort(new Error("enough"));
        };
        await assert.rejects(
          run(it.chain({ onEvent: stop }), { runId: "r1", signal: controller.signal }),
          /enough/,
        );
        assert.equal(it.chain().runs()[0]!.status, "interrupted");
        const paidBefore = it.paid.prompts.length;
        assert.equal(paidBefore, 2);
        const events: ChainEvent[] = [];
        const thought = await run(it.chain({ onEvent: (event) => void events.push(event) }), { runId: "r1" });
        assert.equal(thought.text, "text 3");
        assert.equal(thought.history.length, 2);
        assert.equal(it.paid.prompts.length, 3);
        assert.equal(it.critiques, 2);
        assert.equal(events[0]!.type, "run-started");
        assert.equal((events[0] as { replayed?: boolean }).replayed, true);
        assert.equal((events.at(-1) as { replayed?: boolean }).replayed, undefined);
      }));

    test(
      name("a run that failed tries the failed step again, and nothing before it"),
      () =>
        withBench(async (it) => {
          const stop = (event: ChainEvent): void => {
            if (event.type === "criticised" && event.iteration === 0) it.paid.failures = 2;
          };
          await assert.rejects(run(it.chain({ onEvent: stop }), { runId: "r1" }), /the provider is down/);
          const [summary] = it.chain().runs();
          assert.equal(summary!.status, "failed");
          assert.match(summary!.facts.error!.message, /the provider is down/);
          assert.throws(() => it.chain().replay("r1"), /the provider is down/);
          assert.equal(it.paid.prompts.length, 3);
          it.paid.failures = 1;
          const thought = await run(it.chain(), { runId: "r1" });
          assert.equal(thought.iteration, 2);
          assert.equal(it.paid.prompts.length, 3 + 1 + 2);
          assert.equal(it.critiques, 2);
          assert.equal(it.chain().runs()[0]!.facts.error, undefined);
        }),
    );

    test(
      name("a run is not continued by another chain unless that is forced"),
      () =>
        withBench(async (it) => {
          const controller = new AbortController();
          const stop = (event: ChainEvent): void => {
            if (event.type === "criticised") controller.abort(new Error("enough"));
          };
          await assert.rejects(run(it.chain({ onEvent: stop }), { runId: "r1", signal: controller.signal }));
          const changed = it.chain({
            validators: [defineValidator("other", () => true)],
            maxImprovementIterations: 5,
          });
          await assert.rejects(run(changed, { runId: "r1" }), (error: Error & { code: string }) => {
            assert.equal(error.code, "chain_changed");
            assert.match(error.message, /validators\[0\] was slow and is other/);
            assert.match(error.message, /validators\[1\] is gone: plain/);
            assert.match(error.message, /maxImprovementIterations was 3 and is 5/);
            return true;
          });
          assert.throws(() => changed.replay("r1"), { code: "chain_changed" });
          const thought = await run(changed, { runId: "r1", force: true });
          assert.equal(thought.text, "text 1");
          assert.equal(it.paid.prompts.length, 1);
          assert.deepEqual(changed.replay("r1").toJSON(), thought.toJSON());
        }),
    );

    test(name("runs can be listed, deleted and pruned"), () =>
      withBench(async (it) => {
        for (const runId of ["a", "b", "c"]) await run(it.chain(), { runId });
        assert.deepEqual(it.chain().runs().map(({ runId }) => runId), ["c", "b", "a"]);
        assert.equal(it.chain().deleteRun("b"), true);
        assert.equal(it.chain().deleteRun("b"), false);
        assert.equal(it.chain().prune({ keepLast: 1 }), 1);
        assert.deepEqual((await it.chain()._runsAsync()).map(({ runId }) => runId), ["c"]);
        assert.throws(() => it.chain().prune({}), { code: "invalid_option" });
        assert.equal(await it.chain()._pruneAsync({ olderThanMs: 60_000 }), 0);
        assert.equal(await it.chain()._deleteRunAsync("c"), true);
      }));
  }
}

test("every run of a chain with a storage on disk is recorded, and none in memory but those with a name", () =>
  inTemporaryDirectory((directory) => {
    using storage = new SqliteStorage(join(directory, "runs.db"));
    const it = bench(storage);
    const { runId } = it.chain().runDetailed();
    assert.deepEqual(it.chain().runs().map((run) => run.runId), [runId]);
    const memory = new MemoryStorage();
    bench(memory).chain().run();
    assert.deepEqual(memory.runs.list(), []);
  }));

test("a chain without runs says why it cannot resume", () => {
  const { model } = new Paid();
  assert.throws(() => new Chain({ model, prompt: "Write." }).run({ runId: "r1" }), { code: "no_run_store" });
  assert.throws(() => new Chain({ model, prompt: "Write." }).runs(), { code: "no_run_store" });
});

for (const onStorageError of ["warn", "throw"] as const) {
  test(`a journal that cannot be written ${onStorageError === "warn" ? "warns" : "ends the run"} as onStorageError says`, () => {
    const storage = new MemoryStorage();
    const it = bench(storage);
    const { runs } = storage;
    const own = runs.own.bind(runs);
    runs.own = (request) => {
      const owned = own(request);
      let writes = 0;
      owned.append = () => {
        if (++writes === 2) throw new Error("the disk is full");
      };
      return owned;
    };
    const warnings: string[] = [];
    const chain = it.chain({
      onStorageError,
      onEvent: (event) => void (event.type === "warning" && warnings.push(event.code)),
    });
    if (onStorageError === "warn") {
      assert.equal(chain.run({ runId: "r1" }).text, "text 3");
      assert.deepEqual(warnings, ["journal_failed"]);
    } else assert.throws(() => chain.run({ runId: "r1" }), /the disk is full/);
  });
}

test("a run as an operation refuses a run id, as its driver brings the record", () => {
  const chain = new Chain({
    model: new MockModel({ response: "a" }),
    prompt: "Write.",
    storage: new MemoryStorage(),
  });
  assert.throws(() => chain._runOperation({ runId: "r" }), /as runId belongs to run and its like/);
});

test("a run whose end cannot be recorded gives its result, and warns", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path, { synchronous: "normal" });
    const other = new DatabaseSync(path);
    const warnings: string[] = [];
    const chain = new Chain({
      model: new MockModel({ response: "a" }),
      prompt: "Write.",
      storage,
      onEvent: (event) => {
        if (event.type === "warning") warnings.push(event.message);
      },
    });
    other.exec(
      "CREATE TRIGGER refuse BEFORE UPDATE OF status ON runs WHEN new.status = 'finished' " +
        "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
    );
    assert.equal(chain.run().text, "a");
    other.close();
    assert.match(warnings.join(), /How the run ended could not be recorded: .*refused by the test/);
  }));

test("a MockModel is no more asked than a real one by a run that is finished, and goes on in its script in one that is resumed", () => {
  const storage = new MemoryStorage();
  const scripted = () => new MockModel({ responses: ["bad", "worse", "good"] });
  const validators = [defineValidator("good", ({ text }) => text === "good")];
  const model = scripted();
  const chain = new Chain({ model, prompt: "Write.", validators, storage });
  assert.equal(chain.run({ runId: "r1" }).text, "good");
  assert.equal(chain.run({ runId: "r1" }).text, "good");
  assert.equal(chain.replay("r1").text, "good");
  assert.equal(model.calls.length, 3);
  const controller = new AbortController();
  const abort = defineValidator("abort", ({ text }) => {
    if (text === "worse") controller.abort(new Error("killed"));
    return true;
  });
  const again = { prompt: "Write.", validators: [...validators, abort], storage };
  const { signal } = controller;
  assert.throws(() => new Chain({ ...again, model: scripted() }).run({ runId: "r2", signal }), {
    message: "killed",
  });
  const fresh = scripted();
  assert.equal(new Chain({ ...again, model: fresh }).run({ runId: "r2" }).text, "good");
  assert.deepEqual(fresh.calls.map(({ index }) => index), [2]);
});

test("a run is replayed as it was, whatever its components hold now and in whichever process", () =>
  inTemporaryDirectory((folder) => {
    writeFileSync(join(folder, "a.txt"), "Write of lemurs.");
    const documents = ["Lemurs live in Madagascar."];
    const kinds: Readonly<Record<string, () => ChainOptions>> = {
      "a cache of retrievals": () => ({
        modelRetrievers: [new CachedRetriever(new MockRetriever({ documents }))],
      }),
      "a cache of retrievals in a storage": () => ({
        modelRetrievers: [
          new CachedRetriever(new MockRetriever({ documents }), { storage: new MemoryStorage() }),
        ],
      }),
      "an index of files": () => ({ modelRetrievers: [new FileRetriever({ paths: ["*.txt"], folder })] }),
      "vectors of documents": () => ({
        modelRetrievers: [new VectorRetriever({ documents, embed: (texts) => texts.map(() => [1, 2]) })],
      }),
      "a cache of classifications": () => ({
        validators: [
          new ClassifierValidator({
            classifier: withCache(
              defineClassifier("length", ["long", "short"], () => ({ label: "long", confidence: 1 })),
            ),
            invalidLabels: ["short"],
          }),
        ],
      }),
    };
    for (const [kind, make] of Object.entries(kinds)) {
      const { chain } = bench(new MemoryStorage());
      const here = chain(make());
      const texts = ["first", "second"].map((runId) => here.run({ runId }).text);
      for (const either of [here, chain(make())]) {
        const replayed = ["first", "second"].map((runId) => either.replay(runId).text);
        assert.deepEqual(replayed, texts, kind);
      }
    }
  }));

test("a run that is resumed finds in files what was indexed by the process that is gone", () =>
  inTemporaryDirectory((folder) => {
    writeFileSync(join(folder, "a.txt"), "Write of lemurs.");
    const { chain, paid } = bench(new MemoryStorage());
    const found: number[] = [];
    const make = () =>
      chain({
        modelRetrievers: [new FileRetriever({ paths: ["*.txt"], folder })],
        onEvent: (event) => {
          if (event.type === "retrieved") found.push(event.documents);
        },
      });
    const first = make();
    first.run({ runId: "warm" });
    const whole = found.splice(0);
    paid.failures = 2;
    assert.throws(() => first.run({ runId: "a" }), /the provider is down/);
    found.splice(0);
    make().run({ runId: "a" });
    assert.deepEqual(found, whole);
  }));

test("a replay puts no thought back that is gone from a storage in memory", () => {
  const { chain, storage } = bench(new MemoryStorage());
  chain().run({ runId: "a" });
  assert.ok(storage.size() > 0);
  storage.clear();
  chain().replay("a");
  assert.equal(storage.size(), 0);
});

test("runs in a storage that writes back are replayed and resumed, by it and by another one before the same tier", () => {
  const last = new SqliteStorage(":memory:");
  const make = () =>
    new CachedStorage({ tiers: [new MemoryStorage(), last], writePolicy: "back", flushIntervalMs: 1 });
  const { chain, paid, storage } = bench(make());
  const texts = ["a", "b"].map((runId) => chain().run({ runId }).text);
  paid.failures = 100;
  assert.throws(() => chain().run({ runId: "c" }), /the provider is down/);
  for (const other of [storage, make()]) {
    assert.deepEqual(["a", "b"].map((runId) => chain({ storage: other }).replay(runId).text), texts);
  }
  paid.failures = 0;
  assert.match(String(chain({ storage: make() }).run({ runId: "c" }).text), /^text/);
  storage.close();
});
