// What a citizen of the soak has in hand: submissions as drafts and as records, and the PIN of the phone.

export const FORMS = ["soak", "soak-inside"];
// Whoever has set a PIN has set one of these. On a phone it takes half a second to try one; here it does not.
export const PINS = ["135790", "246802"];
const ITERATIONS = 1000;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const digest = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));

const definitions = {};
for (const form of FORMS) {
  const text = await (await fetch(`forms/${form}.json`)).arrayBuffer();
  definitions[form] = `sha256:${await digest(text)}`;
}

export const AES = { name: "AES-GCM", length: 256 };
export const USES = ["encrypt", "decrypt"];

async function wrapping(pin, salt) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return crypto.subtle.deriveKey(how, base, AES, false, ["wrapKey", "unwrapKey"]);
}

/** What is kept of a key under a PIN. */
export async function wrapped(key, pin) {
  const [salt, iv] = [16, 12].map((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
  const how = { name: "AES-GCM", iv };
  const raw = await crypto.subtle.wrapKey("raw", key, await wrapping(pin, salt), how);
  return { salt, iterations: ITERATIONS, iv, wrapped: new Uint8Array(raw) };
}

/** The key that is kept so, with the PIN that opens it. */
export async function opened({ salt, iv, wrapped: raw }, mayLeave) {
  for (const pin of PINS) {
    const how = { name: "AES-GCM", iv };
    const [key, open] = [await wrapping(pin, salt), crypto.subtle.unwrapKey.bind(crypto.subtle)];
    const found = await open("raw", raw, key, how, AES, mayLeave, USES).catch(() => undefined);
    if (found) return { key: found, pin };
  }
  throw new Error("no PIN opens what is kept");
}

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** A submission of these answers, as its draft and as its record. */
export async function paper(id, key, form, answers, files, replaces) {
  const submission = {
    id,
    form,
    version: "1",
    definition: definitions[form],
    language: "th",
    completedAt: new Date().toISOString(),
    ...(replaces && { replaces }),
    answers,
  };
  if (files.length && form === "soak") {
    submission.uploads = files.map(({ sha256, bytes }) => ({ sha256, size: bytes.length }));
  } else if (files.length) {
    submission.attachments = files.map(({ sha256, bytes }) => ({ sha256, content: base64(bytes) }));
  }
  const body = JSON.stringify(submission);
  const bytes = new TextEncoder().encode(body);
  return { id, key, form, answers, replaces, body, bodyBytes: bytes.length, digest: `sha256:${await digest(bytes)}` };
}

/** Saved now, or at a time that a clock which jumped has said. */
export function draftOf({ id, key, form, answers, replaces }, since = 0) {
  const [definition, updatedAt] = [definitions[form], Math.max(Date.now(), since)];
  return JSON.stringify({
    schema: 1,
    key,
    id,
    form,
    definition,
    entries: answers,
    page: "p",
    passed: [],
    language: "th",
    replaces,
    updatedAt,
  });
}

export function recordOf({ id, form, body, bodyBytes, digest, replaces }) {
  const uploads = JSON.parse(body).uploads ?? [];
  return JSON.stringify({
    schema: uploads.length ? 2 : 1,
    id,
    form,
    url: new URL("/api/submissions", location.href).href,
    body,
    bodyBytes,
    digest,
    definition: definitions[form],
    language: "th",
    completedAt: Date.now(),
    savedAt: Date.now(),
    state: "queued",
    attempts: 0,
    nextAt: Date.now(),
    replaces,
    uploads: uploads.map((file) => ({ ...file, sent: 0 })),
    uploadsUrl: new URL("/api/uploads", location.href).href,
  });
}
