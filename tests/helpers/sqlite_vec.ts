/** Where the extension `sqlite-vec` is, and why a test cannot load it here. */
import { getLoadablePath } from "sqlite-vec";
import { lacksForeignCode } from "../../src/runtime/sqlite.ts";

/** The extension's file. */
export const SQLITE_VEC: string = getLoadablePath();

/** Why it cannot be loaded; `false` where it can. */
export const SQLITE_VEC_MISSING: string | false = lacksForeignCode() && "Deno was not given --allow-ffi";
