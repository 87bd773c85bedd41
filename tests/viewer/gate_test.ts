/** Who is let in, and what every answer tells the browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStorage } from "../../src/storage/mod.ts";
import { ask, withViewer } from "./ask.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const gated = (name: string, body: Parameters<typeof withViewer>[1]) =>
  test(name, () => withViewer(new MemoryStorage(), body));

gated("the address has a secret of 256 bits, another one each time", async (viewer) => {
  const { pathname, hostname } = new URL(viewer.url());
  assert.equal(hostname, "127.0.0.1");
  assert.match(pathname, /^\/[\w-]{43}\/$/);
  await withViewer(new MemoryStorage(), (other) => {
    assert.notEqual(new URL(other.url()).pathname, pathname);
    return Promise.resolve();
  });
});

gated("whoever does not know the secret finds nothing", async (viewer, askFor) => {
  const { origin, pathname } = new URL(viewer.url());
  const token = pathname.slice(1, -1);
  const last = token.endsWith("A") ? "B" : "A";
  const wrong = [
    "",
    "favicon.ico",
    `${token}x/`,
    `${token.slice(0, -1)}/`,
    token.slice(0, -1) + last + "/",
    `x/${token}/`,
  ];
  for (const path of [...wrong, "%00/", "//", `${token.toLowerCase()}/`, "style.css", "charts"]) {
    const { status, body } = await ask(`${origin}/${path}`);
    assert.equal(status, 404, path);
    assert.ok(!body.includes(token), path);
  }
  assert.equal((await askFor("")).status, 200);
});

gated("a foreign host is refused, also with the secret", async (viewer, askFor) => {
  const { port } = new URL(viewer.url());
  const foreign = [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    `127.0.0.1:${Number(port) + 1}`,
    `127.0.0.1.evil.example:${port}`,
    `0.0.0.0:${port}`,
    `localhost.:${port}`,
  ];
  for (const host of foreign) {
    const { status, body } = await askFor("", { headers: { host } });
    assert.equal(status, 403, host);
    assert.ok(!body.includes("Runs"), host);
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]) {
    assert.equal((await askFor("", { headers: { host } })).status, 200, host);
  }
});

gated("a foreign page is refused, also with the secret", async (viewer, askFor) => {
  const { origin, port } = new URL(viewer.url());
  for (
    const foreign of ["https://evil.example", "null", `https://127.0.0.1:${port}`, `${origin}.evil.example`]
  ) {
    assert.equal((await askFor("results", { headers: { origin: foreign } })).status, 403, foreign);
  }
  assert.equal((await askFor("results", { headers: { origin } })).status, 200);
});

gated("nothing but reading is allowed", async (_viewer, askFor) => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const { status, headers } = await askFor("", { method });
    assert.equal(status, 405, method);
    assert.equal(headers.allow, "GET, HEAD");
  }
  const head = await askFor("", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.body, "");
});

gated("every answer forbids the browser everything but the viewer's own files", async (viewer, askFor) => {
  const { origin } = new URL(viewer.url());
  const answers = [
    await askFor(""),
    await askFor("results"),
    await askFor("charts"),
    await askFor("style.css"),
    await askFor("client.js"),
    await askFor("icon.svg"),
    await askFor("run/none"),
    await askFor("part/none"),
    await askFor("nothing"),
    await askFor("", { method: "POST" }),
    await askFor("", { headers: { host: "evil.example" } }),
    await ask(`${origin}/wrong/`),
  ];
  for (const { headers } of answers) {
    assert.equal(headers["content-security-policy"], POLICY);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["x-frame-options"], "DENY");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(headers["cross-origin-embedder-policy"], "require-corp");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["access-control-allow-origin"], undefined);
  }
  assert.deepEqual(answers.map(({ status }) => status), [
    200,
    200,
    200,
    200,
    200,
    200,
    404,
    404,
    404,
    405,
    403,
    404,
  ]);
});

gated(
  "no page has a script or a style of its own, or an address of another host",
  async (_viewer, askFor) => {
    for (const path of ["", "charts", "run/none"]) {
      const { body } = await askFor(path);
      assert.doesNotMatch(body, /<script(?![^>]*\ssrc="\/)|<style|\sstyle=|\son\w+=|https?:\/\//, path);
    }
  },
);
