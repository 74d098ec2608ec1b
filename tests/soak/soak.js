// Citizens who fill in, attach and submit while tabs are closed, storage fails, answers are lost and
// clocks jump: at every point at which the outbox waits for the browser, once in turn and then by
// chance. It notes what each was told, and looks whether that is so.

const FORMS = ["soak", "soak-inside"];
const PIECE = 256 * 1024;
// Milliseconds in which a tab has dealt with the answer to a submission.
const SETTLED = 80;
const PATIENCE = 12_000;
// Whoever has set a PIN has set one of these. On a phone it takes half a second to try one; here it does not.
const PINS = ["135790", "246802"];
const ITERATIONS = 1000;
// How often a point has its turn without being reached before it counts as not to be reached.
const TURNS = 12;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const definitions = {};
for (const form of FORMS) {
  const text = await (await fetch(`forms/${form}.json`)).arrayBuffer();
  definitions[form] = `sha256:${await digest(text)}`;
}

const AES = { name: "AES-GCM", length: 256 };
const USES = ["encrypt", "decrypt"];

async function wrapping(pin, salt) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return crypto.subtle.deriveKey(how, base, AES, false, ["wrapKey", "unwrapKey"]);
}

/** What is kept of a key under a PIN. */
async function wrapped(key, pin) {
  const [salt, iv] = [16, 12].map((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
  const how = { name: "AES-GCM", iv };
  const raw = await crypto.subtle.wrapKey("raw", key, await wrapping(pin, salt), how);
  return { salt, iterations: ITERATIONS, iv, wrapped: new Uint8Array(raw) };
}

/** The key that is kept so, with the PIN that opens it. */
async function opened({ salt, iv, wrapped: raw }, mayLeave) {
  for (const pin of PINS) {
    const how = { name: "AES-GCM", iv };
    const [key, open] = [await wrapping(pin, salt), crypto.subtle.unwrapKey.bind(crypto.subtle)];
    const found = await open("raw", raw, key, how, AES, mayLeave, USES).catch(() => undefined);
    if (found) return { key: found, pin };
  }
  throw new Error("no PIN opens what is kept");
}

/** The database goes, and the key with it. */
const forgetAll = () => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase("eform");
  [request.onsuccess, request.onerror, request.onblocked] = [resolve, reject, reject];
});

/** Whether the kit's own service worker sends too, woken and stopped from outside; whether it was woken and
 * is not done; how often it asked. */
const worker = { isThere: false, isBusy: false, asked: 0, mayBeStopped: true };

async function withWorker() {
  new BroadcastChannel("soak").onmessage = ({ data }) => {
    if (data === "asks") worker.asked++;
    else worker.isBusy = false;
  };
  await navigator.serviceWorker.register("sw.js");
  await navigator.serviceWorker.ready;
  worker.isThere = true;
}

/** How often each point was passed, and what was made to happen there; kept from page to page. */
const points = new Map(Object.entries(JSON.parse(sessionStorage.points ?? "{}")));
const told = (more) => {
  const all = Object.fromEntries(points);
  sessionStorage.points = JSON.stringify(all);
  return { ...more, points: all };
};
const seats = new Map();

class Tab {
  constructor(run, name) {
    [this.run, this.name, this.isGone] = [run, name, false];
    this.over = new Promise((resolve) => (this.close = resolve));
    const frame = document.createElement("iframe");
    frame.name = `${name}-${crypto.randomUUID()}`;
    this.frame = frame;
    const opened = new Promise((resolve, reject) => {
      seats.set(frame.name, {
        at: (point) => run.at(this, point),
        jump: () => run.jump(),
        gone: () => this.kill(),
        ready: resolve,
        failed: reject,
      });
    });
    // Empty, as no page of the agency's may have another in it; its address and origin are this page's.
    document.body.append(frame);
    const script = frame.contentDocument.createElement("script");
    [script.type, script.src] = ["module", new URL("soak-tab.js", location.href).href];
    frame.contentDocument.head.append(script);
    this.outbox = opened;
  }

  kill() {
    this.isGone = true;
    this.frame.remove();
    seats.delete(this.frame.name);
    this.close();
  }

  /** What the outbox answers; `undefined` where the tab was closed before. */
  async ask(name, ...given) {
    const asked = (async () => (await this.outbox)[name](...given))();
    asked.catch(() => {});
    const late = sleep(PATIENCE).then(() => Promise.reject(new Error(`${this.name} waits for ${name}`)));
    late.catch(() => {});
    return Promise.race([asked, this.over, late]);
  }
}

class Run {
  constructor(number, seed, plan) {
    [this.number, this.random, this.count, this.plan] = [number, chance(seed), 0, plan];
    this.isCalm = false;
    this.told = { draft: false, files: [], submitted: false };
  }

  whole(most) {
    return Math.floor(this.random() * most);
  }

  /** What happens at a point. */
  at(tab, name) {
    const known = points.get(name) ?? { passed: 0, kill: 0, fail: 0, turns: { kill: 0, fail: 0 } };
    points.set(name, known);
    known.passed++;
    if (name === "fetch PUT: after") this.sentAt = performance.now();
    if (this.isCalm) return "go";
    const what = this.plan.at?.(name, this.count++);
    if (!what || (what === "fail" && !CAN_FAIL(name))) return "go";
    known[what]++;
    this.happened = [...(this.happened ?? []), `${what} in ${tab.name} at «${name}»`];
    return what;
  }

  jump() {
    return (this.random() < 0.5 ? -1 : 1) * Math.floor(this.random() * 400) * 86_400_000;
  }

  async prepare() {
    const time = Date.now().toString(16).padStart(12, "0");
    const tail = crypto.randomUUID();
    this.id = `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(15)}`;
    this.form = FORMS[this.plan.form ?? (this.random() < 0.7 ? 0 : 1)];
    this.key = this.form;
    this.files = [];
    const count = this.plan.files ?? Math.floor(this.random() ** 3 * 11);
    for (let at = 0; at < count; at++) {
      const large = this.form === "soak" && this.random() < 0.15;
      const size = large ? PIECE + this.whole(PIECE) : 1 + this.whole(3000);
      const bytes = new Uint8Array(size);
      for (let part = 0; part < size; part += 65_536) {
        crypto.getRandomValues(bytes.subarray(part, Math.min(size, part + 65_536)));
      }
      this.files.push({ bytes, sha256: await digest(bytes) });
    }
    const named = this.files.map(({ bytes, sha256 }, at) => (
      { name: `${at}.pdf`, type: "application/pdf", size: bytes.length, sha256 }
    ));
    this.answers = { name: `คนที่ ${this.number} \u{1F33E}`, ...(named.length && { files: named }) };
    const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const submission = {
      id: this.id,
      form: this.form,
      version: "1",
      definition: definitions[this.form],
      language: "th",
      completedAt: new Date().toISOString(),
      answers: this.answers,
    };
    if (named.length && this.form === "soak") {
      submission.uploads = named.map(({ sha256, size }) => ({ sha256, size }));
    } else if (named.length) {
      submission.attachments = this.files.map(({ bytes, sha256 }) => ({ sha256, content: base64(bytes) }));
    }
    this.body = JSON.stringify(submission);
    this.digest = `sha256:${await digest(new TextEncoder().encode(this.body))}`;
  }

  draft() {
    const { id, key, form, answers } = this;
    const [definition, updatedAt] = [definitions[form], Date.now()];
    return JSON.stringify({
      schema: 1, key, id, form, definition, entries: answers, page: "p", passed: [], language: "th", updatedAt,
    });
  }

  record() {
    const uploads = JSON.parse(this.body).uploads ?? [];
    return JSON.stringify({
      schema: uploads.length ? 2 : 1,
      id: this.id,
      form: this.form,
      url: new URL("/api/submissions", location.href).href,
      body: this.body,
      bodyBytes: new TextEncoder().encode(this.body).length,
      digest: this.digest,
      definition: definitions[this.form],
      language: "th",
      completedAt: Date.now(),
      savedAt: Date.now(),
      state: "queued",
      attempts: 0,
      nextAt: Date.now(),
      uploads: uploads.map((file) => ({ ...file, sent: 0 })),
      uploadsUrl: new URL("/api/uploads", location.href).href,
    });
  }

  /** Enters the PIN, where there is one. */
  async unlock(tab) {
    const kept = await tab.ask("newestKey");
    if (!kept?.locked || tab.isGone) return;
    await tab.ask("unlock", kept.id, (await opened(kept, false)).key);
  }

  /** Sets a PIN, or puts another in its place, or none. */
  async changePin(tab) {
    const kept = await tab.ask("newestKey");
    if (!kept || tab.isGone) return;
    if (!kept.wrapped) {
      const [key, pin] = [await crypto.subtle.generateKey(AES, true, USES), PINS[this.whole(PINS.length)]];
      const under = await wrapped(key, pin);
      await tab.ask("changeKey", under, (await opened(under, false)).key);
    } else if (this.random() < 0.5) {
      const { key, pin } = await opened(kept, true);
      await tab.ask("rewrap", kept.id, await wrapped(key, PINS.find((other) => other !== pin)));
    } else {
      await this.takePinAway(tab, kept);
    }
  }

  async takePinAway(tab, kept) {
    if (kept?.wrapped) await tab.ask("rewrap", kept.id, { key: (await opened(kept, false)).key });
  }

  /** Does what a citizen does, as far as the tab lives; false where the phone said that it did not work. */
  async fillIn(tab) {
    await tab.ask("open", () => {});
    await this.unlock(tab);
    await tab.ask("loadDraft", this.key);
    await tab.ask("saveDraft", this.draft());
    if (tab.isGone) return;
    this.told.draft = true;
    const changesPin = this.changesPin && !this.isCalm;
    const isEarly = this.random() < 0.5;
    if (changesPin && isEarly) await this.changePin(tab);
    for (const { bytes, sha256 } of this.files) {
      if (this.told.files.includes(sha256)) continue;
      await tab.ask("keepFile", this.key, sha256, bytes);
      if (tab.isGone) return;
      this.told.files.push(sha256);
    }
    if (changesPin && !isEarly) await this.changePin(tab);
    await tab.ask("submit", this.id, this.record(), this.key);
    if (tab.isGone) return;
    this.told.submitted = true;
  }

  /** Whoever is told that it did not work tries again. */
  async fillInStubbornly(tab) {
    for (let tries = 0; tries < 3 && !tab.isGone && !this.told.submitted; tries++) {
      try {
        await this.fillIn(tab);
      } catch (error) {
        if (!`${error}`.startsWith("storage-")) throw new Error(`${tab.name}: ${error}`);
      }
    }
  }

  async play() {
    await this.prepare();
    if (this.plan.isFirst) await forgetAll();
    this.changesPin = this.plan.pin ?? this.random() < 0.2;
    const tabs = [new Tab(this, "tab")];
    const doing = [this.fillInStubbornly(tabs[0])];
    if (this.plan.others ?? this.random() < 0.5) {
      tabs.push(new Tab(this, "other tab"), new Tab(this, "worker"));
      doing.push(this.lookOn(tabs[1], "open", () => {}), this.lookOn(tabs[2], "deliver"));
    }
    await Promise.all(doing);
    // Some are closed while it is on its way.
    const until = performance.now() + this.whole(this.plan.linger ?? 150);
    while (performance.now() < Math.min(until, this.sentAt + SETTLED || until) && !tabs[0].isGone) await sleep(10);
    tabs.forEach((tab) => tab.isGone || tab.kill());
    // Nobody is there but the service worker.
    if (worker.isThere && this.random() < 0.5) await sleep(this.whole(400));
    await this.comeBack(new Tab(this, "second tab"));
    this.isCalm = true;
    worker.mayBeStopped = false;
    await this.lookAfter(new Tab(this, "last tab"));
    worker.mayBeStopped = true;
  }

  /** Opens it again while things still go wrong; deletes what the agency has, perhaps. */
  async comeBack(tab) {
    const until = performance.now() + this.whole(this.plan.linger ?? 150);
    try {
      await tab.ask("open", () => {});
      // Who has changed the PIN may do it again; who has not entered it sees what there is, and no more.
      if (this.changesPin || this.random() < 0.7) await this.unlock(tab);
      if (this.changesPin && this.random() < 0.5) await this.changePin(tab);
      while (performance.now() < until && !tab.isGone) {
        const record = JSON.parse((await tab.ask("submission", this.id)) ?? "null");
        if (record?.state === "received" && this.random() < 0.5) {
          this.mayBeDeleted = true;
          await tab.ask("deleteSubmission", this.id, true);
          break;
        }
        await sleep(10);
      }
    } catch (error) {
      if (!`${error}`.startsWith("storage-")) throw new Error(`${tab.name}: ${error}`);
    }
    if (!tab.isGone) tab.kill();
  }

  async lookOn(tab, name, ...given) {
    await sleep(this.whole(120));
    await tab.ask(name, ...given).catch(() => {});
  }

  /** All is well again: is everything there that was said to be, and does it arrive? */
  async lookAfter(tab) {
    await tab.ask("open", () => {});
    await this.unlock(tab);
    const record = async () => JSON.parse((await tab.ask("submission", this.id)) ?? "null");
    let kept = await record();
    // Only what the agency has received was deleted.
    if (this.mayBeDeleted && !kept) return tab.kill();
    if (this.told.submitted && !kept) throw new Error("said to be saved, and not there");
    if (kept && kept.body !== this.body) throw new Error("other bytes than were saved");
    if (!kept && this.told.draft) {
      const draft = JSON.parse((await tab.ask("loadDraft", this.key)) ?? "null");
      if (draft?.id !== this.id) throw new Error("neither a draft nor a submission");
      for (const sha256 of this.told.files) {
        const bytes = await tab.ask("file", this.key, sha256);
        if (!bytes || (await digest(bytes)) !== sha256) throw new Error("a file that was kept is not there");
      }
    }
    if (!kept) await this.fillIn(tab);
    const end = performance.now() + PATIENCE;
    for (;;) {
      kept = await record();
      if (kept?.state === "received") break;
      if (!kept || kept.state === "attention") throw new Error(`it is ${JSON.stringify(kept?.trouble)}`);
      if (performance.now() > end) {
        const { held, pending } = await navigator.locks.query();
        const record = { ...kept, body: undefined, title: undefined };
        throw new Error(`stuck: ${JSON.stringify({ record, now: Date.now(), worker, held, pending })}`);
      }
      if (kept.state === "queued" && kept.last) await tab.ask("sendNow", this.id);
      await sleep(20);
    }
    if (kept.receipt.digest !== this.digest) throw new Error("a receipt for something else");
    // Some stay, as on a phone that is used for long.
    if (this.random() < 0.9) await tab.ask("deleteSubmission", this.id, true);
    if (await tab.ask("loadDraft", this.key)) throw new Error("the draft is still there");
    // Nobody sends what is under a PIN that is not entered, the service worker neither.
    if (this.random() < 0.7) await this.takePinAway(tab, await tab.ask("newestKey"));
    tab.kill();
  }
}

// A timer can only be late.
const CAN_FAIL = (name) => !name.startsWith("timer");

/** What a browser does once, when there is no key yet. */
const IS_FIRST = (name) => name.startsWith("generateKey");

/** A fault at the `nth` time that this point is passed. */
function once(point, what, nth) {
  let passed = 0;
  return (name) => (name === point && passed++ === nth ? what : undefined);
}

/** The same of a point that is passed only when a file goes on: its first piece arrives, and nobody hears. */
function onceGoingOn(point, what) {
  const [cut, then] = [once("fetch PATCH: after", "fail", 0), once(point, what, 0)];
  return (name) => cut(name) ?? then(name);
}

/** Faults by chance: none to four, more of them early in a long run. */
function byChance(random) {
  const faults = new Map();
  for (let left = Math.floor(random() * 5); left > 0; left--) {
    faults.set(Math.floor(random() ** 1.5 * 400), random() < 0.5 ? "kill" : "fail");
  }
  return (_, count) => faults.get(count);
}

async function one(number, seed, plan) {
  const run = new Run(number, seed, plan);
  try {
    await run.play();
  } catch (error) {
    run.error = `${error} ${error?.stack ?? ""}`;
    [...document.querySelectorAll("iframe")].forEach((frame) => frame.remove());
  }
  const { id, form, digest: told, files, error, happened = [] } = run;
  return { number, seed, id, form, digest: told, files: files?.map(({ sha256 }) => sha256), error, happened };
}

/** Every point that was ever passed and had not yet gone wrong in each way that it can. */
function untried() {
  const all = [];
  for (const [name, point] of points) {
    for (const what of CAN_FAIL(name) ? ["kill", "fail"] : ["kill"]) {
      if (point[what] === 0) all.push({ name, what, turns: point.turns });
    }
  }
  return all;
}

/** Each point in turn: at most so many runs, until nothing is left; says what is left. */
async function inTurn(from, most, seed) {
  const runs = [];
  const plain = { files: 2, form: 0, others: true, linger: 600, pin: true };
  if (from === 0) {
    const first = { ...plain, isFirst: true };
    runs.push(await one(0, seed, first), await one(1, seed + 1, { ...plain, form: 1 }));
  }
  // Those first that had the fewest turns: some are reached only now and then.
  const next = () => {
    const left = untried().filter(({ what, turns }) => turns[what] < TURNS);
    return left.sort((one, other) => one.turns[one.what] - other.turns[other.what])[0];
  };
  for (let point = next(); point && runs.length < most; point = next()) {
    const number = from + runs.length;
    const { name, what, turns } = point;
    // Not always the first time that it is passed.
    const nth = turns[what]++ === 0 ? Math.floor(chance(seed + number)() * 3) : 0;
    const goesOn = name.startsWith("fetch HEAD");
    const form = goesOn ? 0 : number % 2;
    const at = goesOn ? onceGoingOn(name, what) : once(name, what, nth);
    runs.push(await one(number, seed + number, { ...plain, form, at, isFirst: IS_FIRST(name) }));
  }
  const left = untried().map(({ name, what }) => `${what} at «${name}»`);
  return told({ runs, left, isOver: !next() });
}

/** So many runs with faults by chance. */
async function atRandom(from, most, seed) {
  const runs = [];
  while (runs.length < most) {
    const number = from + runs.length;
    runs.push(await one(number, seed + number, { at: byChance(chance(~(seed + number))) }));
  }
  return told({ runs });
}

window.soak = { seats, inTurn, atRandom, withWorker, worker };
