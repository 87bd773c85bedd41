/** The retriever over files and folders. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, RetrieverError } from "../../src/errors.ts";
import { FileRetriever } from "../../src/retrievers/file_retriever.ts";
import type { Document } from "../../src/thought/document.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { DOCUMENTS, testRetriever } from "./conformance.ts";

const root = mkdtempSync(join(tmpdir(), "sifaka-files-"));
after(() => rmSync(root, { recursive: true, force: true }));
for (const [name, text] of Object.entries(DOCUMENTS)) writeFileSync(join(root, `${name}.txt`), text);

testRetriever("FileRetriever", () => new FileRetriever({ paths: ["*.txt"], folder: root }));

/** A PDF of one page for each text. */
function pdf(...texts: string[]): string {
  const kids = texts.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${texts.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...texts.flatMap((text, index) => {
      const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${
          5 + 2 * index
        } 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  return `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${
    objects.length + 1
  } /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
}

const MARKDOWN = `# Lemurs

Lemurs live in Madagascar.

## Food

They eat leaves.

\`\`\`
first zebra

second zebra
\`\`\`
`;

const HTML = `<!doctype html><title>Birds</title>
<style>p { color: hidden }</style>
<h1>The   <em>wag</em>tail</h1>
<p>It <b>wags</b>
its tail.</p><script>const hidden = 1;</script>
<ul><li>eats flies<li>sings</ul>`;

test("FileRetriever names file and line, or page, of what it finds in Markdown, HTML, text and PDF", () =>
  inTemporaryDirectory((folder) => {
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    writeFileSync(join(folder, "a.md"), MARKDOWN);
    writeFileSync(join(folder, "deep", "b.html"), HTML);
    writeFileSync(join(folder, "deep", "er", "c.pdf"), pdf("A quokka smiles.", "A numbat digs."));
    writeFileSync(join(folder, "d.log"), "line\n\nan aardvark line\n");
    using retriever = new FileRetriever({ paths: ["."], folder });
    const first = (query: string) => {
      const document = retriever.retrieve(query)[0];
      return document && [document.source, document.text, document.metadata.heading];
    };
    assert.deepEqual(first("Madagascar"), ["a.md:1", "Lemurs\n\nLemurs live in Madagascar.", "Lemurs"]);
    assert.deepEqual(first("zebra"), [
      "a.md:5",
      "Food\n\nThey eat leaves.\n\n```\nfirst zebra\n\nsecond zebra\n```",
      "Food",
    ]);
    assert.deepEqual(first("wagtail"), [
      "deep/b.html:3",
      "The wagtail\n\nIt wags its tail.\n\neats flies\n\nsings",
      "The wagtail",
    ]);
    assert.equal(first("hidden"), undefined);
    assert.deepEqual(first("numbat")?.slice(0, 1), ["deep/er/c.pdf, page 1"]);
    assert.match(first("numbat")![1] as string, /A quokka smiles\.\n\nA numbat digs\./);
    assert.equal(first("aardvark")![0], "d.log:1");
  }));

test("FileRetriever cuts long texts into pieces and says where each begins", () =>
  inTemporaryDirectory((folder) => {
    const paragraphs = Array.from(
      { length: 40 },
      (_, index) => `paragraph number w${index} ${"x ".repeat(20)}`,
    );
    writeFileSync(join(folder, "long.md"), paragraphs.join("\n\n"));
    writeFileSync(join(folder, "one.md"), `${"y ".repeat(100)}needle ${"y ".repeat(100)}`);
    using retriever = new FileRetriever({ paths: ["*.md"], folder, chunkWords: 50 });
    const [found] = retriever.retrieve("w20");
    assert.equal(found!.source, "long.md:41");
    assert.ok(found!.text.split(/\s+/).length <= 50);
    assert.ok(retriever.retrieve("needle")[0]!.text.split(/\s+/).length <= 50);
  }));

test("FileRetriever reads again only what has changed, and forgets what is gone, in the next process as well", () =>
  inTemporaryDirectory((folder) => {
    const index = join(folder, "index.db");
    const write = (name: string, text: string, seconds: number) => {
      writeFileSync(join(folder, name), text);
      utimesSync(join(folder, name), seconds, seconds);
    };
    write("a.md", "the lemur", 1_000);
    write("b.md", "the fox", 1_000);
    const options = { paths: ["*.md"], folder, index };
    const first = new FileRetriever(options);
    assert.equal(first.retrieve("lemur").length, 1);
    first.close();
    // The same size and time: not read again, so the index still says what it said.
    write("a.md", "the zebra", 1_000);
    const second = new FileRetriever(options);
    assert.deepEqual([second.retrieve("lemur").length, second.retrieve("zebra").length], [1, 0]);
    write("a.md", "the zebra", 2_000);
    assert.deepEqual([second.retrieve("lemur").length, second.retrieve("zebra").length], [0, 1]);
    rmSync(join(folder, "b.md"));
    write("c.md", "the owl", 1_000);
    assert.deepEqual([second.retrieve("fox").length, second.retrieve("owl").length], [0, 1]);
    second.close();
  }));

test("FileRetriever leaves out what it cannot read, tells of it once, and walks no circle of links", () =>
  inTemporaryDirectory((folder) => {
    writeFileSync(join(folder, "good.txt"), "the lemur");
    writeFileSync(join(folder, "binary.txt"), new Uint8Array([1, 0, 2]));
    writeFileSync(join(folder, "large.txt"), "lemur ".repeat(1_000));
    writeFileSync(join(folder, "broken.pdf"), "no pdf");
    symlinkSync(folder, join(folder, "circle"));
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling.txt"));
    symlinkSync(join(folder, "itself.txt"), join(folder, "itself.txt"));
    using retriever = new FileRetriever({ paths: ["."], folder, maxBytes: 1_000 });
    const told: Record<string, unknown>[] = [];
    const ask = () =>
      runSync(retriever._retrieveOperation("lemur"), { onEvent: (event) => told.push({ ...event }) });
    assert.deepEqual(ask().map(({ source }) => source), ["good.txt:1"]);
    const skipped = told.filter(({ type }) => type === "retrieverFileSkipped").map(({ path }) => path).sort();
    assert.deepEqual(skipped, ["binary.txt", "broken.pdf", "large.txt"]);
    told.length = 0;
    ask();
    assert.deepEqual(told, []);
  }));

test("FileRetriever reads links to files, and to folders that are named, and no file twice", () =>
  inTemporaryDirectory((directory) => {
    const [folder, elsewhere] = [join(directory, "docs"), join(directory, "elsewhere")];
    for (const path of [folder, elsewhere]) mkdirSync(path);
    writeFileSync(join(folder, "own.md"), "the lemur");
    writeFileSync(join(elsewhere, "other.md"), "another lemur");
    symlinkSync("own.md", join(folder, "again.md"));
    symlinkSync(join(elsewhere, "other.md"), join(folder, "linked.md"));
    symlinkSync(elsewhere, join(folder, "more"));
    symlinkSync(folder, join(elsewhere, "back"));
    const sourcesOf = (...paths: string[]): (string | undefined)[] => {
      using retriever = new FileRetriever({ paths, folder });
      return retriever.retrieve("lemur").map(({ source }) => source).sort();
    };
    assert.deepEqual(sourcesOf("."), ["linked.md:1", "own.md:1"]);
    assert.deepEqual(sourcesOf("*.md", "linked.md"), ["linked.md:1", "own.md:1"]);
    for (const named of ["more", "more/", "more/*.md", "./more/**"]) {
      assert.deepEqual(sourcesOf(named), ["more/other.md:1"]);
    }
    assert.deepEqual(sourcesOf("again.md"), ["again.md:1"]);
  }));

test("FileRetriever knows what ends a fence, underlined headings and front matter", () =>
  inTemporaryDirectory((folder) => {
    const lines = [
      "---",
      "title: okapi",
      "",
      "---",
      "Zebras and",
      "more",
      "---",
      "stripes",
      "~~~ js `x`",
      "```",
      "",
      "# no heading",
      "~~~~",
      "# Lemurs",
      "- a list",
      "---",
      "leaps",
    ];
    writeFileSync(join(folder, "a.md"), lines.join("\n"));
    using retriever = new FileRetriever({ paths: ["a.md"], folder });
    const found = (query: string): unknown[] => {
      const [{ text, metadata }] = retriever.retrieve(query) as [Document];
      return [metadata.line, metadata.heading, text.split("\n").length];
    };
    assert.deepEqual(found("okapi"), [1, undefined, 4]);
    assert.deepEqual(found("stripes"), [5, "Zebras and\nmore", 9]);
    assert.deepEqual(found("leaps"), [14, "Lemurs", 5]);
  }));

test("FileRetriever says of each piece of a long paragraph in which line it begins, and cuts scripts without spaces", () =>
  inTemporaryDirectory((folder) => {
    writeFileSync(join(folder, "log.txt"), Array.from({ length: 100 }, (_, n) => `line w${n}`).join("\n"));
    writeFileSync(join(folder, "cjk.txt"), "キツネザルは跳ぶ。".repeat(100));
    using retriever = new FileRetriever({ paths: ["."], folder, chunkWords: 20 });
    const [piece] = retriever.retrieve("w57");
    assert.deepEqual([piece!.source, piece!.text.split("\n").length], ["log.txt:51", 10]);
    const pieces = retriever.retrieve("キツネザル", { limit: 100 }).map(({ text }) => text);
    assert.equal(pieces.length, 45);
    assert.ok(pieces.every((text) => text.length === 20));
  }));

test("FileRetriever shares its index with others, and finds its own files alone", () =>
  inTemporaryDirectory((folder) => {
    const index = join(folder, "i.db");
    for (const name of ["docs", "notes"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "a.txt"), `lemur of ${name}`);
    }
    using docs = new FileRetriever({ paths: ["docs"], folder, index });
    using notes = new FileRetriever({ paths: ["notes"], folder, index });
    using inside = new FileRetriever({ paths: ["a.txt"], folder: join(folder, "notes"), index });
    for (let round = 0; round < 2; round++) {
      const found = [docs, notes, inside].map((each) => each.retrieve("lemur").map(({ source }) => source));
      assert.deepEqual(found, [["docs/a.txt:1"], ["notes/a.txt:1"], ["a.txt:1"]]);
    }
  }));

test("FileRetriever cuts and reads files of an index anew when it is told to do it in another way", () =>
  inTemporaryDirectory((folder) => {
    writeFileSync(join(folder, "a.txt"), "one two three four five six lemur");
    const found = (options: { chunkWords?: number; maxBytes?: number }): string | undefined => {
      using retriever = new FileRetriever({
        paths: ["a.txt"],
        folder,
        index: join(folder, "i.db"),
        ...options,
      });
      return retriever.retrieve("lemur")[0]?.text;
    };
    assert.equal(found({}), "one two three four five six lemur");
    assert.equal(found({ chunkWords: 3 }), "lemur");
    assert.equal(found({ chunkWords: 3, maxBytes: 5 }), undefined);
    assert.equal(found({ chunkWords: 3 }), "lemur");
  }));

test("FileRetriever tells that no file matches, and throws when it is required", () =>
  inTemporaryDirectory((folder) => {
    using retriever = new FileRetriever({ paths: ["*.md"], folder });
    const told: string[] = [];
    assert.deepEqual(
      runSync(retriever._retrieveOperation("q"), { onEvent: ({ type }) => told.push(type) }),
      [],
    );
    assert.deepEqual(told, ["retrieverFoundNoFiles"]);
    const required = new FileRetriever({ paths: ["*.md"], folder, required: true });
    assert.throws(
      () => required.retrieve("q"),
      (error) => error instanceof RetrieverError && error.code === "no_files",
    );
    assert.throws(() => new FileRetriever({ paths: [] }), ConfigurationError);
    assert.throws(() => new FileRetriever({} as never), /paths must be given/);
  }));

test("FileRetriever indexes two thousand files and looks at them again in a moment", () =>
  inTemporaryDirectory((folder) => {
    for (let index = 0; index < 2_000; index++) writeFileSync(join(folder, `f${index}.md`), `text w${index}`);
    using retriever = new FileRetriever({ paths: ["**/*.md"], folder });
    assert.equal(retriever.retrieve("w1234")[0]!.source, "f1234.md:1");
    assert.equal(retriever.retrieve("w77")[0]!.source, "f77.md:1");
  }));
