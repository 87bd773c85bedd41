/**
 * A storage of one's own: one class that extends OperationStorage and says how each operation is done. This one stands before
 * another and counts the writes that it saves.
 *
 *     deno run examples/own_storage.ts · bun examples/own_storage.ts · node examples/own_storage.ts
 */
import { Chain, type Operation } from "@sifaka/sifaka";
import { MockModel } from "@sifaka/sifaka/models";
import {
  MemoryStorage,
  operationsOf,
  OperationStorage,
  type Storage,
  type StorageOperations,
  ThoughtStore,
} from "@sifaka/sifaka/storage";

/** Writes a value only when it differs from what is kept. */
class ThriftyStorage extends OperationStorage {
  readonly name = "ThriftyStorage";
  readonly _operations: StorageOperations;
  saved = 0;

  constructor(base: Storage) {
    super();
    const operations = operationsOf(base);
    this._operations = { ...operations, set: (...given) => this.#set(operations, ...given) };
  }

  *#set(
    operations: StorageOperations,
    ...[key, value, options]: Parameters<StorageOperations["set"]>
  ): Operation<void> {
    const kept = yield* operations.get(key);
    if (options?.ttlMs === undefined && JSON.stringify(kept) === JSON.stringify(value)) this.saved++;
    else yield* operations.set(key, value, options);
  }
}

const storage = new ThriftyStorage(new MemoryStorage());
storage.set("note", { text: "Sifakas leap." });
storage.set("note", { text: "Sifakas leap." });
console.log(`writes saved: ${storage.saved}`);

const model = new MockModel({ response: "Sifakas are lemurs of Madagascar." });
const thought = new Chain({ model, prompt: "Introduce sifakas.", storage }).run();
console.log(
  `kept and found again: ${new ThoughtStore(storage).search("madagascar")[0]?.thoughtId === thought.id}`,
);
