/** Sets many values, each acknowledged on stdout once `set` has returned. Arguments: the file, a prefix, how many. */
import { writeSync } from "node:fs";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";

const [path, prefix, count] = process.argv.slice(2) as [string, string, string];
const storage = new SqliteStorage(path);
for (let index = 0; index < Number(count); index++) {
  storage.set(`${prefix}/${index}`, { text: `value ${index} of ${prefix}`, padding: "x".repeat(200) });
  writeSync(1, `${index}\n`);
}
storage.close();
