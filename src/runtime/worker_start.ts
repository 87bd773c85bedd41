/**
 * Starts the I/O worker, and says why when that cannot be done.
 *
 * A worker whose module cannot be loaded dies without a word that a blocked thread could hear. So the usual reason, a bundle
 * that left the worker's file behind, is looked for when the worker is late.
 *
 * @module
 */

import { WorkerLostError } from "../errors.ts";
import { packageModule } from "../operation/package_module.ts";
import { builtin } from "./builtin.ts";
import { SHARED, STATE, type WorkerData, type WorkerHandle, type WorkerThreads } from "./worker_protocol.ts";

const START_WITHIN_MS = 20_000;
const LATE_AFTER_MS = 1_000;

/**
 * Starts a worker.
 *
 * @param threads The runtime's threads.
 * @param workerData What it is given.
 * @returns The worker, which does not listen yet.
 * @throws {WorkerLostError} When the runtime refuses, for example for want of a permission.
 */
export function startWorker(threads: WorkerThreads, workerData: WorkerData): WorkerHandle {
  try {
    return new threads.Worker(workerEntry(), {
      workerData,
      transferList: [workerData.port],
      type: "module",
      // A copy of the environment would make Deno ask for the permission to read all of it.
      env: threads.SHARE_ENV,
      ...workerArguments(),
    });
  } catch (cause) {
    const reason = (cause as Error | undefined)?.message;
    throw new WorkerLostError(`The I/O worker cannot be started: ${reason}`, {
      code: "worker_not_started",
      cause,
    });
  }
}

/**
 * Blocks until a worker listens (Bun drops what is posted before).
 *
 * @param shared The memory shared with it.
 * @throws {WorkerLostError} When it does not start.
 */
export function awaitStart(shared: Int32Array): void {
  Atomics.wait(shared, SHARED.state, STATE.starting, LATE_AFTER_MS);
  if (Atomics.load(shared, SHARED.state) === STATE.starting && isEntryMissing()) {
    throw new WorkerLostError(`The I/O worker cannot be started: there is no file ${workerEntry().href}`, {
      code: "worker_not_started",
      suggestions: [
        "Leave this package out of the bundle, or put its worker beside the bundle under that name.",
      ],
    });
  }
  Atomics.wait(shared, SHARED.state, STATE.starting, START_WITHIN_MS - LATE_AFTER_MS);
  if (Atomics.load(shared, SHARED.state) !== STATE.ready) {
    throw new WorkerLostError(`The I/O worker did not start within ${START_WITHIN_MS / 1000} seconds`, {
      code: "worker_not_started",
    });
  }
}

/**
 * The URL a worker is started with. Deno refuses worker entries from the network, where a package imported from a registry
 * lives, but not a `data:` entry that imports one.
 */
function workerEntry(): URL {
  const url = new URL(packageModule("runtime/worker"));
  return url.protocol === "file:" ? url : new URL(`data:text/javascript,import ${JSON.stringify(url.href)}`);
}

function isEntryMissing(): boolean {
  const entry = workerEntry();
  if (entry.protocol !== "file:") return false;
  return builtin<{ existsSync(path: URL): boolean }>("node:fs")?.existsSync(entry) === false;
}

/** Node hands its own arguments on to its workers, and then refuses a file for `--input-type`, which is for `--eval`. */
function workerArguments(): { execArgv?: readonly string[] } {
  const { execArgv = [] } = (globalThis as { process?: { execArgv?: readonly string[] } }).process ?? {};
  if (!execArgv.some((argument) => argument.startsWith("--input-type"))) return {};
  return {
    execArgv: execArgv.filter((argument, index) =>
      !argument.startsWith("--input-type") && execArgv[index - 1] !== "--input-type"
    ),
  };
}
