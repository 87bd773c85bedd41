/** Adds values to a FileStorage of one file. Arguments: the file, a prefix, how many. */
import process from "node:process";
import { FileStorage } from "../../../src/storage/file_storage.ts";

const [path, prefix, count] = process.argv.slice(2) as [string, string, string];
using storage = new FileStorage(path, { layout: "single", fsync: false });
for (let index = 0; index < Number(count); index++) storage.set(`${prefix}/${index}`, index);
