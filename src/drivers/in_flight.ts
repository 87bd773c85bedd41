/**
 * A request that the synchronous driver has sent to the I/O worker.
 *
 * @module
 */

import type { Bridge, Receiver } from "../runtime/bridge.ts";
import type { Task, Wait } from "./task.ts";

/** Something that waits for its run's own turn. */
export interface Step {
  /** Takes the turn. */
  proceed(): void;
}

/** A run that makes requests. */
interface Requester {
  /** Takes the answer of a request; its task goes on in the run's own turn. */
  answered(request: InFlight): void;
  /** Gives a task the answer to its request. */
  deliver(request: InFlight): void;
  /** Drops a request whose task was cancelled, or its answer if that is here already. */
  giveUp(request: InFlight): void;
}

/** A request to the worker, from its sending until its task takes the answer. */
export class InFlight implements Receiver, Step, Wait {
  /** Whose request it is. */
  readonly run: Requester;
  /** Who waits for the answer. */
  readonly task: Task;
  /** Where it was sent. */
  readonly bridge: Bridge;
  /** Whether its answer is an open stream. */
  readonly opens: boolean;
  /** Its number there. */
  id = 0;
  /** Whether its task still waits. */
  live = true;
  /** Whether it went well. */
  ok = false;
  /** What it gave. */
  value: unknown = undefined;

  /**
   * @param run Whose request it is.
   * @param task Who waits for the answer.
   * @param bridge Where it is sent.
   * @param opens Whether its answer is an open stream.
   */
  constructor(run: Requester, task: Task, bridge: Bridge, opens = false) {
    this.run = run;
    this.task = task;
    this.bridge = bridge;
    this.opens = opens;
  }

  /** Takes what the worker answered. */
  settle(ok: boolean, value: unknown): void {
    this.ok = ok;
    this.value = value;
    this.run.answered(this);
  }

  /** Hands the answer on, unless it was given up meanwhile. */
  proceed(): void {
    if (this.live) this.run.deliver(this);
  }

  /** Gives it up. */
  giveUp(): void {
    this.live = false;
    this.run.giveUp(this);
  }
}
