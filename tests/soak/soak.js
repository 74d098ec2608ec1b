// Citizens who fill in, attach and submit while tabs are closed, storage fails, answers are lost and
// clocks jump: at every point at which the outbox waits for the browser, once in turn and then by
// chance. Some leave out what the form needs, are refused, and mend it.

import { chance } from "./soak-chance.js";
import { CAN_FAIL, Run, points, seats, sleep, withWorker, worker } from "./soak-run.js";

// Longer than any run takes.
const A_RUN = 60_000;
// No run begins after that: a driver waits two minutes for all that one page plays.
const A_SPELL = 30_000;
// How often a point has its turn without being reached before it counts as not to be reached.
const TURNS = 3;

const told = (more) => {
  const all = Object.fromEntries(points);
  sessionStorage.points = JSON.stringify(all);
  return { ...more, points: all };
};

/** What a browser does once, when there is no key yet. */
const IS_FIRST = (name) => name.includes("generateKey");

/** A fault at the `nth` time that this point is passed. */
function once(point, what, nth) {
  let passed = 0;
  return (name) => (name === point && passed++ === nth ? what : undefined);
}

/** The same of a point that is passed only when a file goes on: its first piece arrives, and nobody hears. */
function onceGoingOn(point, what) {
  const piece = point.replace(/fetch HEAD.*/, "fetch PATCH: after");
  const [cut, then] = [once(piece, "fail", 0), once(point, what, 0)];
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
    const hangs = sleep(A_RUN).then(() => Promise.reject(new Error("it does not come to an end")));
    hangs.catch(() => {});
    await Promise.race([run.play(), hangs]);
  } catch (error) {
    run.error = `${error} ${error?.stack ?? ""}`;
    [...document.querySelectorAll("iframe")].forEach((frame) => frame.remove());
    run.wakeUp();
  }
  const { paper: { id, form, digest: told } = {}, files, error, happened = [] } = run;
  return {
    number,
    seed,
    id,
    form,
    digest: told,
    files: files?.map(({ sha256 }) => sha256),
    isMended: Boolean(run.refused),
    tookBack: Boolean(run.tookBack),
    error,
    happened,
  };
}

/** Every point that was ever passed and had not yet gone wrong in each way that it can. */
function untried() {
  const all = [];
  for (const [name, point] of points) {
    // The worker that is woken finds what was left apart by chance only.
    if (name.startsWith("worker: lock apart")) continue;
    for (const what of CAN_FAIL(name) ? ["kill", "fail"] : ["kill"]) {
      if (point[what] === 0) all.push({ name, what, turns: point.turns });
    }
  }
  return all;
}

/** Each point in turn: at most so many runs, until nothing is left; says what is left. */
async function inTurn(from, most, seed) {
  const [runs, end] = [[], performance.now() + A_SPELL];
  const plain = { files: 2, form: 0, others: true, linger: 600, pin: true, mends: false, asleep: false };
  if (from === 0) {
    const first = { ...plain, isFirst: true };
    runs.push(await one(0, seed, first), await one(1, seed + 1, { ...plain, form: 1 }));
    runs.push(await one(2, seed + 2, { ...plain, mends: true }));
    runs.push(await one(3, seed + 3, { ...plain, leaves: true, pin: false }));
    const asleep = { ...plain, asleep: true, pin: false };
    runs.push(await one(4, seed + 4, asleep));
    runs.push(await one(5, seed + 5, { ...asleep, others: false, sleepsOn: true }));
  }
  // Those first that had the fewest turns: some are reached only now and then.
  const next = () => {
    const left = untried().filter(({ what, turns }) => turns[what] < TURNS);
    return left.sort((one, other) => one.turns[one.what] - other.turns[other.what])[0];
  };
  for (let point = next(); point && runs.length < most && performance.now() < end; point = next()) {
    const number = from + runs.length;
    const { name, what, turns } = point;
    // Not always the first time that it is passed.
    const nth = turns[what]++ === 0 ? Math.floor(chance(seed + number)() * 3) : 0;
    const goesOn = name.includes("fetch HEAD");
    const form = goesOn ? 0 : number % 2;
    const isApart = name.includes("lock apart");
    const at = goesOn ? onceGoingOn(name, what) : once(name, what, isApart ? 0 : nth);
    // That something is refused has to be noted, too, wherever it waits.
    const more = { mends: name.includes("mend: ") || number % 4 === 0, isFirst: IS_FIRST(name) };
    // The worker sends what no page does, and what is under no PIN.
    if (name.startsWith("worker: ")) Object.assign(more, { leaves: true, pin: false });
    if (isApart) Object.assign(more, { asleep: true, pin: false });
    runs.push(await one(number, seed + number, { ...plain, form, at, ...more }));
  }
  const left = untried().map(({ name, what }) => `${what} at «${name}»`);
  return told({ runs, left, isOver: !next() });
}

/** At most so many runs with faults by chance. */
async function atRandom(from, most, seed) {
  const [runs, end] = [[], performance.now() + A_SPELL];
  while (runs.length < most && performance.now() < end) {
    const number = from + runs.length;
    runs.push(await one(number, seed + number, { at: byChance(chance(~(seed + number))) }));
  }
  return told({ runs });
}

window.soak = { seats, inTurn, atRandom, withWorker, worker };
