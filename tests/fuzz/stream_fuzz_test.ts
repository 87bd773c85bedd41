/**
 * Whatever a server streams, in whatever chunks, the model hands on the text that stands in it and ends: well where the stream
 * says so, else with a ModelApiError. The bytes take the way of a real answer: OpenAI's SDK, the bounded fetch, the module that
 * calls it, the driver. Only the network is left out.
 */
import assert from "node:assert/strict";
import { after } from "node:test";
import fc from "fast-check";
import { runAsync } from "../../src/drivers/async.ts";
import { ModelApiError } from "../../src/errors.ts";
import { OpenAiCompatibleModel } from "../../src/models/openai_compatible_model.ts";
import { hostileText } from "./arbitraries.ts";
import { readStream } from "./event_reader.ts";
import { type EventStream, eventStream } from "./event_streams.ts";
import { fuzz } from "./harness.ts";
import { jsonAnswer } from "./json_texts.ts";

const KEY = "sk-canary-7f3a9c51d2";
/** A stream that stalls is given up so soon; the others have all the time that a busy machine takes. */
const STALLED_MS = 3;
const PATIENT_MS = 300_000;

const realFetch = globalThis.fetch;
after(() => void (globalThis.fetch = realFetch));

function answerWith(response: () => Response): void {
  globalThis.fetch = () => Promise.resolve(response());
}

function bodyOf({ chunks, end }: EventStream): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      // What is read may be kept or changed by its reader.
      if (next < chunks.length) return controller.enqueue(chunks[next++]!.slice());
      if (end === "closes") return controller.close();
      if (end === "breaks") return controller.error(new TypeError(`the connection was lost ${KEY}`));
      return new Promise(() => {});
    },
  });
}

function modelFor(timeoutMs: number, maxResponseBytes?: number): OpenAiCompatibleModel {
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: "m",
    apiKey: KEY,
    baseUrl: "http://127.0.0.1:9/v1",
    timeoutMs,
    maxResponseBytes,
  });
}

const CODES =
  /^(auth|bad_request|bad_response|broken_off|conflict|content_filter|context_length|empty_completion|model_not_found|quota|rate_limit|response_too_large|server_error|timeout)$/;

function checkError(error: unknown): ModelApiError {
  if (!(error instanceof ModelApiError)) throw error;
  assert.match(error.code, CODES);
  assert.ok(error.message.length < 2_000, `the message has ${error.message.length} characters`);
  assert.ok(
    !JSON.stringify([error.message, error.cause, error.metadata, error.stack]).includes(KEY),
    error.message,
  );
  assert.doesNotMatch(
    error.message,
    /undefined|is not a function|Cannot read|is not an object|is not iterable/,
  );
  return error;
}

fuzz("a stream is read to its end, or breaks off with a ModelApiError", {
  file: import.meta.url,
  inputs: fc.record({
    stream: eventStream,
    maxResponseBytes: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 2_000 }),
    }),
  }),
  runs: 1_500,
  kinds: ["complete", "cut", "error", "nonsense", "prefix"],
  check: async ({ stream, maxResponseBytes }) => {
    answerWith(() => new Response(bodyOf(stream), { headers: { "content-type": "text/event-stream" } }));
    const model = modelFor(stream.end === "stalls" ? STALLED_MS : PATIENT_MS, maxResponseBytes);
    let text = "";
    let error: ModelApiError | undefined;
    try {
      for await (const piece of model._streamAsync("Write.")) text += piece;
    } catch (thrown) {
      error = checkError(thrown);
    }
    const said = readStream(Uint8Array.from(stream.chunks.flatMap((chunk) => [...chunk])));
    if (/^(response_too_large|timeout|broken_off)$/.test(error?.code ?? "")) {
      // What had not been read when the connection was lost is lost, too; but nothing else, and that is said.
      assert.ok(said.text.startsWith(text));
      if (stream.end === "closes" && error!.code === "broken_off") assert.equal(said.end, "cut");
      if (stream.end !== "closes" || error!.code === "response_too_large") return "prefix";
    }
    assert.equal(text, said.text);
    if (error === undefined) assert.ok(said.end === "complete" && text.trim() !== "");
    else checkReason(error.code, text, said);
    return said.end;
  },
});

function checkReason(code: string, text: string, said: ReturnType<typeof readStream>): void {
  const expected = {
    complete: said.refused && text === "" ? /content_filter/ : /empty_completion|content_filter/,
    cut: /broken_off/,
    error: /./,
    nonsense: /bad_response/,
  };
  assert.match(code, expected[said.end]);
  if (said.end === "complete") assert.equal(text.trim(), "");
}

/** Mostly what it should be; at every place, now and then, something else. */
const or = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const message = fc.record({ content: or(fc.string()), refusal: or(fc.constant(null)) }, { requiredKeys: [] });
const choice = fc.record({ message: or(message), finish_reason: or(fc.constantFrom("stop", "length")) }, {
  requiredKeys: ["message"],
});
const completion = fc.record({
  choices: or(fc.array(or(choice), { minLength: 1, maxLength: 2 })),
  usage: or(fc.record({ prompt_tokens: or(fc.nat()), completion_tokens: or(fc.nat()) })),
  model: or(fc.constant("served")),
  error: fc.jsonValue(),
}, { requiredKeys: ["choices"] }).map((value) => JSON.stringify(value));

fuzz("a whole answer is read, or refused with a ModelApiError", {
  file: import.meta.url,
  inputs: fc.record({
    body: fc.oneof(
      { weight: 3, arbitrary: jsonAnswer(20_000) },
      { weight: 1, arbitrary: hostileText(20_000) },
      { weight: 8, arbitrary: completion },
    ),
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(400, 401, 404, 408, 409, 413, 422, 429, 500, 503, 529) },
    ),
    retryAfter: fc.constantFrom(
      undefined,
      undefined,
      "2",
      "-1",
      "1e400",
      "soon",
      "Wed, 21 Oct 2015 07:28:00 GMT",
    ),
    type: fc.constantFrom("application/json", "application/json", "text/plain", ""),
  }),
  runs: 1_500,
  kinds: ["answered", "refused"],
  check: async ({ body, status, retryAfter, type }) => {
    answerWith(() => {
      const headers = new Headers({ "content-type": type });
      if (retryAfter !== undefined) headers.set("retry-after", retryAfter);
      return new Response(`${body}`, { status, headers });
    });
    try {
      const { text, finishReason, usage, model } = await runAsync(
        modelFor(PATIENT_MS)._generateOperation("Write."),
      );
      assert.equal(typeof text, "string");
      assert.match(finishReason, /^(stop|length|filter|other)$/);
      for (const count of [usage?.promptTokens ?? 0, usage?.completionTokens ?? 0]) {
        assert.ok(Number.isSafeInteger(count) && count >= 0);
      }
      assert.ok(typeof model === "string" && model !== "");
      return "answered";
    } catch (error) {
      const { retryAfterMs = 0 } = checkError(error);
      assert.ok(Number.isFinite(retryAfterMs) && retryAfterMs >= 0);
      return "refused";
    }
  },
});
