/**
 * The terminal that a program was started in: its arguments, its three streams, and Ctrl-C.
 *
 * @module
 */

import { joinBytes, tooLarge } from "./files.ts";

/** One of the two streams that a program writes to. */
export interface OutputStream {
  /** Whether a person reads it directly. */
  readonly isTerminal: boolean;
  /** How many columns a line of it has now; `undefined` where that is not known. */
  readonly columns: number | undefined;
  /** How many lines it has now; `undefined` where that is not known. */
  readonly rows: number | undefined;
  /**
   * Writes text. A reader that has gone away (`| head -1`) is no error: what is written then is dropped.
   *
   * @param text What to write.
   * @returns A promise that resolves when the text is handed over.
   */
  write(text: string): Promise<void>;
}

/** What a command line program needs of its surroundings. */
export interface Terminal {
  /** The arguments after the program's own name. */
  readonly args: readonly string[];
  /** Where the result goes. */
  readonly stdout: OutputStream;
  /** Where everything else goes. */
  readonly stderr: OutputStream;
  /**
   * Reads standard input to its end.
   *
   * @param maxBytes The largest size, in bytes.
   * @param signal Ends the reading early.
   * @returns The bytes.
   */
  readInput(maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Reads standard input piece by piece.
   *
   * @param signal Ends the reading early.
   * @returns Its bytes in order.
   */
  inputChunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Calls back at each Ctrl-C, which then no longer ends the program.
   *
   * @param callback Told how many there were so far.
   * @returns A function that restores what Ctrl-C did before.
   */
  onInterrupt(callback: (count: number) => void): () => void;
}

interface NodeStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string, callback: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: Error & { code?: string }) => void): unknown;
}

interface NodeInput extends AsyncIterable<Uint8Array | string> {
  destroy(): void;
}

interface ProcessLike {
  readonly argv: readonly string[];
  readonly stdout: NodeStream;
  readonly stderr: NodeStream;
  readonly stdin: NodeInput;
  on(event: "SIGINT", listener: () => void): unknown;
  off(event: "SIGINT", listener: () => void): unknown;
}

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const { process } = globalThis as unknown as { process: ProcessLike };
  return {
    args: process.argv.slice(2),
    stdout: openOutput(process.stdout),
    stderr: openOutput(process.stderr),
    readInput: (maxBytes, signal) => readAll(process.stdin, maxBytes, signal),
    inputChunks: (signal) => chunksOf(process.stdin, signal),
    onInterrupt(callback) {
      let count = 0;
      const listener = (): void => callback(++count);
      process.on("SIGINT", listener);
      return () => void process.off("SIGINT", listener);
    },
  };
}

function openOutput(stream: NodeStream): OutputStream {
  let closed = false;
  // Without a listener a closed pipe would end the program with a stack trace.
  stream.on("error", () => closed = true);
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write(text) {
      if (closed || text === "") return Promise.resolve();
      return new Promise((resolve) => {
        try {
          stream.write(text, () => resolve());
        } catch {
          closed = true;
          resolve();
        }
      });
    },
  };
}

async function readAll(stdin: NodeInput, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const bytes of chunksOf(stdin, signal)) {
    total += bytes.length;
    if (total > maxBytes) throw tooLarge("standard input", maxBytes);
    chunks.push(bytes);
  }
  return joinBytes(chunks);
}

async function* chunksOf(stdin: NodeInput, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = (): void => stdin.destroy();
  signal.addEventListener("abort", stop);
  try {
    for await (const chunk of stdin) {
      yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The name of the operating system: `"linux"`, `"darwin"`, `"win32"` and the like. */
export function platformName(): string {
  return (globalThis as unknown as { process: { readonly platform: string } }).process.platform;
}

/** The runtime and its version, as `Deno 2.9.6`. */
export function runtimeVersion(): string {
  const { Deno, Bun, process } = globalThis as unknown as {
    readonly Deno?: { readonly version: { readonly deno: string } };
    readonly Bun?: { readonly version: string };
    readonly process: { readonly version: string };
  };
  if (Deno !== undefined) return `Deno ${Deno.version.deno}`;
  return Bun !== undefined ? `Bun ${Bun.version}` : `Node ${process.version.slice(1)}`;
}
