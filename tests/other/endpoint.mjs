// An agency whose endpoint is none of ours: Node.js, with the server that the authors of tus wrote for
// files that go before, and docs/protocol.md for the rest. `node endpoint.mjs FOLDER SITE [PORT [BEFORE]]`
// serves the files of SITE, keeps in FOLDER what arrives, and prints its port. The address of an upload is
// absolute; with BEFORE it is that and the upload's id.
import { createHash, randomInt, randomUUID } from "node:crypto";
import {
  appendFileSync, closeSync, createReadStream, fsyncSync, linkSync, mkdirSync, openSync, readFileSync,
  unlinkSync, writeSync,
} from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [folder, site, port, before] = process.argv.slice(2);
const [uploads, submissions, files] =
  ["uploads", "submissions", "files"].map((name) => join(folder, name));
for (const one of [uploads, submissions, files]) mkdirSync(one, { recursive: true });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TYPES = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript",
  ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm",
};

const store = new FileStore({ directory: uploads });
const tus = new Server({
  path: "/api/uploads",
  datastore: store,
  generateUrl: before && ((_, { id }) => before + id),
  exposedHeaders: ["Date", "Retry-After", "Upload-Expires"],
  // Tests look here where each piece began.
  async onIncomingRequest(request, id) {
    const offset = request.headers.get("upload-offset");
    appendFileSync(join(folder, "asked.txt"), `${request.method} ${id} ${offset ?? "-"}\n`);
  },
  async onUploadFinish(_, upload) {
    if (await sha256(upload) === upload.metadata?.sha256) return {};
    await store.remove(upload.id);
    throw { status_code: 460, body: "what has arrived is another file\n" };
  },
});

async function sha256(upload) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(join(uploads, upload.id))) hash.update(chunk);
  return hash.digest("hex");
}

/** Of a submission: where each file is that has arrived for it in full, by its digest. */
async function arrived(submission) {
  const there = new Map();
  for (const id of await store.configstore.list()) {
    const upload = await store.getUpload(id);
    const whole = upload.offset === upload.size && upload.metadata?.submission === submission;
    if (whole && await sha256(upload) === upload.metadata.sha256) {
      there.set(`${upload.metadata.sha256} ${upload.size}`, join(uploads, id));
    }
  }
  return there;
}

/** What is kept under an id: the receipt, a line feed, and the body as it came. */
function kept(id) {
  try {
    const both = readFileSync(join(submissions, id));
    return JSON.parse(both.subarray(0, both.indexOf("\n")));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** On the disk before it has its name, so that it is there as a whole or not at all. */
function keep(id, body, receipt) {
  const unnamed = join(folder, randomUUID());
  const file = openSync(unnamed, "wx");
  for (const part of [Buffer.from(`${JSON.stringify(receipt)}\n`), body]) writeSync(file, part);
  fsyncSync(file);
  closeSync(file);
  linkSync(unnamed, join(submissions, id));
  unlinkSync(unnamed);
}

function newReceipt(id, digest) {
  const letters = Array.from({ length: 12 }, () => "23456789CDFGHJKMNPQRTVWXY"[randomInt(25)]);
  const receivedAt = new Date().toISOString();
  return { id, reference: letters.join(""), receivedAt, digest, signature: "unsigned" };
}

/** The status of the answer, and its members. */
async function receive(id, headers, body) {
  const hash = createHash("sha256").update(body).digest();
  const digest = `sha256:${hash.toString("hex")}`;
  const told = headers["content-digest"] ?? `sha-256=:${hash.toString("base64")}:`;
  let submission;
  try {
    submission = JSON.parse(body);
  } catch {
    return [400, { title: "this is not a submission" }];
  }
  const key = headers["idempotency-key"]?.replaceAll('"', "");
  if (!UUID.test(key) || key !== submission.id || (id ?? key) !== key) {
    return [400, { title: "the id is of another submission" }];
  }
  if (told !== `sha-256=:${hash.toString("base64")}:`) {
    return [400, { title: "the digest is of another submission" }];
  }
  const again = () => {
    const receipt = kept(key);
    const other = [409, { title: "another submission has this id" }];
    return receipt && (receipt.digest === digest ? [200, receipt] : other);
  };
  const before = again();
  if (before) return before;
  const wanted = submission.uploads ?? [];
  const there = wanted.length > 0 ? await arrived(key) : new Map();
  const missing = wanted.filter(({ sha256, size }) => !there.has(`${sha256} ${size}`));
  if (missing.length > 0) {
    const error = ({ sha256 }) => ({ pointer: "", code: "upload-missing", params: { sha256 } });
    return [424, { title: "some files have not arrived", errors: missing.map(error) }];
  }
  // From here on nothing else runs in between: of many that are the same, one is kept.
  const meanwhile = again();
  if (meanwhile) return meanwhile;
  for (const { sha256, size } of wanted) {
    mkdirSync(join(files, key), { recursive: true });
    try {
      linkSync(there.get(`${sha256} ${size}`), join(files, key, sha256));
    } catch (error) {
      // From a try that came to no receipt.
      if (error.code !== "EEXIST") throw error;
    }
  }
  const receipt = newReceipt(key, digest);
  keep(key, body, receipt);
  return [201, receipt];
}

async function take(id, request, response) {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Expose-Headers", "Date, Retry-After");
  if (request.method === "OPTIONS") {
    response.setHeader("Access-Control-Allow-Methods", "PUT, POST");
    const headers = "Content-Digest, Content-Type, Idempotency-Key";
    response.setHeader("Access-Control-Allow-Headers", headers);
    return response.writeHead(204).end();
  }
  if (request.method !== (id ? "PUT" : "POST")) {
    response.setHeader("Allow", id ? "PUT, OPTIONS" : "POST, OPTIONS");
    return answer(response, 405, { title: "another method" });
  }
  const parts = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    return response.destroy(); // It was cut: nobody listens.
  }
  answer(response, ...await receive(id, request.headers, Buffer.concat(parts)));
}

function answer(response, status, members) {
  const refusal = status >= 400 ? { type: "about:blank", status } : {};
  const body = JSON.stringify({ ...refusal, ...members });
  response.writeHead(status, {
    "Content-Type": `application/${status >= 400 ? "problem+" : ""}json`,
    "Cache-Control": "no-store",
  }).end(body);
}

/** A file of the site. `path` is what `URL` has made of an address: it has no `..` any more. */
function show(path, response) {
  const name = decodeURIComponent(path.endsWith("/") ? `${path}index.html` : path);
  try {
    if (name.includes("..")) throw new Error("outside");
    const body = readFileSync(join(site, name));
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" }).end(body);
  } catch {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
  }
}

async function serve(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  const [, id] = path.match(/^\/api\/submissions(?:\/([^/]+))?$/) ?? [null, null];
  if (/^\/api\/uploads(\/|$)/.test(path)) await tus.handle(request, response);
  else if (id !== null) await take(id, request, response);
  else show(path, response);
}

const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else answer(response, 500, { title: "the agency's own trouble" });
  });
});
server.listen(Number(port ?? 0), "127.0.0.1", () => console.log(server.address().port));
