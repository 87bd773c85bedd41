/** Streams of server-sent events as providers write them, as they break, and as nobody should write them: bytes in chunks. */
import fc from "fast-check";
import { piece, repeated } from "./arbitraries.ts";

/** How a stream is handed over. */
export interface EventStream {
  /** All of its bytes, in the chunks in which they come. */
  readonly chunks: readonly Uint8Array[];
  /** What happens after the last of them: it ends, the connection breaks, or nothing at all. */
  readonly end: "closes" | "breaks" | "stalls";
}

const text = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join("")) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      "Hello",
      " [DONE]",
      "\ndata: [DONE]\n\n",
      "data: [DONE]",
      "né 東京 👩‍👩‍👧",
      "\ud83d",
      "\ude00",
    ),
  },
  { weight: 1, arbitrary: repeated(piece, 60_000) },
);
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 7, 1e99, "", "stop", [], {}, [null], [[]], { text: "t" }),
  fc.jsonValue({ maxDepth: 2 }),
);
const content = fc.oneof(
  { weight: 12, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(text, fc.record({ type: fc.constant("text"), text }), junk), {
      maxLength: 3,
    }),
  },
  { weight: 1, arbitrary: junk },
);
const finish = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("stop", "length", "content_filter", "tool_calls") },
  { weight: 1, arbitrary: fc.oneof(fc.constant(""), junk) },
);
const chunkOf = (choice: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record({
    id: fc.constant("c"),
    model: fc.constantFrom<unknown>("served", "", 7),
    choices: fc.tuple(choice),
  }, {
    requiredKeys: ["choices"],
  });
const usage = fc.record({
  choices: fc.constant([]),
  usage: fc.oneof(
    fc.record({
      prompt_tokens: fc.oneof(fc.nat(), junk),
      completion_tokens: fc.oneof(fc.nat(), junk),
    }, { requiredKeys: [] }),
    junk,
  ),
});

const pieceChunk = chunkOf(fc.oneof(
  { weight: 9, arbitrary: fc.record({ index: fc.constant(0), delta: fc.record({ content }) }) },
  { weight: 1, arbitrary: fc.record({ text: content }) },
  { weight: 1, arbitrary: fc.record({ message: fc.record({ content }) }) },
  { weight: 1, arbitrary: fc.record({ delta: fc.record({ content, refusal: text }) }) },
));
const finishChunk = chunkOf(fc.record({ delta: fc.constant({}), finish_reason: finish }));
const errorChunk = fc.record({ error: fc.oneof(fc.record({ message: text, code: text }), text, junk) });

const data = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(pieceChunk, fc.constantFrom(0, 0, 0, 1)).map(written) },
  { weight: 4, arbitrary: fc.tuple(finishChunk, fc.constant(0)).map(written) },
  { weight: 3, arbitrary: fc.tuple(usage, fc.constantFrom(0, 1)).map(written) },
  { weight: 3, arbitrary: fc.constantFrom("[DONE]", "[DONE] ", " [DONE]", "[done]") },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.tuple(errorChunk, fc.constant(0)).map(written),
      fc.tuple(junk, fc.constant(0)).map(written),
      text,
    ),
  },
);

function written([value, space]: readonly [unknown, number]): string {
  return JSON.stringify(value, undefined, space);
}

const LINE_ENDS = ["\n", "\n", "\r\n", "\r"] as const;
const FIELDS = [
  ": comment",
  ":",
  "id: 7",
  "retry: 10",
  "event: message",
  "event: error",
  "event",
  "other: x",
  "data",
];

const event = fc.record({
  data,
  before: fc.oneof({ weight: 8, arbitrary: fc.constant<string[]>([]) }, {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...FIELDS), { maxLength: 2 }),
  }),
  space: fc.constantFrom(" ", " ", " ", ""),
  lineEnd: fc.constantFrom(...LINE_ENDS),
}).map(({ data, before, space, lineEnd }) =>
  [...before, ...data.split(/\r\n|[\r\n]/).map((line) => `data:${space}${line}`), "", ""].join(lineEnd)
);

const END = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
const body = fc.tuple(
  fc.oneof({ weight: 20, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constant("\ufeff") }),
  fc.array(fc.oneof({ weight: 24, arbitrary: event }, { weight: 1, arbitrary: text }), { maxLength: 8 }),
  fc.constantFrom(END, END, "data: [DONE]\n\n", "data: [DONE]", ""),
).map((parts) => new TextEncoder().encode(parts.flat().join("")));

const place = fc.double({ min: 0, max: 1, noNaN: true });
const harm = fc.record({
  at: place,
  cut: fc.nat(8),
  put: fc.uint8Array({ maxLength: 4 }),
});

/** Bytes with up to two changes, and perhaps without their end. */
const bytes = fc.tuple(
  body,
  fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, {
    weight: 1,
    arbitrary: fc.array(harm, { maxLength: 2 }),
  }),
  fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: place }),
).map(([whole, harms, share]) => {
  let harmed = whole;
  for (const { at, cut, put } of harms) {
    const start = Math.floor(at * harmed.length);
    harmed = Uint8Array.of(
      ...harmed.slice(0, start).slice(-2_000),
      ...put,
      ...harmed.slice(start + cut).slice(0, 2_000),
    );
  }
  return harmed.slice(0, Math.ceil(share * harmed.length));
});

/** The longest stream that comes byte by byte. */
const MOST_SINGLE_BYTES = 1_500;

const chunks = fc.tuple(
  bytes,
  fc.oneof(
    { weight: 2, arbitrary: fc.constant("every byte" as const) },
    { weight: 3, arbitrary: fc.array(place, { maxLength: 6 }) },
  ),
).map(([whole, cuts]) => {
  if (cuts === "every byte") {
    const singles = whole.slice(0, MOST_SINGLE_BYTES);
    const rest = whole.slice(MOST_SINGLE_BYTES);
    return [...Array.from(singles, (byte) => Uint8Array.of(byte)), ...rest.length > 0 ? [rest] : []];
  }
  const places = [
    0,
    ...cuts.map((share) => Math.floor(share * whole.length)).sort((a, b) => a - b),
    whole.length,
  ];
  return places.slice(1).map((end, index) => whole.slice(places[index]!, end));
});

/** Streams of every kind. */
export const eventStream: fc.Arbitrary<EventStream> = fc.record({
  chunks,
  end: fc.oneof(
    { weight: 50, arbitrary: fc.constant("closes" as const) },
    { weight: 6, arbitrary: fc.constant("breaks" as const) },
    { weight: 1, arbitrary: fc.constant("stalls" as const) },
  ),
}).map((stream) =>
  Object.assign(stream, {
    [fc.toStringMethod]: () => {
      const whole = stream.chunks.map((chunk) => new TextDecoder("latin1").decode(chunk));
      return `${stream.end} after ${JSON.stringify(whole)}`;
    },
  })
);
