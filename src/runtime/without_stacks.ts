/**
 * Keeps errors from recording where they were made.
 *
 * A record costs some twenty times what the error itself does, and holds memory. That counts where a parser makes an error for
 * each of hundreds of thousands of faults and only the first one is looked at.
 *
 * @module
 */

/**
 * Calls a function whose errors get no stack, where the runtime lets one say so.
 *
 * @param action What to call; it must not wait, since everything else would make such errors meanwhile.
 * @returns What it returns.
 */
export function withoutStacks<T>(action: () => T): T {
  const own = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  if (own?.writable !== true) return action();
  const holder = Error as { stackTraceLimit?: unknown };
  holder.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    holder.stackTraceLimit = own.value;
  }
}
