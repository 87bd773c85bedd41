import assert from "node:assert/strict";
import { test } from "node:test";
import { SpamClassifier } from "../../src/classifiers/spam_classifier.ts";
import { createSpamValidator } from "../../src/validators/spam_validator.ts";
import { draft, refuses } from "../validators/helpers.ts";
import { mailText } from "../helpers/mail_text.ts";
import { checkClassifier, classify } from "./helpers.ts";

const spam = new SpamClassifier();
const CRUISE = "You have won a FREE cruise!!!  Click here now!";

test("SpamClassifier does what every classifier must", async () => {
  await checkClassifier(spam, "ham");
});

test("SpamClassifier tells spam from what shares its words", async () => {
  const table: [string, string][] = [
    ["Congratulations! You have won a $1,000 gift card. Click here to claim your prize now!", "spam"],
    ["Buy cheap viagra online now, no prescription needed!!!", "spam"],
    ["Make money fast! Work from home and earn $3,000 per week.", "spam"],
    ["LIMITED TIME OFFER!!! Get 90% off designer handbags. Shop now at http://bit.ly/bags", "spam"],
    ["You are a winner! Call 0800-555-123 to receive your free cruise.", "spam"],
    ["Get rich quick with our secret system. 100% guaranteed, no risk!", "spam"],
    ["Lose weight without exercise! Order your free trial today!", "spam"],
    ["Сongrаtulаtiоns! Yоu hаvе wоn a prize. Сliсk hеrе nоw!", "spam"],
    ["You qualify for a low interest loan, no credit check, apply now!", "spam"],
    ["Rolex replica watches only $199!!! Visit our website today.", "spam"],
    ["Freedom of speech protects any claim about money.", "ham"],
    ["This is a reminder that invoice 5531 for $480.00 is due tomorrow.", "ham"],
    ["The warranty covers parts for two years; please call our service team to report a claim.", "ham"],
    ["PRESIDENT WINS SECOND TERM AFTER CLOSE VOTE", "ham"],
    ["Happy New Year!!! See you all soon!", "ham"],
    ["Free software is a matter of liberty, not price.", "ham"],
    ['Could you please click "Approve" on the request when you get a chance?', "ham"],
    ["The bank offers a mortgage at 3.5 percent, the paper reports.", "ham"],
    ["To unsubscribe from this newsletter, click the link below.", "ham"],
    ["Congratulations on your new job! We are so proud of you.", "ham"],
  ];
  for (const [text, label] of table) assert.equal((await classify(spam, text)).label, label, text);
});

test("SpamClassifier needs signs of two families, however many there are of one", async () => {
  const eager = new SpamClassifier({ threshold: 0 });
  for (
    const [text, family] of [
      ["NOW EVERYBODY SHOUTS VERY LOUDLY HERE", "shouting"],
      ["Wow!!! Yes!!! No!!!", "punctuation"],
      ["Click here. Call now. Order now. Apply now. Visit our website.", "action"],
      ["Viagra, cialis, levitra, xanax.", "goods"],
    ]
  ) {
    const { label, metadata } = await classify(eager, text!);
    assert.deepEqual([label, Object.keys(metadata.families as object)], ["ham", [family]], text);
    assert.ok((metadata.probability as number) <= 0.5, text);
  }
});

test("SpamClassifier counts capitals by the words as they are written", async () => {
  const { metadata } = await classify(spam, "free money for everybody who wants some");
  assert.equal(metadata.capitalShare, 0);
  const shouted = await classify(spam, "FREE MONEY for everybody WHO wants some");
  assert.equal((shouted.metadata.capitalShare as number).toFixed(2), "0.40");
});

test("SpamClassifier's spans name the signs, and its confidence is the documented function of them", async () => {
  const { spans, metadata, confidence, scores } = await classify(spam, CRUISE);
  const signs = spans.map(({ start, end, label }) => `${label}: ${CRUISE.slice(start, end)}`);
  assert.ok(signs.includes("action: Click here") && signs.includes("punctuation: !!!"), signs.join("\n"));
  const parts = Object.values(metadata.families as Record<string, number>);
  const sum = parts.reduce((odds, part) => odds + part, -4.4);
  assert.equal(confidence.toFixed(9), (1 / (1 + Math.exp(-sum))).toFixed(9));
  assert.deepEqual(scores, { ham: 1 - confidence, spam: confidence });
  assert.equal((await classify(spam, "See you tomorrow.")).confidence, 0.9);
  const russian = await classify(spam, "Здравствуйте, приходите завтра на собрание жильцов дома.");
  assert.deepEqual([russian.label, russian.metadata.unsupportedLanguage], ["ham", true]);
});

test("SpamClassifier takes linear time for texts full of signs", () => {
  for (
    const piece of [
      "Click here ",
      "F R E E ",
      "!!! ",
      "$5 ",
      "free a a ",
      "https://a.example/?id= ",
      "buy a b c ",
      "lose weight ",
    ]
  ) {
    const startedMs = performance.now();
    spam.classify(piece.repeat(2 ** 20 / piece.length));
    assert.ok(performance.now() - startedMs < 6_000, piece);
  }
});

test("SpamClassifier refuses what cannot be used", () => {
  refuses(() => new SpamClassifier({ threshold: 1.1 }), /threshold/);
  refuses(() => new SpamClassifier({ thresholds: 1 } as object), /thresholds/);
});

test("createSpamValidator forbids spam", async () => {
  const clean = createSpamValidator();
  assert.equal(clean.name, "SpamValidator");
  const result = clean.validate(draft(CRUISE));
  assert.deepEqual([result.passed, result.error], [false, undefined]);
  assert.deepEqual(await clean._validateAsync(draft(CRUISE)), result);
  assert.equal(clean.validate(draft("The invoice is attached.")).passed, true);
  assert.equal(createSpamValidator({ threshold: 1 }).validate(draft(CRUISE)).passed, true);
  refuses(() => createSpamValidator({ threshold: -0.1 }), /threshold/);
});

test("the measurement reads mails as people do: decoded, without headers and tags", () => {
  const mail =
    'Received: x\nSubject: Hello\n  there\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html\n' +
    'Content-Transfer-Encoding: quoted-printable\n\n<p>Caf=E9 &amp;<style>p {}</style> <a href=3D"http://x.example">more</a>=\n</p>\n--b--';
  assert.match(mailText(mail), /^Hello there\n\n\s*Café & {2,3}http:\/\/x\.example more/);
});
