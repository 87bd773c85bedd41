import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ModelApiError } from "../../src/errors.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { OpenAiCompatibleModel, type OpenAiCompatibleOptions } from "../../src/models/mod.ts";
import { type MockProvider, type Scenario, startProvider } from "../helpers/mock_provider.ts";

const server: MockProvider = await startProvider();
after(() => server.stop());

function model(scenario: Scenario, options: Partial<OpenAiCompatibleOptions> = {}): OpenAiCompatibleModel {
  const baseUrl = server.url(scenario);
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: "gpt-test",
    apiKey: "sk-test",
    baseUrl,
    ...options,
  });
}

async function streamFailure(
  made: OpenAiCompatibleModel,
): Promise<{ pieces: string[]; error: ModelApiError }> {
  const results = [];
  for (const driver of ["sync", "async"]) {
    const pieces: string[] = [];
    try {
      if (driver === "sync") { for (const piece of made.stream("Greet me")) pieces.push(piece); }
      else for await (const piece of made._streamAsync("Greet me")) pieces.push(piece);
    } catch (error) {
      assert.ok(error instanceof ModelApiError, String(error));
      results.push({ pieces, error });
    }
  }
  assert.equal(results.length, 2);
  assert.equal(results[0]!.error.message, results[1]!.error.message);
  return results[0]!;
}

test("a stream hands on the pieces as they come, in both drivers", async () => {
  await server.clear();
  assert.deepEqual([...model({}).stream("Greet me")], ["Hello", " from", " the server."]);
  const pieces: string[] = [];
  for await (const piece of model({})._streamAsync("Greet me")) pieces.push(piece);
  assert.deepEqual(pieces, ["Hello", " from", " the server."]);
  for (const request of await server.requests()) {
    assert.deepEqual(request.body, {
      model: "gpt-test",
      messages: [{ role: "user", content: "Greet me" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  }
});

test("a stream tells at its end what it consumed", () => {
  const generation = runSync(model({})._streamOperation("Greet me"));
  assert.deepEqual(generation, {
    text: "Hello from the server.",
    finishReason: "stop",
    usage: { promptTokens: 11, completionTokens: 7 },
    model: "gpt-test-served",
  });
});

test("the first piece of a stream is there before the last is sent", async () => {
  await server.clear();
  for (const piece of model({ pieces: ["a", "b"], silentAfter: 1 }).stream("Greet me")) {
    assert.equal(piece, "a");
    break;
  }
  await server.untilAborted();
  assert.deepEqual((await server.requests()).map(({ chunksSent }) => chunksSent), [1]);
});

test("leaving a stream early ends the call at the server, in both drivers", async () => {
  const endless = { endless: true, pieces: ["x"], repeat: 1000 };
  await server.clear();
  let read = 0;
  for (const _ of model(endless).stream("Greet me")) if (++read === 3) break;
  for await (const _ of model(endless)._streamAsync("Greet me")) if (++read === 6) break;
  await server.untilAborted(2);
  assert.equal((await server.requests()).length, 2);
});

test("a slow reader slows the server down", async () => {
  await server.clear();
  const made = model({ endless: true, pieces: ["x"], repeat: 64 * 1024 }, { maxResponseBytes: 2 ** 40 });
  const reader = made._streamAsync("Greet me")[Symbol.asyncIterator]();
  await reader.next();
  const counts: number[] = [];
  // What is on its way fits into the buffers between the two; nothing is sent beyond them, however long a busy machine takes to fill them.
  const isFull = (): boolean => counts.length > 20 && counts.at(-1) === counts.at(-20);
  for (let round = 0; round < 1_000 && !isFull(); round++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    counts.push((await server.requests())[0]!.chunksSent);
  }
  await reader.return?.();
  assert.ok(isFull(), counts.slice(-30).join());
});

test("a stream that breaks off keeps its pieces and ends with a retryable error", async () => {
  for (const cutCleanly of [false, true]) {
    const { pieces, error } = await streamFailure(model({ cutAfter: 2, cutCleanly, pieceDelayMs: 5 }));
    assert.deepEqual(pieces, ["Hello", " from"]);
    assert.equal(error.retryable, true);
    assert.equal(error.code, "broken_off");
  }
});

const EVENT = (choice: unknown): string => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;

test("a stream that breaks off after a text that names its own end has not ended", async () => {
  const body = EVENT({ delta: { content: "A stream ends with\ndata: [DONE]" } });
  const { pieces, error } = await streamFailure(model({ body }));
  assert.deepEqual([pieces.length, error.code], [1, "broken_off"]);
});

test("a stream whose pieces all come with an empty reason to end has not ended when it breaks off", async () => {
  const { error } = await streamFailure(
    model({ body: EVENT({ delta: { content: "Hel" }, finish_reason: "" }) }),
  );
  assert.equal(error.code, "broken_off");
});

test("a stream whose provider says that it could not end it is broken off", async () => {
  const body = `${EVENT({ delta: { content: "Hel" } })}${
    EVENT({ delta: {}, finish_reason: "error" })
  }data: [DONE]\n\n`;
  const { pieces, error } = await streamFailure(model({ body }));
  assert.deepEqual([pieces, error.code, error.retryable], [["Hel"], "broken_off", true]);
});

test("a stream that says nothing but that it is over has ended", () => {
  const body = `${EVENT({ delta: { content: "Hello." } })}data: [DONE]\n\n`;
  assert.deepEqual([...model({ body }).stream("Greet me")], ["Hello."]);
});

test("a stream whose end follows a byte order mark has ended", () => {
  const body = `${EVENT({ delta: { content: "Hello." } })}\ufeffdata: [DONE]\n\n`;
  assert.deepEqual([...model({ body }).stream("Greet me")], ["Hello."]);
});

test("a refusal in a stream is refused content, in the model's own words", async () => {
  const body = ["I cannot", " say that."].map((refusal) => EVENT({ delta: { refusal } })).join("") +
    "data: [DONE]\n\n";
  const { error } = await streamFailure(model({ body }));
  assert.equal(error.code, "content_filter");
  assert.match(error.message, /refused to answer: I cannot say that\./);
});

test("a stream of something else than completions cannot be read, and the error says so", async () => {
  const { error } = await streamFailure(model({ body: "data: null\n\n" }));
  assert.equal(error.code, "bad_response");
  assert.match(error.message, /answered with something that is no completion/);
});

test("a stream of nothing is an empty completion", async () => {
  assert.equal((await streamFailure(model({ pieces: [] }))).error.code, "empty_completion");
});

test("a stream that is refused, or is none, is the error of a call", async () => {
  const refused = await streamFailure(model({ status: 429, headers: { "retry-after": "2" }, body: "{}" }));
  assert.equal(refused.error.code, "rate_limit");
  assert.equal(refused.error.retryAfterMs, 2000);
  const headers = { "content-type": "text/event-stream" };
  const broken = await streamFailure(model({ headers, body: "data: {broken\n\n" }));
  assert.equal(broken.error.code, "bad_response");
  const inside = { error: { message: "overloaded", type: "server_error" } };
  const late = await streamFailure(model({ headers, body: `data: ${JSON.stringify(inside)}\n\n` }));
  assert.equal(late.error.code, "server_error");
  assert.match(late.error.message, /refused the call in its answer: overloaded/);
  const unpaid = { error: { message: "no money", code: 402 } };
  const told = await streamFailure(model({ headers, body: `data: ${JSON.stringify(unpaid)}\n\n` }));
  assert.deepEqual([told.error.code, told.error.retryable], ["quota", false]);
});

test("a stream that stalls times out", async () => {
  const { pieces, error } = await streamFailure(
    model({ pieces: ["a", "b"], silentAfter: 1 }, { timeoutMs: 2_000 }),
  );
  assert.deepEqual(pieces, ["a"]);
  assert.equal(error.code, "timeout");
});

test("a stream larger than allowed is cut off", async () => {
  const { error } = await streamFailure(
    model({ endless: true, pieces: ["x"], repeat: 1000 }, { maxResponseBytes: 10_000 }),
  );
  assert.equal(error.code, "response_too_large");
});
