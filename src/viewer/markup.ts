/**
 * HTML that is safe by how it is made: whatever is put into a template is escaped, unless it is HTML made by another template.
 *
 * @module
 */

import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** A piece of HTML. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * Makes HTML.
 *
 * @param strings The markup.
 * @param values What stands in it: HTML of other templates, lists of them, and anything else as text. `undefined` and booleans
 * stand for nothing.
 * @returns The HTML.
 */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return html(strings, ...values);
}
