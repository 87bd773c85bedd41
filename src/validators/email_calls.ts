/**
 * Says with `validator` whether a text is an e-mail address. Reached by URL alone, so that the package is loaded with the first
 * call.
 *
 * @module
 */

import validator from "validator";

/**
 * Says whether a text is an e-mail address.
 *
 * @param text The text, without white space around it.
 * @returns Whether it is.
 */
export function isEmail(text: string): Promise<boolean> {
  return Promise.resolve(validator.isEmail(text));
}
