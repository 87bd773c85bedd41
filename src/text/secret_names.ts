/**
 * Knows by its name what holds a secret.
 *
 * @module
 */

const SECRET_NAME =
  /api[_-]?key|secret|passw(or)?d|passphrase|credential|authorization|cookie|^headers$|(^|[a-z_-])[tT]oken$/i;

/**
 * Says whether what stands under a name may be a secret, so that no message may show it.
 *
 * @param name The name of an option, a header or a field. One that ends with `Env` names a variable, which is no secret.
 * @returns Whether it may be.
 */
export function namesSecret(name: string | number): boolean {
  return typeof name === "string" && SECRET_NAME.test(name) && !name.endsWith("Env");
}

/** A name and a colon. */
const FIELD = /([\w.-]{1,80})["']?\s{0,20}:/g;
/** A long run of letters and digits, as keys are. */
const LIKE_A_KEY = /(?=[\w+/=.-]{0,200}\d)(?=[\w+/=.-]{0,200}[a-z])[\w+/=.-]{20,}/gi;

/**
 * Hides in a line of a text that cannot be read what may be a secret: all that stands after a name that says so, and
 * everything that looks like a key.
 *
 * @param line The line.
 * @returns The line with as many stars in place of what is hidden.
 */
export function hideSecrets(line: string): string {
  for (const match of line.matchAll(FIELD)) {
    if (!namesSecret(match[1]!)) continue;
    const end = match.index + match[0].length;
    return hideKeys(line.slice(0, end)) + line.slice(end).replace(/\S/g, "*");
  }
  return hideKeys(line);
}

/** The name and password of a URL, and its query. */
const IN_URL = /(?<=:\/\/)[^\s/?#"'@]{1,500}(?=@)|(?<=:\/\/[^\s?"']{1,500}\?)[^\s"']{1,2000}/g;

/**
 * Hides what a URL may hold of a secret: its name and password, and its query.
 *
 * @param text A text with URLs in it.
 * @returns The text with as many stars in place of what is hidden.
 */
export function hideInUrls(text: string): string {
  return text.replace(IN_URL, stars);
}

function stars(hidden: string): string {
  return "*".repeat(hidden.length);
}

function hideKeys(text: string): string {
  return text.replace(LIKE_A_KEY, stars);
}
