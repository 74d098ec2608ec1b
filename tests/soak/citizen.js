// In the kit's own page: a citizen who types, attaches and submits by the events that a hand causes,
// until the browser is killed, and notes what the page has said by then.
//
// Whatever is entered has a number, `typed`; `told` is the last one of which the page has said that it
// is kept. The page says «draft saved» after each writing, and begins the next one after that: so it has
// then what was entered when it said so the last time, and what was entered while nothing was being
// written.

import * as outbox from "./eform-outbox.js";
import { chance } from "./soak-chance.js";

const SAVED = "Draft saved on this phone";

const root = document.querySelector("e-form").shadowRoot;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const find = (selector) => root.querySelector(selector);
const box = (name) => find(`[name="${name}"]`);
const button = (name) => find(`button[data-eform="${name}"]`);

async function until(what, is) {
  const end = performance.now() + 8_000;
  for (let found = is(); ; found = is()) {
    if (found) return found;
    if (performance.now() > end) throw new Error(`there is no ${what}`);
    await sleep(5);
  }
}

/** What stands in the form, and what is in the outbox; nothing as long as the page cannot say. */
async function look() {
  // The rest of the kit is there once the foot is.
  if (!box("name") || !find(".foot > *")) return null;
  const files = [...root.querySelectorAll("[data-field=files] .files li > span")];
  const records = [];
  try {
    const pairs = await outbox.list();
    for (let at = 0; at < pairs.length; at += 2) {
      const { state, digest, receipt, trouble } = JSON.parse(pairs[at + 1]);
      records.push({ id: pairs[at], state, digest, receipt: receipt?.digest, trouble: trouble?.kind });
    }
  } catch {
    return null;
  }
  const [name, story, times] = ["name", "story", "times"].map((name) => box(name).value);
  return { name, story, times, files: files.map((file) => file.innerText), records };
}

class Citizen {
  constructor({ name, seed, files, typed, told }) {
    [this.name, this.files, this.random] = [name, [...files], chance(seed)];
    // What was entered when the page last said «saved», and what was entered with nothing on its way.
    [this.before, this.alone, this.isAttaching] = [told, 0, false];
    this.noted = {
      event: "opened",
      typed,
      told,
      attached: [], // names, each with its number
      removed: [], // names of files that were being read when the browser was killed
      pressed: [], // the numbers at which «submit» was pressed
      kept: null, // the id that the page shows as saved on this phone
      isReceived: false,
      error: null,
    };
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver((changes) => this.see(changes)).observe(root, all);
  }

  see(changes) {
    const { noted } = this;
    const isSaved = ({ target }) =>
      target.matches?.("[data-eform=status].note") && target.textContent.startsWith(SAVED);
    if (changes.some(isSaved)) {
      noted.told = Math.max(noted.told, this.before, this.alone);
      [this.before, this.alone] = [noted.typed, 0];
    }
    const shown = find("[data-eform=submission][data-id]");
    if (shown && !noted.kept) [noted.kept, noted.event] = [shown.dataset.id, "kept"];
    if (shown?.dataset.state === "received") [noted.isReceived, noted.event] = [true, "received"];
    if (shown?.dataset.state === "attention") noted.error = "it needs attention";
  }

  /** All boxes at once, with the next number. */
  type() {
    const { noted } = this;
    const isAlone = !this.isAttaching && noted.told === noted.typed;
    noted.typed++;
    if (isAlone) this.alone = noted.typed;
    const enter = (name, text) => {
      box(name).value = text;
      box(name).dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    };
    enter("name", this.name);
    enter("story", `${this.name} \u{1F33E} ${noted.typed} ${"ก".repeat(noted.typed * 7)}`);
    enter("times", `${noted.typed}`);
    noted.event = "typed";
  }

  async attach({ name, size, seed }) {
    const { noted } = this;
    this.isAttaching = true;
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) + seed) & 255);
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], name, { type: "application/pdf" }));
    const input = find('input[type=file][name="files"]');
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true, composed: true }));
    noted.event = "attaching";
    await until(`word of ${name}`, () => root.textContent.includes(`Attached: ${name}`));
    noted.typed++;
    noted.attached.push([name, noted.typed]);
    noted.event = "attached";
    this.isAttaching = false;
  }

  /** To the page with «submit»; what was being read when the browser was killed is taken out, as the page
   * asks for. */
  async goOn() {
    for (;;) {
      (await until("«continue»", () => button("continue"))).click();
      const unread = () => find("[data-eform=error-summary] a")?.innerText.match(/^File (\d+) has not been read yet/);
      const next = await until("«submit»", () => button("submit") ?? unread());
      if (next instanceof Element) return next;
      const row = root.querySelectorAll("[data-field=files] .files li")[next[1] - 1];
      const name = row.querySelector("span").innerText.split(" ")[0];
      this.noted.removed.push(name);
      row.querySelector("[data-action=remove-file]").click();
      await until(`list without ${name}`, () => !row.isConnected || !row.innerText.includes(name));
    }
  }

  async fillIn() {
    const { noted, random } = this;
    for (let left = 2 + Math.floor(random() * 5); left > 0; left--) {
      this.type();
      // Some wait for the word that it is kept, some never do.
      const end = performance.now() + 1500;
      if (random() < 0.5) while (noted.told < noted.typed && performance.now() < end) await sleep(5);
      else await sleep(random() * 250);
      if (this.files.length && random() < 0.6) await this.attach(this.files.shift());
    }
    const submit = await this.goOn();
    if (random() < 0.5) await sleep(random() * 400);
    noted.pressed.push(noted.typed);
    noted.event = "pressed";
    submit.click();
  }
}

function begin(given) {
  const citizen = new Citizen(given);
  window.citizen.noted = citizen.noted;
  citizen.fillIn().catch((error) => (citizen.noted.error = `${error}`));
}

window.citizen = { look, begin, outbox, noted: null };
