/**
 * A storage of one's own: one class that extends OperationStorage and says how each operation is done. This one stands before another and
 * keeps what is archived from being overwritten. At the end it is held to what every storage must do, as a test of it would.
 *
 *     deno run examples/own_storage.ts · bun examples/own_storage.ts · node examples/own_storage.ts
 */
import { Chain, type Operation, StorageError } from "@sifaka/sifaka";
import { MockModel } from "@sifaka/sifaka/models";
import {
  MemoryStorage,
  operationsOf,
  OperationStorage,
  type SetOptions,
  type Storage,
  type StorageOperations,
  ThoughtStore,
} from "@sifaka/sifaka/storage";
import { storageConformance } from "@sifaka/sifaka/testing";

/** Keeps values in another storage, and overwrites none whose key begins with "archive/". */
class ArchiveStorage extends OperationStorage {
  readonly name = "ArchiveStorage";
  readonly _operations: StorageOperations;
  readonly #base: StorageOperations;

  constructor(base: Storage) {
    super();
    this.#base = operationsOf(base);
    this._operations = { ...this.#base, set: (...given) => this.#set(...given) };
  }

  *#set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    if (String(key).startsWith("archive/") && (yield* this.#base.has(key))) {
      throw new StorageError(`Cannot overwrite ${key} as it is in the archive`, {
        code: "archived",
        component: this.name,
        operation: "set",
      });
    }
    yield* this.#base.set(key, value, options);
  }
}

const storage = new ArchiveStorage(new MemoryStorage());
storage.set("archive/1", { text: "Sifakas leap." });
try {
  storage.set("archive/1", { text: "Sifakas crawl." });
} catch (error) {
  console.log(error instanceof StorageError ? `refused: ${error.code}` : error);
}

const model = new MockModel({ response: "Sifakas are lemurs of Madagascar." });
const thought = new Chain({ model, prompt: "Introduce sifakas.", storage }).run();
const [hit] = new ThoughtStore(storage).search("madagascar");
console.log(`kept and found again: ${hit?.thoughtId === thought.id}`);

const cases = storageConformance(() => new ArchiveStorage(new MemoryStorage()));
for (const { run } of cases) await run(); // in a test: test(`ArchiveStorage ${name}`, run)
console.log(`does all ${cases.length} things that every storage must`);
