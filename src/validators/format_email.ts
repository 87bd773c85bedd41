/**
 * Checks e-mail addresses. Whether a text is one is for `validator` to say. What is found here first can be told by the part that
 * is wrong, which the package keeps to itself; it refuses all of that but quoted names and domains too long once encoded.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { countBytes } from "../text/measure.ts";
import { failed, type FormatFault, type FormatOutcome, fulfilled } from "./format_outcome.ts";

const MOST_LOCAL_BYTES = 64;
const MOST_BYTES = 254;
const MOST_LABEL = 63;
const LOCAL_CHARACTERS = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]+$/u;
const DOMAIN_CHARACTERS = /^[\p{L}\p{N}\p{M}.-]+$/u;
const SHAPE = "Give one address of the shape name@example.com.";

/**
 * Checks whether a text is one e-mail address. The address itself never appears in the outcome.
 *
 * @param text The text; white space around the address does not matter.
 * @returns An operation of the outcome.
 */
export function* checkEmail(text: string): Operation<FormatOutcome> {
  const address = text.trim();
  const fault = findFault(address) ??
    ((yield* isEmail(address)) ? undefined : wrong("A part of it is not allowed in an address."));
  return fault === undefined
    ? fulfilled("The text is an e-mail address.")
    : failed(`The text is not an e-mail address: ${fault.issue}`, [fault]);
}

function isEmail(address: string): Operation<boolean> {
  return remote({ module: packageModule("validators/email_calls"), name: "isEmail" }, address);
}

function findFault(address: string): FormatFault | undefined {
  if (address === "") return wrong("The text is empty.");
  if (/\s/.test(address)) {
    return wrong(
      "There is white space inside the address.",
      "Remove the white space, and all but the address.",
    );
  }
  if (countBytes(address) > MOST_BYTES) return wrong(`The address is longer than ${MOST_BYTES} bytes.`);
  const at = address.lastIndexOf("@");
  if (at < 0) return wrong("There is no @.");
  return localFault(address.slice(0, at)) ?? domainFault(address.slice(at + 1));
}

function localFault(local: string): FormatFault | undefined {
  if (local === "") return wrong("The part before the @ is empty.");
  if (local.startsWith('"')) {
    return wrong("The part before the @ is quoted.", "Write the part before the @ without quotes.");
  }
  if (local.includes("@")) return wrong("There is more than one @.");
  if (countBytes(local) > MOST_LOCAL_BYTES) {
    return wrong(`The part before the @ is longer than ${MOST_LOCAL_BYTES} bytes.`);
  }
  if (/^\.|\.\.|\.$/.test(local)) {
    return wrong("The part before the @ has a dot at its edge, or two in a row.");
  }
  if (!LOCAL_CHARACTERS.test(local)) {
    return wrong("The part before the @ has a character that is not allowed there.");
  }
  return undefined;
}

function domainFault(domain: string): FormatFault | undefined {
  if (domain === "") return wrong("The domain is empty.");
  if (!DOMAIN_CHARACTERS.test(domain)) return wrong("The domain has a character that is not allowed there.");
  if (/^\.|\.\.|\.$/.test(domain)) return wrong("The domain has a dot at its edge, or two in a row.");
  const labels = domain.split(".");
  if (labels.length < 2) return wrong("The domain has no dot.", "Give the full domain, such as example.com.");
  if (labels.some((label) => label.startsWith("-") || label.endsWith("-"))) {
    return wrong("A part of the domain begins or ends with a hyphen.");
  }
  if (/^\d+$/.test(labels.at(-1)!)) return wrong("The last part of the domain is a number.");
  const encoded = encodeDomain(domain);
  if (encoded === undefined) return wrong("The domain is not one.");
  if (encoded.split(".").some((label) => label.length > MOST_LABEL)) {
    return wrong(`A part of the domain is longer than ${MOST_LABEL} characters.`);
  }
  return undefined;
}

/** The domain as it is asked for, with letters beyond ASCII encoded. */
function encodeDomain(domain: string): string | undefined {
  // ASCII needs no encoding, and old systems allow more of it than URLs do.
  if (/^[\x21-\x7e]+$/.test(domain)) return domain;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}

function wrong(issue: string, suggestion: string = SHAPE): FormatFault {
  return { issue, suggestion };
}
