/** What the bridge bench calls in Sifaka's worker. */

export function echo(value: unknown): Promise<unknown> {
  return Promise.resolve(value);
}

export async function wait(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}
