/** Opens the storage of its first argument, sets a value, and prints what became of it. */
import { formatError } from "../../../src/errors.ts";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";

try {
  using storage = new SqliteStorage(process.argv[2]!);
  storage.set("a", 1);
  console.log("set", storage.get("a"));
} catch (error) {
  console.log(`${(error as { code?: string }).code}: ${formatError(error)}`);
}
