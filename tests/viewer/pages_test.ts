/** What the pages show, and how whatever a model wrote stays text. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mock, test } from "node:test";
import { Chain, Thought } from "../../mod.ts";
import { defineCritic, defineModel, defineValidator, sleep } from "../../mod.ts";
import {
  FileStorage,
  MemoryStorage,
  SqliteStorage,
  type Storage,
  ThoughtStore,
} from "../../src/storage/mod.ts";
import { recordKey } from "../../src/storage/thought_keys.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { PageRoom } from "../../src/viewer/page_room.ts";
import { searchTextOf } from "../../src/viewer/run_query.ts";
import { underWay } from "../../src/viewer/under_way.ts";
import { withViewer } from "./ask.ts";

/** A chain of two texts, of which the second is valid. */
function chainOf(prompt: string, texts: readonly [string, string]): Chain {
  let index = 0;
  const model = defineModel("pen", function* () {
    yield* sleep(2);
    return {
      text: texts[Math.min(index++, 1)]!,
      usage: { promptTokens: 1_200, completionTokens: 34, costUsd: 0.005 },
    };
  });
  const validator = defineValidator("ends well", function* ({ text }) {
    yield* sleep(1);
    return text === texts[1] ? true : ["It must end well."];
  });
  const critic = defineCritic("friend", () => ({ needsImprovement: true, summary: "Think of the end." }));
  return new Chain({ model, prompt, systemPrompt: "You write fables." }).validateWith(validator).improveWith(
    critic,
  );
}

const STORES: readonly (readonly [string, (directory: string) => Storage])[] = [
  ["SQLite", (directory) => new SqliteStorage(join(directory, "runs.db"))],
  ["files", (directory) => new FileStorage(join(directory, "runs"))],
];

for (const [kind, open] of STORES) {
  test(`a run has its texts, verdicts, prompts and figures on its page (${kind})`, () =>
    inTemporaryDirectory(async (directory) => {
      const storage = open(directory);
      const runId = storage.runs === undefined ? undefined : "fable 1";
      const result = await chainOf("Write a fable.", ["The fox fell.", "The fox flew."]).withStorage(storage)
        ._runDetailedAsync({ runId });
      await withViewer(storage, async (viewer, ask) => {
        const id = runId ?? result.thought.chainId!;
        assert.ok(viewer.url(id).endsWith(`/run/${encodeURIComponent(id)}`));
        const { status, body } = await ask(`run/${encodeURIComponent(id)}`);
        assert.equal(status, 200);
        const shown = [
          "Write a fable.</h1>",
          "The fox <del>fell</del>.",
          "The fox <ins>flew</ins>.",
          "It must end well.",
          "Think of the end.",
          "You write fables.",
          "The draft to revise.",
          "2,468 (2,400 sent, 68 received)",
          "$0.01",
          '<span class="badge good">valid</span>',
          "Iteration 1 (best)",
          storage.runs === undefined ? "put one after the other" : "Drawn to scale from the journal",
        ];
        for (const words of shown) assert.ok(body.includes(words), words);
        const list = await ask("");
        assert.ok(list.body.includes("The fox flew."));
        assert.ok(list.body.includes("1 run, newest first"));
        const charts = await ask("charts");
        assert.ok(charts.body.includes("1 run, of which 100 % gave a valid text."));
        assert.ok(
          charts.body.includes(
            '<th scope="row">ends well</th><td class="number">1</td><td class="number">1</td>',
          ),
        );
      });
    }));
}

const EVIL = [
  "<script>document.title = 'owned'</script>",
  "</textarea></title></pre></div><img src=x onerror=alert(1)>",
  '" onfocus="alert(1)" autofocus x="',
  "' onmouseover='alert(1)",
  "«<b>bold</b>» & &lt;i&gt;",
  "<!-- --><svg/onload=alert(1)>",
  "javascript:alert(1)",
];

test("whatever a model, a validator or a critic says is text on every page", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "runs.db"));
    const evil = EVIL.join(" word ");
    let texts = 0;
    // So that it goes from one text to the next, and comes again.
    const model = defineModel(evil, () => ({ text: texts++ % 2 === 0 ? evil : "Plain words.", model: evil }));
    const chain = new Chain({
      model,
      prompt: evil,
      systemPrompt: evil,
      maxImprovementIterations: 2,
      stopOnNoProgress: false,
    })
      .withStorage(storage)
      .validateWith(
        defineValidator(evil, () => ({ passed: false, message: evil, issues: [evil], suggestions: [evil] })),
      )
      .improveWith(
        defineCritic(evil, () => ({ needsImprovement: true, summary: evil, issues: [evil], raw: evil })),
      );
    await chain._runAsync({ runId: evil.slice(0, 200) });
    const broken = new Chain({
      model: defineModel("broken", () => {
        throw new Error(evil);
      }),
      prompt: evil,
    }).withStorage(storage).withOptions({ retry: { attempts: 1 } });
    await assert.rejects(broken._runAsync({ runId: "broken" }));
    await withViewer(storage, async (viewer, ask) => {
      const address = viewer.url(evil.slice(0, 200)).slice(viewer.url().length);
      const query = encodeURIComponent(evil);
      const pages = [
        address,
        address.replace("run/", "part/"),
        "",
        "?q=onmouseover",
        `?q=word&model=${query}`,
        `?q=${query}`,
        "charts",
        "run/broken",
      ];
      for (const path of pages) {
        const { status, body } = await ask(path);
        assert.equal(status, 200, path);
        const tags = [...body.matchAll(/<[a-zA-Z!\/][^>]*>/g)].map(([tag]) => tag);
        assert.ok(tags.length > 5);
        for (const tag of tags) {
          assert.doesNotMatch(
            tag,
            /^<(script(?! src="\/[\w-]+\/client\.js" defer>)|img|b>|i>|textarea)/i,
            path,
          );
          // Every attribute is one of the templates'; none is left open by what stands in it.
          assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+|autofocus|'/, `${path}: ${tag}`);
        }
        assert.ok(
          path.startsWith("?q=%") || path.startsWith("?q=word") || body.includes("&lt;script&gt;"),
          path,
        );
      }
      assert.ok((await ask("run/broken")).body.includes("It failed:"));
    });
  }));

test("the list is searched by words as they are typed, and by what came of the runs", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "runs.db"));
    await chainOf("About lemurs.", ["Lemurs sleep.", "Lemurs leap at dawn."]).withStorage(storage)._runAsync({
      runId: "lemurs",
    });
    await chainOf("About foxes.", ["Foxes sleep.", "Foxes leap at noon."]).withStorage(storage)._runAsync({
      runId: "foxes",
    });
    await withViewer(storage, async (_viewer, ask) => {
      const idsOf = async (query: string): Promise<string[]> => {
        const { status, body } = await ask(`results?${query}`);
        assert.equal(status, 200);
        return [...body.matchAll(/\/run\/([^"]*)"/g)].map(([, id]) => id!);
      };
      assert.deepEqual(await idsOf(""), ["foxes", "lemurs"]);
      assert.deepEqual(await idsOf("q=lem"), ["lemurs"]);
      assert.deepEqual(await idsOf("q=lem+"), []);
      assert.deepEqual(await idsOf("q=l"), ["foxes", "lemurs"]);
      assert.deepEqual((await idsOf("q=leap")).sort(), ["foxes", "lemurs"]);
      assert.deepEqual(await idsOf("q=leap+-noon"), ["lemurs"]);
      assert.deepEqual(await idsOf("verdict=invalid"), []);
      assert.deepEqual(await idsOf("verdict=valid&model=PEN"), ["foxes", "lemurs"]);
      assert.deepEqual(await idsOf("q=leap&verdict=invalid"), []);
      assert.deepEqual(await idsOf("model=brush"), []);
      assert.deepEqual(await idsOf("from=2999-01-01"), []);
      assert.deepEqual(await idsOf("to=1999-01-01"), []);
      assert.deepEqual(await idsOf("from=nonsense&verdict=odd&after=-1"), ["foxes", "lemurs"]);
      assert.match((await ask("results?q=leap")).body, /<mark>leap<\/mark>/);
      // The page as a whole says what was asked, so that it works without a script.
      const { body } = await ask("?q=leap&verdict=valid");
      assert.match(body, /value="leap"/);
      assert.match(body, /<option value="valid" selected>/);
    });
  }));

test("a long list goes on from page to page, and no run is left out or shown twice", async () => {
  const storage = new MemoryStorage();
  for (let index = 0; index < 120; index++) {
    storage.runs.own({ runId: `run-${index}`, parts: [], facts: { prompt: `Task ${index}` } })
      .end({ status: "finished", facts: { valid: index % 2 === 0 } });
  }
  await withViewer(storage, async (viewer, ask) => {
    const seen: string[] = [];
    let path: string | undefined = "?verdict=valid";
    while (path !== undefined) {
      const { body } = await ask(path);
      seen.push(...[...body.matchAll(/\/run\/([^"]*)"/g)].map(([, id]) => id!));
      const next = /href="([^"]*)" rel="next"/.exec(body)?.[1]?.replaceAll("&amp;", "&");
      path = next?.slice(new URL(viewer.url()).pathname.length);
    }
    assert.deepEqual(seen, Array.from({ length: 60 }, (_, index) => `run-${118 - 2 * index}`));
  });
});

test("a search looks on for runs that fit the other fields, and says where it ended", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "runs.db"));
    const store = new ThoughtStore(storage);
    // The shorter a text, the better it fits: the one run that is valid comes last.
    for (let index = 0; index < 300; index++) {
      const chainId = `run-${index}`;
      const text = `lemur ${"leaf ".repeat(index)}`;
      store.save(new Thought({ id: `${index}`, chainId, prompt: "Write.", text }));
      storage.runs.own({ runId: chainId, parts: [], facts: { prompt: `Task ${index}.` } })
        .end({ status: "finished", facts: { valid: index === 299 } });
    }
    await withViewer(storage, async (_viewer, ask) => {
      const found = (await ask("results?q=lemur&verdict=valid")).body;
      assert.match(found, /1 run, best first/);
      assert.match(found, /run\/run-299"/);
      assert.match((await ask("results?q=lemur")).body, /The best 50 runs/);
      assert.doesNotMatch(found, /looked through/);
    });
  }));

test("a search that very many texts answer ends, and says so", async () => {
  const storage = new MemoryStorage();
  for (let index = 0; index <= 5_000; index++) {
    storage.set(recordKey(`${index}`), {
      thought: { id: `${index}`, chainId: "one", text: "lemur" },
      history: [],
    });
  }
  storage.runs.own({ runId: "one", parts: [], facts: {} }).end({
    status: "finished",
    facts: { valid: true },
  });
  await withViewer(storage, async (_viewer, ask) => {
    const { body } = await ask("results?q=lemur&verdict=invalid");
    assert.match(body, /only the best 5,000 were looked through/);
    assert.match(body, /No run is like that/);
    assert.match((await ask("results?q=lemur")).body, /1 run, best first/);
  });
});

test("the first letter of a word asks for nothing yet", () => {
  const asked = (words: string) => searchTextOf(words);
  assert.deepEqual(
    ["t", "te", "red t", "red te", "-t", "red -t", "t ", "雨", "ü", '"t', "covid-1", ""].map(asked),
    ["", "te*", "red", "red te*", "", "red", "t", "雨*", "ü*", '"t*', "covid-1*", ""],
  );
});

test("the list says how many runs it shows, and not as if these were all", async () => {
  const storage = new MemoryStorage();
  await withViewer(storage, async (_viewer, ask) => {
    const count = async (query: string) => /data-announce>([^<]*)</.exec((await ask(query)).body)?.[1];
    assert.equal(await count(""), "There are no runs so far.");
    assert.equal(await count("?model=pen"), "No run is like that.");
    for (let index = 0; index < 51; index++) {
      storage.runs.own({ runId: `run-${index}`, parts: [], facts: {} }).end({
        status: "finished",
        facts: {},
      });
    }
    assert.equal(await count(""), "The newest 50 runs");
    assert.equal(await count("?after=2"), "1 older run");
    assert.equal(await count("?verdict=valid"), "No run is like that.");
  });
});

test("the page of a run that is going on says what it does", () => {
  const parts = [{ part: "critics[0]", description: "friend", hash: "" }];
  const thought = (iteration: number, criticFeedback: readonly { critic: string }[]) =>
    new Thought({ prompt: "Write.", text: "Text.", iteration, criticFeedback });
  const friend = [{ critic: "friend" }];
  assert.equal(underWay([], parts), "The first text is being written and checked.");
  assert.equal(underWay([thought(0, [])], parts), "Critics look at the text of iteration 0.");
  assert.equal(
    underWay([thought(0, friend)], parts),
    "The text of iteration 1 is being written and checked.",
  );
  assert.equal(underWay([thought(0, [])], []), "The text of iteration 1 is being written and checked.");
});

test("runs that share a chain have only their own texts; texts without a record are shown, too", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "runs.db"));
    for (const [runId, word] of [["one", "first"], ["two", "second"]] as const) {
      await chainOf("Shared.", [`A ${word} try.`, `A ${word} text.`]).withStorage(storage)
        .withOptions({ chainId: "shared" })._runAsync({ runId });
    }
    new ThoughtStore(storage).save(
      new Thought({ chainId: "alone", prompt: "By hand.", text: "Kept by hand." }),
    );
    await withViewer(storage, async (_viewer, ask) => {
      const one = await ask("run/one");
      assert.ok(one.body.includes("A <del>first") || one.body.includes("first <ins>text"));
      assert.ok(!one.body.includes("second"));
      const chain = await ask("run/shared");
      assert.match(chain.body, /second/);
      assert.doesNotMatch(chain.body, /A first/);
      assert.ok((await ask("run/alone")).body.includes("Kept by hand."));
      assert.ok((await ask("results?q=hand")).body.includes("/run/alone"));
      assert.equal((await ask("run/none")).status, 404);
      assert.equal((await ask(`run/${"x".repeat(300)}`)).status, 404);
    });
  }));

test("ids that browsers would take for steps of a path lead to their runs", async () => {
  const storage = new MemoryStorage();
  const ids = [".", "..", "~", "~x", "a/b", "a?b#c", "ä ö", "%41"];
  for (const runId of ids) {
    storage.runs.own({ runId, parts: [], facts: { prompt: `Task of <${runId}>` } }).end({
      status: "finished",
      facts: {},
    });
  }
  await withViewer(storage, async (viewer, ask) => {
    for (const runId of ids) {
      const { status, body } = await ask(new URL(viewer.url(runId)).href.slice(viewer.url().length));
      assert.equal(status, 200, runId);
      assert.ok(body.includes(`Task of &lt;${runId}&gt;`), runId);
    }
  });
});

test("texts of a chain whose id no run can have are found and shown", async () => {
  const storage = new MemoryStorage();
  const chainId = "x".repeat(250);
  new ThoughtStore(storage).save(new Thought({ chainId, prompt: "Write.", text: "A lemur." }));
  await withViewer(storage, async (_viewer, ask) => {
    assert.ok((await ask("?q=lemur")).body.includes(`/run/${chainId}"`));
    assert.ok((await ask(`run/${chainId}`)).body.includes("A lemur."));
    assert.equal((await ask(`run/${chainId}y`)).status, 404);
  });
});

test("a part of a page is sent again only when it has changed", async () => {
  const storage = new MemoryStorage();
  const owned = storage.runs.own({ runId: "slow", parts: [], facts: { prompt: "Take your time." } });
  await withViewer(storage, async (viewer, ask) => {
    assert.ok(
      (await ask("run/slow")).body.includes(`data-live="${new URL(viewer.url()).pathname}part/slow"`),
    );
    const first = await ask("part/slow");
    const headers = { "if-none-match": first.headers.etag as string };
    const read = mock.method(storage.runs, "read");
    assert.equal((await ask("part/slow", { headers })).status, 304);
    assert.equal(read.mock.callCount(), 0, "the run is not read to find out that it is as it was");
    owned.end({ status: "finished", facts: { valid: true } });
    const last = await ask("part/slow", { headers });
    assert.equal(last.status, 200);
    assert.ok(last.body.startsWith('<div data-status="finished">'));
    assert.ok(!(await ask("run/slow")).body.includes("data-live"));
  });
});

test("a row of the list needs one text, and the page of a run each of its texts once", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "runs.db"));
    const iterations = 8;
    let made = 0;
    const model = defineModel("pen", () => ({ text: `Text ${made++}` }));
    await new Chain({ model, prompt: "Go on and on.", maxImprovementIterations: iterations - 1 })
      .validateWith(defineValidator("strict", () => ["It goes on."])).withStorage(storage)
      ._runDetailedAsync({ runId: "long" });
    const get = mock.method(storage._operations, "get");
    await withViewer(storage, async (_viewer, ask) => {
      const { body } = await ask("");
      assert.ok(body.includes("Text 7"));
      assert.equal(get.mock.callCount(), 1);
      await ask("run/long");
      assert.ok(get.mock.callCount() <= 2 + iterations, `${get.mock.callCount()}`);
    });
  }));

test("the texts of a long run share the room and the time of its page", () => {
  const text = "word ".repeat(100_000);
  const shown = (iterations: number): number => new PageRoom(iterations).shown(text).length;
  assert.deepEqual([shown(1), shown(20), shown(200)], [200_000, 100_000, 10_000]);
  const room = new PageRoom(200);
  assert.ok(room.isCut(text));
  assert.ok(!room.isCut("short"));
  const changes = room.changes("an old text", "a new text");
  assert.equal(
    changes.filter(({ kind }) => kind !== "added").map(({ text }) => text).join(""),
    "an old text",
  );
});
