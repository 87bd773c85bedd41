/**
 * Works out where a provider is reached and checks what is sent with each request, before anything is sent.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import { readEnvironment } from "../runtime/env.ts";
import type { ProviderInfo } from "./providers.ts";

/**
 * Works out the base URL of a provider: the one given, else the environment's, else the provider's own.
 *
 * @param info The provider.
 * @param subject What is being made, for the error.
 * @param given The option `baseUrl`.
 * @returns The URL, without a slash at its end.
 * @throws {ConfigurationError} When there is none, or it is not one that can be used.
 */
export function findBaseUrl(info: ProviderInfo, subject: string, given: string | undefined): string {
  const read = given === undefined && info.baseUrlVariable
    ? readEnvironment(info.baseUrlVariable)
    : undefined;
  const fromEnvironment = read?.state === "set" && read.value.trim() !== "" ? read.value : undefined;
  const url = given ?? fromEnvironment ?? info.baseUrl;
  if (url === undefined) {
    throw new ConfigurationError(`Cannot create ${subject} as it has no baseUrl`, {
      code: "missing_base_url",
      suggestions: [
        "Pass the option `baseUrl`, for example http://127.0.0.1:8080/v1",
        ...(info.baseUrlVariable ? [`Or set the environment variable ${info.baseUrlVariable}.`] : []),
        ...(read?.state === "denied" ? [`Let Deno read it: --allow-env=${info.baseUrlVariable}`] : []),
      ],
    });
  }
  const origin = given === undefined && fromEnvironment !== undefined ? info.baseUrlVariable! : "baseUrl";
  return complete(info, parse(info, subject, origin, url.trim()));
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Refuses headers that cannot be sent: at the call they would look like a failure of the network.
 *
 * @param subject What is being made, for the error.
 * @param headers The option `headers`.
 * @throws {ConfigurationError} When one cannot be sent. It never shows a value, which may be a secret.
 */
export function checkHeaders(subject: string, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const wrong = !HEADER_NAME.test(name)
      ? "a name that is no name of a header"
      : !HEADER_VALUE.test(value)
      ? "a value with line breaks or characters beyond Latin-1"
      : undefined;
    if (wrong === undefined) continue;
    throw new ConfigurationError(`Cannot create ${subject} as ${show(name)} in headers has ${wrong}`, {
      code: "invalid_headers",
    });
  }
}

function parse(info: ProviderInfo, subject: string, origin: string, text: string): URL {
  // OLLAMA_HOST is commonly a bare host, with or without a port.
  const withScheme = info.id === "ollama" && !/^[a-z]+:\/\//i.test(text) ? `http://${text}` : text;
  const refuse = (rule: string): ConfigurationError =>
    new ConfigurationError(`Cannot create ${subject} as ${origin} must be ${rule}`, {
      code: "invalid_base_url",
    });
  if (!URL.canParse(withScheme)) throw refuse("a URL that begins with http:// or https://");
  const url = new URL(withScheme);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refuse("a URL that begins with http:// or https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("a URL without a name or password in it; pass `apiKey` or `headers`");
  }
  if (url.search !== "" || url.hash !== "") throw refuse("a URL without a query");
  if (info.id === "ollama" && withScheme !== text && url.port === "") url.port = "11434";
  return url;
}

function complete(info: ProviderInfo, url: URL): string {
  if (info.id === "ollama") {
    // A server that listens on every address is reached on this machine's own.
    if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
    if (url.pathname === "/") url.pathname = "/v1";
  }
  if (info.id === "azure" && url.pathname === "/") url.pathname = "/openai/v1";
  return url.href.replace(/\/+$/, "");
}
