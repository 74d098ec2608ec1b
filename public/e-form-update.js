// A new version of the kit that is ready on this phone. It takes over by itself where nobody has
// touched the page since it was opened, nothing is being sent and no other page is open; else it is
// offered above the form. Nothing is lost by it: what was typed is kept as the page is left.

const WORDS = {
  th: {
    label: "รุ่นใหม่ของแบบฟอร์ม",
    ready: "แบบฟอร์มรุ่นใหม่พร้อมใช้แล้ว คำตอบที่กรอกไว้ยังอยู่",
    restart: "เปิดรุ่นใหม่",
    close: "ภายหลัง",
  },
  en: {
    label: "A new version of the form",
    ready: "A new version of this form is ready. What you have filled in stays.",
    restart: "Open the new version",
    close: "Later",
  },
};

/** How long a worker has to answer, in milliseconds. */
const PATIENCE = 5000;
/** How long it waits for those who send, in milliseconds. */
const IN_LINE = 60_000;

const workers = navigator.serviceWorker;
let watching = false;
let asked = false;
let asking = false;

function el(tag, properties, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

/** Whether nobody has touched the page, which is the kit's own. */
const isUntouched = ({ standalone }) => standalone && navigator.userActivation?.hasBeenActive === false;

/** Acts where nobody notices, as long as nothing is being sent: once that is over, where it `waits`. False
 * where it was not done. */
async function unnoticed(page, act, waits) {
  if (!isUntouched(page) || !navigator.locks) return false;
  const held = async (lock) => lock !== null && isUntouched(page) && (await act());
  // The one lock of whoever sends. A page that cannot be seen may be put to sleep in line, and keep it.
  const ask = (options) => navigator.locks.request("eform-outbox", options, held);
  if (!waits || document.visibilityState === "hidden") return ask({ ifAvailable: true });
  const line = new AbortController();
  const leave = () => line.abort();
  // One that was put to sleep with the lock may keep it for long.
  const late = setTimeout(leave, IN_LINE);
  document.addEventListener("visibilitychange", leave);
  try {
    return await ask({ signal: line.signal });
  } catch {
    return false;
  } finally {
    clearTimeout(late);
    document.removeEventListener("visibilitychange", leave);
  }
}

/** Asks a worker that waits to take over; it does not where other pages are open, unless it must. */
function takesOver(worker, must) {
  // It may have taken over before its answer is here.
  asked ||= must;
  asking = true;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // One that cannot be started, or is replaced itself, says nothing: nobody may send as long as this waits.
    const late = setTimeout(() => told({ takes: false }), PATIENCE);
    const told = ({ takes }) => {
      clearTimeout(late);
      // What comes after all is as if another page had asked.
      port1.onmessage = null;
      asking = false;
      asked ||= takes;
      resolve(takes);
    };
    port1.onmessage = ({ data }) => told(data);
    worker.postMessage({ type: "take-over", must }, [port2]);
  });
}

/** Puts the offer before `root`, the form's element in its shadow root. */
function offer(root, lang, restart) {
  // What another page has done meanwhile, this one need not ask for.
  root.getRootNode().querySelector(".update")?.remove();
  const language = (root.querySelector(".e-form")?.lang || lang || "th") === "th" ? "th" : "en";
  const words = WORDS[language];
  const href = new URL("e-form-inapp.css", import.meta.url).href;
  const notice = el("div", { className: "e-form inapp update" });
  const button = (label, action, className, pressed) => {
    const made = el("button", { type: "button", className }, label);
    made.dataset.action = action;
    made.addEventListener("click", pressed);
    return made;
  };
  const section = el(
    "section",
    { lang: language },
    el("p", { role: "status" }, words.ready),
    el(
      "p",
      { className: "ways" },
      button(words.restart, "restart", "primary", restart),
      button(words.close, "close-notice", "secondary", () => {
        notice.remove();
        root.querySelector("h1")?.focus();
      }),
    ),
  );
  section.setAttribute("aria-label", words.label);
  notice.append(el("link", { rel: "stylesheet", href }), section);
  root.before(notice);
}

/** Watches for new versions. The page was opened by the one that is there. */
export function watch(registration, root, page) {
  if (watching) return;
  watching = true;
  const isReady = async (worker) => {
    // Browsers count a page that was just left for some seconds.
    const late = performance.now() + IN_LINE;
    for (const wait of [0, 2000, 5000]) {
      if (wait > 0 && (!isUntouched(page) || performance.now() > late)) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (await unnoticed(page, () => takesOver(worker, false), true)) return;
    }
    offer(root, page.lang, () => takesOver(worker, true));
  };
  const follow = (worker) => {
    if (worker?.state === "installed") isReady(worker);
    worker?.addEventListener("statechange", () => worker.state === "installed" && isReady(worker));
  };
  follow(registration.waiting ?? registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  // Taken over, from here or from another page: what this one still needs would be of the new version.
  workers.addEventListener("controllerchange", async () => {
    const restart = () => location.reload() ?? true;
    // Whoever is asking has the lock.
    if (asked || (asking && isUntouched(page))) return restart();
    if (!(await unnoticed(page, restart, false))) offer(root, page.lang, restart);
  });
}
