// One tab: the outbox as it is built, over the browser's own functions, at each of which something can
// happen before and after. What happens is for `soak.js` to say, in the page around.

const { seats } = parent.soak;
const seat = seats.get(frameElement.name);
let isDead = false;
// How long a page waits in line for the lock, in milliseconds.
const A_TURN = 59_000;

// A tab that is closed does nothing more, not even the rest of what it was just doing.
function die() {
  isDead = true;
  seat.gone();
  throw new Error("this tab is closed");
}

/** What happens here: "go" or "fail"; a tab that is closed goes no further. */
function at(name) {
  if (isDead) throw new Error("this tab is closed");
  const what = seat.at(name);
  if (what === "kill") die();
  return what;
}

function before(name, error) {
  if (at(`${name}: before`) === "fail") throw error();
}

const broken = () => new DOMException("injected", "UnknownError");
const cut = () => new TypeError("Failed to fetch");

function wrap(type, name, around) {
  const real = type.prototype[name];
  type.prototype[name] = function (...given) {
    return around.call(this, real, given);
  };
}

/** Before an event is heard: the tab may be closed, or `fail` happens, and the event is not heard where
 * that says so. */
function when(target, event, name, fail) {
  target.addEventListener(event, (told) => {
    // An error that `fail` made.
    if (!told.isTrusted) return;
    let what;
    try {
      what = at(name);
    } catch {
      what = "dead";
    }
    if (what === "go") return;
    if (what !== "fail" || fail() === "unheard") told.stopImmediatePropagation();
  });
}

wrap(IDBFactory, "open", function (open, given) {
  before("open", broken);
  const request = open.apply(this, given);
  // The connection is closed under the page as soon as it is there.
  when(request, "success", "open: after", () => request.result.close());
  return request;
});

wrap(IDBDatabase, "transaction", function (transaction, given) {
  const name = `${given[1]} ${[...new Set(given[0])].join("+")}`;
  before(name, broken);
  const begun = transaction.apply(this, given);
  // It is on the disk, and the page hears that it is not.
  when(begun, "complete", `${name}: after`, () => {
    begun.dispatchEvent(new Event("abort"));
    return "unheard";
  });
  return begun;
});

for (const name of ["get", "getAll", "getAllKeys", "put", "delete"]) {
  wrap(IDBObjectStore, name, function (ask, given) {
    before(`${name} ${this.name}`, broken);
    const request = ask.apply(this, given);
    when(request, "success", `${name} ${this.name}: after`, () => this.transaction.abort());
    return request;
  });
}

for (const name of ["encrypt", "decrypt", "generateKey"]) {
  wrap(SubtleCrypto, name, async function (ask, given) {
    before(name, broken);
    const made = await ask.apply(this, given);
    if (at(`${name}: after`) === "fail") throw broken();
    return made;
  });
}

wrap(LockManager, "request", async function (ask, [name, options, held]) {
  const which = name === "eform-outbox" ? "lock" : `lock apart, ${options.mode ?? "exclusive"}`;
  before(which, broken);
  const around = (lock) => {
    before(`${which} held`, broken);
    return held(lock);
  };
  return ask.call(this, name, options, around);
});

const realFetch = window.fetch;
window.fetch = async (url, init) => {
  const name = `fetch ${init?.method ?? "GET"}`;
  if (!init?.method) return realFetch(url, init);
  before(name, cut);
  const response = await realFetch(url, init);
  // The agency has done it, and nobody hears of it.
  if (at(`${name}: after`) === "fail") throw cut();
  return response;
};

wrap(ReadableStreamDefaultReader, "read", async function (read, given) {
  const part = await read.apply(this, given);
  if (at("answer: after") === "fail") throw cut();
  return part;
});

// A clock that fails is suddenly a long time off, and stays so.
const realNow = Date.now;
let off = 0;
Date.now = () => {
  if (at("clock") === "fail") off = seat.jump();
  return realNow() + off;
};

const realTimeout = window.setTimeout;
window.setTimeout = (callback, ms) => {
  return realTimeout(() => {
    try {
      at("timer: after");
    } catch {
      return;
    }
    callback();
  }, ms === A_TURN ? seat.turn() ?? ms : ms);
};

try {
  const kit = window.name.startsWith("worker-") ? "eform-worker" : "eform-outbox";
  const outbox = await import(`./${kit}.js`);
  await outbox.default({ module_or_path: await realFetch(`${kit}_bg.wasm`) });
  seat.ready(outbox);
} catch (error) {
  seat.failed(error);
}
