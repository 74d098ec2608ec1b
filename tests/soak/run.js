// A citizen and the tabs in which they fill in, attach and submit: notes what they were told, and looks
// whether that is so.

import { chance } from "./soak-chance.js";
import { AES, FORMS, PINS, USES, digest, draftOf, opened, paper, recordOf, wrapped } from "./soak-papers.js";

const PIECE = 256 * 1024;
// Milliseconds in which a tab has dealt with the answer to a submission.
const SETTLED = 80;
const PATIENCE = 12_000;
// How long somebody waits for the agency's answer to go on at once.
const AT_ONCE = 1_500;
// How long a page waits in line in vain, in milliseconds, where another one sleeps with the lock.
const TURN = 60;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The database goes, and the key with it. */
const forgetAll = () => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase("eform");
  [request.onsuccess, request.onerror, request.onblocked] = [resolve, reject, reject];
});

/** Whether the kit's own service worker sends too, woken and stopped from outside; whether it was woken and
 * is not done; how often it asked. */
export const worker = { isThere: false, isBusy: false, asked: 0, mayBeStopped: true };

export async function withWorker() {
  new BroadcastChannel("soak").onmessage = ({ data }) => {
    if (data === "asks") worker.asked++;
    else worker.isBusy = false;
  };
  await navigator.serviceWorker.register("sw.js");
  await navigator.serviceWorker.ready;
  worker.isThere = true;
}

/** How often each point was passed, and what was made to happen there; kept from page to page. */
export const points = new Map(Object.entries(JSON.parse(sessionStorage.points ?? "{}")));
export const seats = new Map();

class Tab {
  constructor(run, name) {
    [this.run, this.name, this.isGone, this.isMending] = [run, name, false, false];
    this.over = new Promise((resolve) => (this.close = resolve));
    const frame = document.createElement("iframe");
    frame.name = `${name}-${crypto.randomUUID()}`;
    this.frame = frame;
    const opened = new Promise((resolve, reject) => {
      seats.set(frame.name, {
        at: (point) => run.at(this, point),
        jump: () => run.jump(),
        turn: () => run.turn(),
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

export class Run {
  constructor(number, seed, plan) {
    [this.number, this.random, this.count, this.plan] = [number, chance(seed), 0, plan];
    this.isCalm = false;
    this.told = { draft: false, files: [], submitted: false, mending: false, mended: false, sentAgain: false };
  }

  whole(most) {
    return Math.floor(this.random() * most);
  }

  /** What happens at a point. */
  at(tab, where) {
    const name = placeOf(tab, where);
    const known = points.get(name) ?? { passed: 0, kill: 0, fail: 0, turns: { kill: 0, fail: 0 } };
    points.set(name, known);
    known.passed++;
    if (where === "fetch PUT: after") this.sentAt = performance.now();
    if (this.isCalm) return "go";
    // It is no turn of this point.
    if (this.isLeftApart(where)) return "kill";
    const what = this.plan.at?.(name, this.count++);
    if (!what || (what === "fail" && !CAN_FAIL(where))) return "go";
    known[what]++;
    this.happened = [...(this.happened ?? []), `${what} in ${tab.name} at «${name}»`];
    return what;
  }

  /** How long a tab stays when all is done, in milliseconds, at most. */
  lingers() {
    return this.plan.linger ?? (this.lingersOn ? 600 : 150);
  }

  isLeftApart(where) {
    const isLeft = this.leavesApart && where === "fetch PUT: before";
    if (isLeft) this.leavesApart = false;
    return isLeft;
  }

  jump() {
    return (this.random() < 0.5 ? -1 : 1) * Math.floor(this.random() * 400) * 86_400_000;
  }

  /** For how long a tab waits in line, in milliseconds: not for long where somebody sleeps with the lock. */
  turn() {
    return this.wake && TURN;
  }

  /** Another page has the lock, and was put to sleep with it. Whoever goes without it is ended as it sends, or
   * is not. */
  async sleeps() {
    this.leavesApart = this.plan.asleep ?? this.random() < 0.8;
    this.lingersOn = true;
    await new Promise((taken) => {
      const awake = new Promise((wake) => (this.wake = wake));
      navigator.locks.request("eform-outbox", () => (taken(), awake));
    });
  }

  wakeUp() {
    this.wake?.();
    this.wake = undefined;
  }

  async prepare() {
    const time = Date.now().toString(16).padStart(12, "0");
    const tail = crypto.randomUUID();
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(15)}`;
    const form = FORMS[this.plan.form ?? (this.random() < 0.7 ? 0 : 1)];
    this.files = [];
    const count = this.plan.files ?? Math.floor(this.random() ** 3 * 11);
    for (let at = 0; at < count; at++) {
      const large = form === "soak" && this.random() < 0.15;
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
    this.name = `คนที่ ${this.number} \u{1F33E}`;
    const mends = this.plan.mends ?? this.random() < 0.2;
    const answers = { ...(!mends && { name: this.name }), ...(named.length && { files: named }) };
    this.paper = await paper(id, form, form, answers, this.files);
    // What is to be refused; the paper that is to arrive takes its place.
    if (mends) this.refused = this.paper;
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
    const { id, key } = this.refused ?? this.paper;
    await tab.ask("loadDraft", key);
    await tab.ask("saveDraft", draftOf(this.refused ?? this.paper));
    if (tab.isGone) return;
    this.told.draft = true;
    const changesPin = this.changesPin && !this.isCalm;
    const isEarly = this.random() < 0.5;
    if (changesPin && isEarly) await this.changePin(tab);
    for (const { bytes, sha256 } of this.files) {
      if (this.told.files.includes(sha256)) continue;
      await tab.ask("keepFile", key, sha256, bytes);
      if (tab.isGone) return;
      this.told.files.push(sha256);
    }
    if (changesPin && !isEarly) await this.changePin(tab);
    await tab.ask("submit", id, recordOf(this.refused ?? this.paper), key);
    if (tab.isGone) return;
    this.told.submitted = true;
  }

  async kept(tab, id) {
    return JSON.parse((await tab.ask("submission", id)) ?? "null");
  }

  /** Whether the agency refuses, soon, what it is to refuse. */
  async isRefused(tab) {
    const end = performance.now() + AT_ONCE;
    while (!tab.isGone && performance.now() < end) {
      const state = (await this.kept(tab, this.refused.id))?.state;
      if (state === "attention") return true;
      if (state === "replaced") return false;
      await sleep(10);
    }
    return false;
  }

  /** Opens what was refused, with all that was filled in, puts in what is missing, and sends it again. */
  async mend(tab) {
    tab.isMending = true;
    await this.sendAgain(tab).finally(() => (tab.isMending = false));
    // It waits anew for what comes of it.
    this.sentAt = undefined;
  }

  async sendAgain(tab) {
    const { told, refused } = this;
    if (told.sentAgain) throw new Error("said to be sent again, and not there");
    const draft = JSON.parse((await tab.ask("mend", refused.id)) ?? "null");
    if (tab.isGone) return;
    if (!draft) {
      const { state, replacedBy } = (await this.kept(tab, refused.id)) ?? {};
      // Sent again before, and nobody was told.
      if (tab.isGone || (told.mending && state === "replaced" && replacedBy === this.paper.id)) return;
      throw new Error(`what was refused does not open: it is ${state} by ${replacedBy}`);
    }
    if (told.mending && draft.id !== this.paper.id) throw new Error("another correction than was begun");
    if (told.mended && draft.entries.name !== this.name) throw new Error("what was mended is not there");
    // Until it is saved anew.
    const wrong = draft.errors?.[0]?.pointer;
    if (!told.mending && wrong !== "/name") throw new Error(`nothing says what was refused, but ${wrong}`);
    const names = (draft.entries.files ?? []).map(({ sha256 }) => sha256);
    if (`${names}` !== `${this.files.map(({ sha256 }) => sha256)}`) throw new Error("it does not name all files");
    for (const sha256 of names) {
      const bytes = await tab.ask("file", draft.key, sha256);
      if (tab.isGone) return;
      if (!bytes || (await digest(bytes)) !== sha256) throw new Error("a file of what was refused is not there");
    }
    if (draft.id !== this.paper.id) {
      const answers = { ...draft.entries, name: this.name };
      this.paper = await paper(draft.id, draft.key, refused.form, answers, this.files, refused.id);
    }
    told.mending = true;
    const saved = await tab.ask("saveDraft", draftOf(this.paper, draft.updatedAt));
    if (tab.isGone) return;
    told.mended = saved.length === 0;
    await tab.ask("submit", this.paper.id, recordOf(this.paper), this.paper.key);
    if (tab.isGone) return;
    told.sentAgain = true;
  }

  /** Whoever is told that it did not work tries again. */
  async fillInStubbornly(tab) {
    for (let tries = 0; tries < 3 && !tab.isGone; tries++) {
      try {
        if (!this.told.submitted) await this.fillIn(tab);
        const stays = this.refused && !this.plan.leaves && !tab.isGone;
        if (stays && (await this.isRefused(tab))) await this.mend(tab);
        return;
      } catch (error) {
        if (!`${error}`.startsWith("storage-")) throw new Error(`${tab.name}: ${error}`);
      }
    }
  }

  async play() {
    await this.prepare();
    if (this.plan.isFirst) await forgetAll();
    this.changesPin = this.plan.pin ?? this.random() < 0.2;
    if (this.plan.asleep ?? this.random() < 0.15) await this.sleeps();
    const tabs = [new Tab(this, "tab")];
    const doing = [this.fillInStubbornly(tabs[0])];
    if (this.plan.leaves) {
      // The page is closed as soon as it is saved, and the worker sends it.
      await doing[0];
      tabs[0].kill();
      tabs.push(new Tab(this, "worker"));
      doing.push(tabs[1].ask("deliver").catch(() => {}));
    } else if (this.plan.others ?? this.random() < 0.5) {
      tabs.push(new Tab(this, "other tab"), new Tab(this, "worker"));
      doing.push(this.lookOn(tabs[1], "open", () => {}), this.lookOn(tabs[2], "deliver"));
    }
    await Promise.all(doing);
    if (this.plan.sleepsOn) await Promise.race([tabs[0].over, sleep(PATIENCE)]);
    // Some are closed while it is on its way.
    const until = performance.now() + this.whole(this.lingers());
    while (performance.now() < Math.min(until, this.sentAt + SETTLED || until) && !tabs[0].isGone) await sleep(10);
    tabs.forEach((tab) => tab.isGone || tab.kill());
    // Nobody is there but the service worker.
    if (worker.isThere && this.random() < 0.5) await sleep(this.whole(400));
    if (!this.plan.sleepsOn && (this.plan.asleep || this.random() < 0.5)) this.wakeUp();
    await this.comeBack(new Tab(this, "second tab"));
    this.wakeUp();
    this.isCalm = true;
    worker.mayBeStopped = false;
    await this.lookAfter(new Tab(this, "last tab"));
    worker.mayBeStopped = true;
  }

  /** Opens it again while things still go wrong; deletes what the agency has, perhaps. */
  async comeBack(tab) {
    try {
      await tab.ask("open", () => {});
      // Who has changed the PIN may do it again; who has not entered it sees what there is, and no more.
      const knowsPin = this.changesPin || this.random() < 0.7;
      if (knowsPin) await this.unlock(tab);
      if (this.changesPin && this.random() < 0.5) await this.changePin(tab);
      if (this.refused && knowsPin && this.random() < 0.5 && (await this.isRefused(tab))) await this.mend(tab);
      // What was left by who went without the lock, though somebody still sleeps with it.
      if (this.plan.sleepsOn) await this.settled(tab, this.paper, ["received"]);
      const until = performance.now() + this.whole(this.lingers());
      while (performance.now() < until && !tab.isGone) {
        const record = await this.kept(tab, this.paper.id);
        if (record?.state === "received" && this.random() < 0.5) {
          this.mayBeDeleted = true;
          await tab.ask("deleteSubmission", this.paper.id, true);
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
    const { told, refused } = this;
    if (refused) {
      await this.isThere(tab, refused, told.submitted);
      const { state } = await this.settled(tab, refused, ["attention", "replaced"]);
      if (state === "attention") await this.mend(tab);
      if (this.random() < 0.2) await this.takeBack(tab);
      const { state: now, replacedBy } = await this.kept(tab, refused.id);
      if (now !== "replaced" || replacedBy !== this.paper.id) throw new Error(`refused and mended, and ${now}`);
    }
    const { id, key } = this.paper;
    // Only what the agency has received was deleted.
    if (this.mayBeDeleted && !(await this.kept(tab, id))) return tab.kill();
    await this.isThere(tab, this.paper, refused ? true : told.submitted);
    const { receipt } = await this.settled(tab, this.paper, ["received"]);
    if (receipt.digest !== this.paper.digest) throw new Error("a receipt for something else");
    // Some stay, as on a phone that is used for long.
    if (this.random() < 0.9) {
      await tab.ask("deleteSubmission", id, true);
      if (refused) await tab.ask("deleteSubmission", refused.id, false);
    }
    for (const place of [key, refused?.key ?? key]) {
      if (await tab.ask("loadDraft", place)) throw new Error("the draft is still there");
    }
    // Nobody sends what is under a PIN that is not entered, the service worker neither.
    if (this.random() < 0.7) await this.takePinAway(tab, await tab.ask("newestKey"));
    tab.kill();
  }

  /** What was said to be saved is in the outbox, as it was; or else the draft is there, and is submitted. */
  async isThere(tab, { id, key, body }, isSaved) {
    const kept = await this.kept(tab, id);
    if (isSaved && !kept) throw new Error("said to be saved, and not there");
    if (kept && kept.body !== body) throw new Error("other bytes than were saved");
    if (kept) return;
    if (this.told.draft) {
      const draft = JSON.parse((await tab.ask("loadDraft", key)) ?? "null");
      if (draft?.id !== id) throw new Error("neither a draft nor a submission");
      for (const sha256 of this.told.files) {
        const bytes = await tab.ask("file", key, sha256);
        if (!bytes || (await digest(bytes)) !== sha256) throw new Error("a file that was kept is not there");
      }
    }
    await this.fillIn(tab);
  }

  /** As soon as it is in one of these states; whoever reads that it waits taps «send now». */
  async settled(tab, { id }, states) {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const kept = await this.kept(tab, id);
      if (states.includes(kept?.state)) return kept;
      if (!kept || kept.state === "attention") throw new Error(`it is ${JSON.stringify(kept?.trouble)}`);
      if (performance.now() > end) {
        const { held, pending } = await navigator.locks.query();
        const record = { ...kept, body: undefined, title: undefined };
        throw new Error(`stuck: ${JSON.stringify({ record, now: Date.now(), worker, held, pending })}`);
      }
      if (kept.state === "queued" && kept.last) await tab.ask("sendNow", id);
      await sleep(20);
    }
  }

  /** Deletes the correction before anybody has tried to send it: what was refused stands for itself again,
   * and is mended once more. */
  async takeBack(tab) {
    const kept = await this.kept(tab, this.paper.id);
    if (kept?.state !== "queued" || kept.last || !(await tab.ask("deleteSubmission", kept.id, false))) return;
    const first = await this.kept(tab, this.refused.id);
    if (first?.state !== "attention") throw new Error(`its correction was deleted, and it is ${first?.state}`);
    this.tookBack = true;
    Object.assign(this.told, { mending: false, mended: false, sentAgain: false });
    await this.mend(tab);
  }
}

/** What a point counts as: the worker is another module, and what is done for a correction has turns of its
 * own wherever something is read or written. */
function placeOf(tab, where) {
  const module = tab.name === "worker" ? "worker: " : "";
  // A PIN is changed beside it now and then only.
  const isOfStorage = /^(read|get|put|delete|encrypt|decrypt)/.test(where) && !/keys/.test(where);
  return module + (tab.isMending && isOfStorage ? "mend: " : "") + where;
}

// A timer can only be late.
export const CAN_FAIL = (name) => !name.includes("timer");
