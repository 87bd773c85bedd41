/**
 * Works out where a provider is reached, before anything is sent.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
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
