// A second implementation of «Sealed» in docs/protocol.md, on other people's HPKE. Reads one JSON on
// standard input, opens what is sealed there, seals the same anew, and writes both.
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const SUITE = "X25519-SHA256-ChaCha20Poly1305";
const PIECE = 262144;

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});
const utf8 = (text) => new TextEncoder().encode(text);
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const together = (texts) => utf8(texts.map((text) => `${utf8(text).length}:${text},`).join(""));

const bound = (submission) =>
  together([
    submission.id,
    submission.form,
    submission.version,
    submission.definition,
    submission.language,
    submission.completedAt,
    submission.replaces ?? "",
    ...(submission.attachments ?? []).flatMap((file) => ["attachment", file.sha256]),
    ...(submission.uploads ?? []).flatMap((file) => ["upload", file.sha256, `${file.size}`]),
  ]);

const padded = (length) =>
  length <= 65536 ? Math.max(1024, 2 ** Math.ceil(Math.log2(length))) : Math.ceil(length / 65536) * 65536;

async function openAnswers(recipientKey, submission) {
  const { kid, enc, ciphertext } = submission.sealed;
  const info = together(["eform sealed answers", SUITE, kid]);
  const context = await suite.createRecipientContext({ recipientKey, enc: bytes(enc), info });
  const text = await context.open(bytes(ciphertext), bound(submission));
  return JSON.parse(new TextDecoder().decode(text));
}

async function sealAnswers(recipientPublicKey, kid, submission, inner) {
  const info = together(["eform sealed answers", SUITE, kid]);
  const context = await suite.createSenderContext({ recipientPublicKey, info });
  const text = utf8(JSON.stringify(inner));
  const filled = new Uint8Array(padded(text.length)).fill(32);
  filled.set(text);
  const ciphertext = await context.seal(filled, bound(submission));
  return { suite: SUITE, kid, enc: base64(context.enc), ciphertext: base64(ciphertext) };
}

const fileInfo = (kid, id, digest) => together(["eform sealed file", SUITE, kid, id, digest]);

async function openFile(recipientKey, kid, id, digest, file) {
  const header = `eform sealed file\n${SUITE}\n${kid}\n`;
  const start = header.length + 45;
  const enc = bytes(Buffer.from(file.slice(header.length, start - 1)).toString());
  const context = await suite.createRecipientContext({ recipientKey, enc, info: fileInfo(kid, id, digest) });
  const plain = [];
  for (let at = start; at < file.length; at += PIECE + 16) {
    const place = at + PIECE + 16 >= file.length ? "last" : "more";
    plain.push(Buffer.from(await context.open(file.slice(at, at + PIECE + 16), utf8(place))));
  }
  return Buffer.concat(plain);
}

async function sealFile(recipientPublicKey, kid, id, file) {
  const info = fileInfo(kid, id, sha256(file));
  const context = await suite.createSenderContext({ recipientPublicKey, info });
  const parts = [Buffer.from(`eform sealed file\n${SUITE}\n${kid}\n${base64(context.enc)}\n`)];
  for (let at = 0; at === 0 || at < file.length; at += PIECE) {
    const place = at + PIECE >= file.length ? "last" : "more";
    parts.push(Buffer.from(await context.seal(file.slice(at, at + PIECE), utf8(place))));
  }
  return Buffer.concat(parts);
}

const { privateKey, submission, files } = JSON.parse(readFileSync(0, "utf8"));
const key = await suite.kem.importKey("raw", bytes(privateKey), false);
const publicKey = await suite.kem.importKey("raw", bytes(submission.sealed.publicKey), true);
delete submission.sealed.publicKey;
const { kid } = submission.sealed;

const opened = await openAnswers(key, submission);
const plain = [];
for (const [digest, file] of Object.entries(files)) {
  plain.push(await openFile(key, kid, submission.id, digest, bytes(file)));
}
const again = [];
for (const file of plain) again.push(await sealFile(publicKey, kid, submission.id, new Uint8Array(file)));
const ours = { ...submission, attachments: again.map((file) => ({ sha256: sha256(file), content: base64(file) })) };
const names = Object.fromEntries(plain.map((file, at) => [sha256(file), sha256(again[at])]));
ours.sealed = await sealAnswers(publicKey, kid, ours, { answers: opened.answers, files: names });
process.stdout.write(JSON.stringify({ opened, plain: plain.map(base64), submission: ours }));
