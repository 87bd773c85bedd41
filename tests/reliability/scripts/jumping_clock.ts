/** Preloaded: the wall clock of this process, which can be set. The first argument that says `clock=MS` sets it at the start. */
import process from "node:process";

const wallClock = Date.now;
let shiftMs = 0;
Date.now = () => wallClock() + shiftMs;

/** Sets the wall clock, forward or back, in milliseconds. */
export function jump(byMs: number): void {
  shiftMs += byMs;
}

const given = process.argv.find((argument) => argument.startsWith("clock="));
if (given !== undefined) jump(Number(given.slice("clock=".length)));
