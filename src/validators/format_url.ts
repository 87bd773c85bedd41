/**
 * Checks web addresses.
 *
 * @module
 */

import { failed, type FormatFault, type FormatOutcome, fulfilled } from "./format_outcome.ts";
import { listed } from "./wording.ts";

/** What addresses are accepted. */
export interface UrlOptions {
  /** The protocols, with or without the colon. @default ["http:", "https:"] */
  readonly protocols?: readonly string[];
  /** Whether this machine's own names and addresses are accepted. @default true */
  readonly allowLocalhost?: boolean;
  /** Whether a numeric address may stand in place of a name. @default true */
  readonly allowIp?: boolean;
  /** Whether the name must have a dot and a top-level domain of letters. @default false */
  readonly requireTld?: boolean;
  /** Whether a user name or password may be part of the address. @default false */
  readonly allowCredentials?: boolean;
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const LOOPBACK =
  /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/;
const SHAPE = "Give one address of the shape https://example.com/path.";

/**
 * Checks whether a text is one URL. User names and passwords never appear in the outcome.
 *
 * @param text The text; white space around the address does not matter.
 * @param options What is accepted.
 * @returns The outcome.
 */
export function checkUrl(text: string, options: UrlOptions): FormatOutcome {
  const address = text.trim();
  const fault = findFault(address, options);
  return fault === undefined
    ? fulfilled("The text is a URL.")
    : failed(`The text is not an accepted URL: ${fault.issue}`, [fault]);
}

function findFault(address: string, options: UrlOptions): FormatFault | undefined {
  if (address === "") return wrong("The text is empty.");
  // The parser would drop line breaks and tabs without a word.
  if (/[\s\p{Cc}]/u.test(address)) {
    return wrong(
      "There is white space inside the address.",
      "Remove the white space, and all but the address.",
    );
  }
  const protocol = /^[a-z][a-z\d+.-]*:/i.exec(address)?.[0].toLowerCase();
  if (protocol === undefined) return wrong("There is no protocol.");
  const accepted = acceptedProtocols(options);
  if (!accepted.includes(protocol)) {
    return wrong(
      `The protocol ${protocol.slice(0, 20)} is not accepted.`,
      `Use ${listed(accepted)} as the protocol.`,
    );
  }
  if (/^https?:$/.test(protocol) && !address.slice(protocol.length).startsWith("//")) {
    return wrong("There is no // after the protocol.");
  }
  const url = parse(address);
  return url === undefined ? wrong("The address cannot be parsed.") : hostFault(url, options);
}

function hostFault(url: URL, options: UrlOptions): FormatFault | undefined {
  const { allowLocalhost = true, allowIp = true, requireTld = false, allowCredentials = false } = options;
  const { hostname } = url;
  if (!allowCredentials && (url.username !== "" || url.password !== "")) {
    return wrong("There is a user name or password in the address.", "Remove everything between // and @.");
  }
  if (!allowLocalhost && LOOPBACK.test(hostname)) return wrong("The address is one of this machine itself.");
  const isIp = IPV4.test(hostname) || hostname.startsWith("[");
  if (isIp && !allowIp) {
    return wrong("There is a numeric address in place of a name.", "Use the name of the site.");
  }
  if (requireTld && (isIp || !/\.(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/.test(hostname))) {
    return wrong("The name has no top-level domain.", "Give the full name, such as example.com.");
  }
  return undefined;
}

/** The accepted protocols, each with its colon. */
export function acceptedProtocols({ protocols = ["http:", "https:"] }: UrlOptions): string[] {
  return protocols.map((protocol) => `${protocol.toLowerCase().replace(/:$/, "")}:`);
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function wrong(issue: string, suggestion: string = SHAPE): FormatFault {
  return { issue, suggestion };
}
