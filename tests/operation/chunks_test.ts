import assert from "node:assert/strict";
import { test } from "node:test";
import { iterateSync, runSync } from "../../src/drivers/sync.ts";
import { handChunks } from "../../src/operation/chunks.ts";
import { all, race } from "../../src/operation/combinators.ts";
import { host, type Operation, produce, sleep } from "../../src/operation/operation.ts";
import { gives, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

function* letters(text: string): Operation<number> {
  for (const letter of text) {
    yield* sleep(1);
    yield* produce(letter);
  }
  return text.length;
}

testEveryDriver("handChunks hands on each chunk in order and gives the operation's value", {
  *operation(): Operation<unknown> {
    const seen: unknown[] = [];
    const count = yield* handChunks(letters("abc"), function* (letter) {
      yield* sleep(1);
      seen.push(letter);
    });
    return { count, seen };
  },
  check: gives<unknown>({ count: 3, seen: ["a", "b", "c"] }),
});

testEveryDriver("handChunks lets the operation catch what fails inside it, and throws what it throws", {
  *operation(): Operation<unknown> {
    return yield* handChunks(
      function* (): Operation<void> {
        try {
          yield* host(() => {
            throw new Error("inner");
          });
        } catch {
          yield* produce("caught");
        }
        throw new Error("outer");
      }(),
      function* () {},
    );
  },
  check: throwsMessage(/^outer$/),
});

testEveryDriver("handChunks performs the effects of finally blocks when it is cancelled", {
  *operation(): Operation<unknown> {
    const seen: unknown[] = [];
    function* endless(): Operation<never> {
      try {
        for (;;) {
          yield* produce("tick");
          yield* sleep(1_000);
        }
      } finally {
        seen.push(yield* host(() => "closed"));
        yield* produce("last");
      }
    }
    yield* race([
      handChunks(endless(), function* (chunk) {
        seen.push(chunk);
      }),
      sleep(5),
    ]);
    return seen;
  },
  check: gives<unknown>(["tick", "closed", "last"]),
});

testEveryDriver("handChunks ends the operation when a chunk cannot be taken", {
  *operation(): Operation<unknown> {
    let closed = false;
    function* one(): Operation<void> {
      try {
        yield* produce("chunk");
      } finally {
        closed = true;
      }
    }
    try {
      yield* handChunks(one(), function* () {
        yield* sleep(1);
        throw new Error("full");
      });
    } catch (error) {
      return [(error as Error).message, closed];
    }
  },
  check: gives<unknown>(["full", true]),
});

test("handChunks leaves the chunks of operations side by side to whoever iterates", () => {
  function* outer(): Operation<void> {
    yield* handChunks(
      function* () {
        yield* all([letters("a")]);
      }(),
      () => assert.fail("not its own"),
    );
  }
  assert.deepEqual([...iterateSync(outer())], ["a"]);
  assert.equal(runSync(handChunks(letters(""), () => assert.fail("no chunk"))), 0);
});
