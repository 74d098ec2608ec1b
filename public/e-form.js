// The custom element <e-form>. It starts the kit (WebAssembly) once, fetches the definition while
// the kit loads, and shows a frame at once, so that the page is never blank.
//
//   <script type="module" src="/eform/e-form.js"></script>
//   <e-form src="/eform/forms/farmer-registration.json" lang="th"></e-form>
//
// Attributes: `src` the definition, `lang` the first language, `theme` "light" or "dark" where the
// phone is not to choose, `standalone` where the form is the whole page. Events that bubble:
// `eform-queued`, `eform-received`, `eform-attention`. What is written in the element is shown where
// the form cannot be opened.

const KIT = new URL("./", import.meta.url);

// The typeface is chosen once, before a form is drawn. A phone that keeps the kit for use without a
// signal has it as well; one that cannot have it at once keeps its own.
const soon = new Promise((resolve) => setTimeout(resolve, 300));
const faces = self.caches
  ?.match(new URL("fonts/fonts.js", KIT))
  .then((kept) => kept && import("./fonts/fonts.js"))
  .then((fonts) => fonts?.ready);
const face = Promise.race([faces, soon]).then(
  (faces) => faces?.forEach((face) => document.fonts.add(face)),
  () => {},
);

/** The browser offers once to keep the page, before anything could show that; see src/installing.rs. */
function keepOffer(event) {
  event.preventDefault();
  self.eformInstall = event;
}

let kit;
function loadKit() {
  kit ??= import("./eform-kit.js").then(async (module) => {
    await module.default({ module_or_path: new URL("eform-kit_bg.wasm", KIT) });
    return module;
  });
  // After a failure the next form may try again.
  kit.catch(() => (kit = undefined));
  return kit;
}

let outbox;
/** The outbox, a wasm module of its own that nothing needs before the first field works. */
function loadOutbox() {
  outbox ??= import("./eform-outbox.js").then(async (module) => {
    await module.default({ module_or_path: new URL("eform-outbox_bg.wasm", KIT) });
    return module;
  });
  outbox.catch(() => (outbox = undefined));
  return outbox;
}

let later;
/** The later part of the kit, which takes its place in the memory and the functions of the first. */
function loadLater() {
  loadOutbox(); // It is needed as well, and need not wait.
  later ??= Promise.all([fetch(new URL("eform-later.wasm", KIT)), loadKit()]).then(
    async ([response, module]) => {
      const imports = { __wasm_split: await module.default() };
      await WebAssembly.instantiate(await response.arrayBuffer(), imports);
    },
  );
  later.catch(() => (later = undefined));
  return later;
}

/** The text of a file of the kit that not every form needs. */
async function loadText(name) {
  const response = await fetch(new URL(name, KIT));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.text();
}

/**
 * Every kept draft as JSON text, read while the kit loads; "locked" where a PIN is to be entered. The
 * outbox alone makes the database; what a page wrote last as it was left is beside it.
 */
function keptDrafts() {
  return new Promise((resolve) => {
    let last = [];
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith("eform-draft:"));
      last = names.map((name) => localStorage[name]);
    } catch {
      // Blocked; the database may not be.
    }
    const found = async (items, rows, keys) => {
      // Who comes for the first time has nothing to decrypt.
      if (!items.length && !rows.length && keys.every(({ key }) => key)) return [];
      return (await import("./e-form-kept.js")).opened(items, rows, keys);
    };
    const give = (...kept) => found(...kept).then(resolve, () => resolve([]));
    const none = () => give(last, [], []);
    // A phone that cannot say soon what it keeps does not hold up the form; typing merges with a
    // draft when the first change is saved.
    const late = setTimeout(none, 1500);
    try {
      const open = indexedDB.open("eform");
      open.onerror = open.onblocked = none;
      // There is no database yet, and an empty one must not stay behind.
      open.onupgradeneeded = () => open.transaction.abort();
      open.onsuccess = () => {
        const database = open.result;
        if (!database.objectStoreNames.contains("keys")) return none(database.close());
        const read = database.transaction(["drafts", "keys"]);
        const [drafts, keys] = ["drafts", "keys"].map((name) => read.objectStore(name).getAll());
        read.onabort = () => none(database.close());
        read.oncomplete = () => {
          database.close();
          clearTimeout(late);
          give(last, drafts.result, keys.result);
        };
      };
    } catch {
      none();
    }
  });
}

/** The bytes of a JSON file, or undefined: no answer, or the answer of something in between. */
async function fetchBytes(address) {
  try {
    const response = await fetch(address);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || !type.includes("json")) return undefined;
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

function looks(name) {
  const href = new URL(name, KIT).href;
  return Object.assign(document.createElement("link"), { rel: "stylesheet", href });
}

const FRAME = `
  <div class="e-form loading">
    <header class="masthead"><p class="title">&nbsp;</p></header>
    <div class="screen" aria-busy="true">
      <p class="bar"></p><p class="bar wide"></p><p class="bar box"></p><p class="bar box"></p>
    </div>
  </div>`;

// Where even the file that says more cannot be had. What the webmaster wrote in the element is there.
const FAILED = '<p role="alert">เปิดแบบฟอร์มไม่ได้ · The form cannot be opened</p><slot></slot>';

class EForm extends HTMLElement {
  #mounted;
  #waiting = false;

  connectedCallback() {
    // Moved within the page: it was not taken away.
    if (this.#mounted || this.#waiting) return;
    this.#waiting = true;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const root = document.createElement("div");
    root.innerHTML = FRAME;
    shadow.replaceChildren(looks("e-form.css"), root);
    try {
      // As the reader chose it; see src/screens/size.rs.
      root.style.zoom = localStorage["eform-size"];
    } catch {
      // Blocked.
    }
    const asked = this.#asked();
    if (asked.blank) return location.replace(asked.blank);
    // The list of services and a submission are in the later part.
    if (!asked.src || asked.show) loadLater();
    Promise.all([loadKit(), face])
      .then(([module]) => {
        this.#waiting = false;
        if (!this.isConnected) return;
        root.replaceChildren();
        this.#mounted = module.mount(this, root, asked);
        shadow.append(looks("e-form-later.css"));
      })
      .catch((error) => {
        this.#waiting = false;
        root.innerHTML = FAILED;
        import("./e-form-failed.js").then((module) => module.show(root, asked));
        console.error("e-form: the kit could not be started.", error);
      });
    // Browsers inside other apps, which forget.
    if (/\bLine\/|FBA[NV]|Instagram/.test(navigator.userAgent)) {
      import("./e-form-inapp.js").then((module) => module.show(root, asked));
    }
    keepOffline(asked, root);
    if (asked.standalone) addEventListener("beforeinstallprompt", keepOffer);
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#mounted?.free();
      this.#mounted = undefined;
    });
  }

  #asked() {
    const standalone = this.hasAttribute("standalone");
    const query = standalone ? new URLSearchParams(location.search) : new URLSearchParams();
    const form = query.get("form");
    const named = form && /^[A-Za-z0-9_-]+$/.test(form) ? `forms/${form}.json` : undefined;
    const attribute = this.getAttribute("src");
    const src = attribute ? new URL(attribute, document.baseURI) : named && new URL(named, KIT);
    const fetched = src ?? new URL("forms/index.json", KIT);
    // What a link says comes before what the element says.
    const told = (name) => query.get(name) ?? this.getAttribute(name) ?? undefined;
    const lang = told("lang");
    return {
      src: src?.href,
      lang,
      blank: query.has("blank") && src?.href.replace(/json(\?.*)?$/, `blank${lang ? "." + lang : ""}.html`),
      show: told("show"),
      draft: told("draft"),
      assisted: told("assisted"),
      shared: told("shared"),
      standalone,
      bytes: fetchBytes(fetched),
      drafts: keptDrafts(),
      loadOutbox,
      loadLater,
      loadText,
    };
  }
}

// The service worker opens the page with no server. It is served by the agency's own origin; with
// none, all else works. Its scope is the page's folder where the server allows that, else the kit's.
let worker;
const controlled = navigator.serviceWorker?.controller;
function registerWorker() {
  const script = new URL("sw.js", KIT);
  const scope = new URL("./", location.href).pathname;
  return navigator.serviceWorker.register(script, { scope }).catch(() => {
    console.warn(
      `e-form: this page will not open without a connection: sw.js may not control ${scope}. ` +
        `Serve ${script.pathname} with the header "Service-Worker-Allowed: ${scope}".`,
    );
    return navigator.serviceWorker.register(script);
  });
}

function keepOffline(asked, root) {
  const { src, standalone } = asked;
  if (!("serviceWorker" in navigator) || new URL(KIT).origin !== location.origin) return;
  worker ??= new Promise((resolve, reject) => {
    // Not before the page has loaded: the first field comes first.
    const start = () => registerWorker().then(() => navigator.serviceWorker.ready).then(resolve, reject);
    if (document.readyState === "complete") start();
    else addEventListener("load", start, { once: true });
  });
  worker.then(
    (registration) => {
      // The kit's own page is the same whatever the query says; an agency's may not be.
      const page = location.origin + location.pathname + (standalone ? "" : location.search);
      const urls = [page, src].filter(Boolean);
      registration.active?.postMessage({ type: "keep", urls });
      if (controlled) import("./e-form-update.js").then((module) => module.watch(registration, root, asked));
    },
    () => console.warn("e-form: no service worker; this page will not open without a connection."),
  );
}

customElements.define("e-form", EForm);
