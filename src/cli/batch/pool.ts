/**
 * Does a few things of many at once.
 *
 * @module
 */

/**
 * Does something with each item, with no more of them under way than allowed; an item is taken when there is room for it.
 *
 * @typeParam T The type of an item.
 * @param items The items.
 * @param work What is done with one.
 * @param options How many at once, and who is told first when something fails, while the others are still under way.
 * @returns A promise that resolves when all are done.
 * @throws The first error of `items` or `work`; no item is taken after it.
 */
export async function forEachOf<T>(
  items: AsyncIterator<T>,
  work: (item: T) => Promise<void>,
  { atOnce, onFailure }: { atOnce: number; onFailure: (error: unknown) => void },
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    try {
      while (failure === undefined) {
        const { done, value } = await items.next();
        if (done || failure !== undefined) return;
        await work(value);
      }
    } catch (error) {
      failure ??= { error };
      onFailure(failure.error);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await items.return?.();
  if (failure !== undefined) throw failure.error;
}
