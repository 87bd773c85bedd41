/**
 * Templates with named placeholders.
 *
 * All placeholders are filled in one pass, so that braces in what fills them are only text.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { hintFor } from "./nearest.ts";

/** Which placeholders a template may and must have. */
export interface TemplateRules {
  /** The names that it may use. */
  readonly allowed: readonly string[];
  /** Those that it must use. @default [] */
  readonly required?: readonly string[];
}

/** What fills the placeholders; one that is left out is filled with nothing. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** A checked template: give it values, and it gives the text. */
export type Template = (values: TemplateValues) => string;

// A double brace is tried first, so that `{{{name}}}` is a placeholder between literal braces.
const PARTS = /\{\{|\}\}|\{(\w+)\}|[{}]/g;

/**
 * Checks a template and makes it ready.
 *
 * `{name}` is a placeholder; `{{` and `}}` stand for single braces.
 *
 * @param component The component whose template it is, as an error names it.
 * @param option The option it comes from, as an error names it.
 * @param template The template.
 * @param rules Which placeholders it may and must have.
 * @returns A function that fills the placeholders.
 * @throws {ConfigurationError} When it uses another placeholder, lacks a required one, or has a single brace.
 */
export function compileTemplate(
  component: string,
  option: string,
  template: string,
  rules: TemplateRules,
): Template {
  const literals: string[] = [];
  const names: string[] = [];
  let literal = "";
  let from = 0;
  for (const match of template.matchAll(PARTS)) {
    literal += template.slice(from, match.index);
    from = match.index + match[0].length;
    const name = match[1];
    if (name !== undefined) {
      if (!rules.allowed.includes(name)) throw unknownPlaceholder(component, option, name, rules.allowed);
      literals.push(literal);
      names.push(name);
      literal = "";
    } else if (match[0].length === 2) literal += match[0].charAt(0);
    else throw loneBrace(component, option, template, match.index);
  }
  const last = literal + template.slice(from);
  for (const name of rules.required ?? []) {
    if (!names.includes(name)) throw missingPlaceholder(component, option, name);
  }
  return (values) => names.map((name, index) => literals[index] + fill(values, name)).join("") + last;
}

function fill(values: TemplateValues, name: string): string {
  return Object.hasOwn(values, name) ? values[name] ?? "" : "";
}

function unknownPlaceholder(
  component: string,
  option: string,
  name: string,
  allowed: readonly string[],
): Error {
  return new ConfigurationError(
    `Cannot create ${component} as ${option} must not use a placeholder that is not known: ` +
      `{${name}} is used; ${hintFor(name, allowed)}`,
    { code: "invalid_template", component, metadata: { option, placeholder: name } },
  );
}

function missingPlaceholder(component: string, option: string, name: string): Error {
  return new ConfigurationError(
    `Cannot create ${component} as ${option} must use the placeholder {${name}}: it does not`,
    { code: "invalid_template", component, metadata: { option, placeholder: name } },
  );
}

const SHOWN_LENGTH = 20;

function loneBrace(component: string, option: string, template: string, index: number): Error {
  const shown = JSON.stringify(template.slice(index, index + SHOWN_LENGTH));
  return new ConfigurationError(
    `Cannot create ${component} as ${option} must have braces in pairs: ${shown} at ${index} has one alone`,
    {
      code: "invalid_template",
      component,
      metadata: { option, index },
      suggestions: ["Write {{ and }} for braces that are text."],
    },
  );
}
