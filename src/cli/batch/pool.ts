/**
 * Does a few things of many at once.
 *
 * @module
 */

/** How items are worked on. */
export interface PoolOptions {
  /** How many are under way at once now; asked again whenever one has ended. */
  readonly atOnce: () => number;
  /** Told first when something fails, while the others are still under way. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Does something with each item, with no more of them under way than allowed; an item is taken when there is room for it.
 *
 * @typeParam T The type of an item.
 * @param items The items.
 * @param work What is done with one.
 * @param options How.
 * @returns A promise that resolves when all are done.
 * @throws The first error of `items` or `work`; no item is taken after it.
 */
export async function forEachOf<T>(
  items: AsyncIterator<T>,
  work: (item: T) => Promise<void>,
  { atOnce, onFailure }: PoolOptions,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let isOver = false;
  let working = 0;
  const ended = Promise.withResolvers<void>();
  const fill = (): void => {
    while (!isOver && working < atOnce()) void worker();
  };
  const worker = async (): Promise<void> => {
    working++;
    try {
      while (!isOver && working <= atOnce()) {
        const { done, value } = await items.next();
        isOver ||= done === true;
        if (isOver) break;
        await work(value);
        fill();
      }
    } catch (error) {
      isOver = true;
      failure ??= { error };
      onFailure(failure.error);
    }
    working--;
    if (working === 0) ended.resolve();
  };
  fill();
  await ended.promise;
  await items.return?.();
  if (failure !== undefined) throw failure.error;
}
