/**
 * What a stream of events says, read from all of its bytes at once: the plainest way to do what the SDK and our own code do
 * chunk by chunk. It follows https://html.spec.whatwg.org/multipage/server-sent-events.html with the SDK's liberties: an
 * event that the end of the stream completes counts, and a byte order mark is skipped at the start of any line.
 */

/** What a stream says, as far as it can be read. */
export interface Said {
  /** The text before anything goes wrong. */
  readonly text: string;
  /** Whether the model refused. */
  readonly refused: boolean;
  /** How it ends: the text is complete, the stream is not, an error stands in it, or what it says makes no sense. */
  readonly end: "complete" | "cut" | "error" | "nonsense";
}

interface Event {
  readonly type: string;
  readonly data: string;
}

/** Reads a whole stream. */
export function readStream(bytes: Uint8Array): Said {
  let text = "";
  let refused = false;
  let isComplete = false;
  for (const { type, data } of eventsOf(linesOf(bytes))) {
    if (data === "[DONE]") return { text, refused, end: "complete" };
    // deno-lint-ignore no-explicit-any
    let chunk: any;
    try {
      chunk = JSON.parse(data);
    } catch {
      return { text, refused, end: "nonsense" };
    }
    if (type === "error" || chunk?.error) return { text, refused, end: "error" };
    if (typeof chunk !== "object" || chunk === null || Array.isArray(chunk)) {
      return { text, refused, end: "nonsense" };
    }
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    const said = choice?.delta ?? choice?.message;
    text += textOf(said?.content ?? choice?.text);
    refused ||= typeof said?.refusal === "string" && said.refusal !== "";
    isComplete ||= typeof choice?.finish_reason === "string" && choice.finish_reason !== "";
  }
  return { text, refused, end: isComplete ? "complete" : "cut" };
}

function linesOf(bytes: Uint8Array): string[] {
  return splitBytes(bytes).map((line) => new TextDecoder().decode(line));
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 10 && bytes[at] !== 13) continue;
    lines.push(bytes.subarray(start, at));
    if (bytes[at] === 13 && bytes[at + 1] === 10) at++;
    start = at + 1;
  }
  return [...lines, bytes.subarray(start)];
}

function eventsOf(lines: readonly string[]): Event[] {
  const events: Event[] = [];
  let type = "";
  let data: string[] = [];
  for (const line of [...lines, ""]) {
    if (line === "") {
      if (type !== "" || data.length > 0) events.push({ type, data: data.join("\n") });
      type = "";
      data = [];
      continue;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (name === "event") type = value!;
    if (name === "data") data.push(value!);
  }
  return events;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) =>
    typeof part === "string" ? part : typeof part?.text === "string" ? part.text : ""
  ).join("");
}
