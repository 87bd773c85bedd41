/** The words of an e-mail as it was sent: its subject and body, without headers, encodings and tags. */

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: " ",
  apos: "'",
};

/** Takes subject and text out of a message. */
export function mailText(message: string): string {
  const [head, body] = split(message);
  const subject = headerOf(head, "subject");
  return `${subject}\n\n${partText(head, body)}`;
}

function split(message: string): [string, string] {
  const at = message.search(/\r?\n\r?\n/);
  return at < 0 ? [message, ""] : [message.slice(0, at), message.slice(at).trimStart()];
}

function headerOf(head: string, name: string): string {
  const found = new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, "im").exec(head);
  return found?.[1]?.replace(/\s+/g, " ").trim() ?? "";
}

function partText(head: string, body: string): string {
  const type = headerOf(head, "content-type");
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const parts = body.split(`--${boundary}`).slice(1).map((part) => split(part.trimStart()));
    const plain = parts.filter(([partHead]) => /text\/plain/i.test(partHead));
    return (plain.length > 0 ? plain : parts).map(([partHead, partBody]) => partText(partHead, partBody))
      .join("\n");
  }
  if (type !== "" && !/^text\//i.test(type)) return "";
  const text = decoded(body, headerOf(head, "content-transfer-encoding"));
  return /html/i.test(type) || /<html|<body|<table/i.test(text) ? withoutTags(text) : text;
}

function decoded(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) {
    const letters = body.replace(/[^A-Za-z0-9+/]/g, "");
    return atob(letters.slice(0, letters.length - letters.length % 4));
  }
  if (!/quoted-printable/i.test(encoding)) return body;
  return body.replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function withoutTags(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<a\b[^>]*href="?(https?:[^"\s>]+)[^>]*>/gi, " $1 ")
    .replace(/<(?:br|p|tr|div|li|h\d)\b[^>]*>/gi, "\n")
    .replace(/<[^>]{0,2000}>/g, "")
    .replace(/&(\w+);/g, (entity, name: string) => NAMED[name.toLowerCase()] ?? entity)
    .replace(/&#(\d{1,5});/g, (_, code: string) => String.fromCharCode(Number(code)));
}
