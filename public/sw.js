// The service worker: opens the form with no network, and sends what waits with no page open. It
// keeps the kit's own files, each proved by its SHA-256, the forms, and the pages that asked to be
// kept. It never touches a page's request that is not a GET, and never `/api/`.

// The build replaces this line (crates/xtask/src/precache.rs). As it stands, nothing is kept, so a
// developer never sees yesterday's files.
const PRECACHE = { version: "dev", files: [], forms: [] };

// The outbox's script (crates/worker), put here by the build too: a worker may load no other script
// once it is installed. It gives `outbox()`.
const outbox = undefined;

const BASE = new URL("./", location.href).href;
const KIT = `eform-${PRECACHE.version}`; // what the build stamped; one cache a version
const FORMS = "eform-forms"; // forms as they were last fetched
const PAGES = "eform-pages"; // an agency's own pages, kept when they ask
const LIST = `${BASE}precache-list.json`; // in KIT once it is complete: what is in it
const SLOW = 4000; // ms that a page is waited for when there is a kept copy

const FILES = new Map(PRECACHE.files.map(([path, hash]) => [new URL(path, BASE).href, hash]));
const isVersion = (name) => name.startsWith("eform-") && name !== FORMS && name !== PAGES;
const isGood = (response) => response?.status === 200 && !response.redirected;
const isForm = (address) =>
  address.startsWith(`${BASE}forms/`) && /^[^/]+\.json$/.test(address.slice(BASE.length + 6));
const isBlank = (address) =>
  address.startsWith(`${BASE}forms/`) && /\.blank(\.[\w-]+)?\.html$/.test(address);

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(onMessage(event)));
addEventListener("fetch", onFetch);
addEventListener("sync", (event) => {
  if (event.tag === "eform-outbox") event.waitUntil(deliver());
});

// All files or none: a version is never half there. What an interrupted install has fetched stays,
// and the next attempt goes on from it.
async function install() {
  if (FILES.size > 0) {
    const kit = await caches.open(KIT);
    const earlier = await earlierFiles();
    await Promise.all([...FILES].map(([url, hash]) => keepFile(kit, url, hash, earlier.get(hash))));
    await Promise.all(PRECACHE.forms.map((path) => keepForm(new URL(path, BASE).href)));
    await kit.put(LIST, new Response(JSON.stringify(PRECACHE.files)));
  }
  // An open page keeps the version that it began with, unless there was none.
  if (!registration.active || FILES.size === 0) await skipWaiting();
}

async function earlierFiles() { // in other versions: hash → [cache, address]
  const found = new Map();
  for (const name of (await caches.keys()).filter(isVersion)) {
    const cache = await caches.open(name);
    const list = (await (await cache.match(LIST))?.json()) ?? [];
    for (const [path, hash] of list) found.set(hash, [cache, new URL(path, BASE).href]);
  }
  return found;
}

async function keepFile(kit, url, hash, earlier) {
  if (await isRight(await kit.match(url), hash)) return;
  // First what is on the phone already, the browser's own cache included: every byte is dear here.
  // A wrong hash there is only a stale copy, so then the server itself is asked.
  const sources = [
    () => earlier?.[0].match(earlier[1]),
    () => fetch(url),
    () => fetch(url, { cache: "reload" }),
  ];
  for (const source of sources) {
    const response = await source();
    if (await isRight(response, hash)) return kit.put(url, response);
  }
  // A captive portal, or a server in the middle of an update. The browser tries again later.
  throw new Error(`${url} is not what this version of the kit was built with`);
}

async function isRight(response, hash) {
  if (!isGood(response)) return false;
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("") === hash;
}

// A form is the webmaster's to change at any time, so it has no hash: any JSON will do.
async function keepForm(url) {
  const response = await fetch(url, { cache: "no-cache" });
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  if (isGood(response) && isJson) await (await caches.open(FORMS)).put(url, response.clone());
  return response;
}

async function activate() {
  await clients.claim();
  // Another version may be filling its cache right now; it will tidy up when it is its turn.
  if (registration.installing || registration.waiting) return;
  const old = (await caches.keys()).filter((name) => isVersion(name) && name !== KIT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

function onFetch(event) {
  const { request } = event;
  if (!isOurs(request)) return;
  const address = request.url.replace(/[?#].*/, ""); // a query does not make another file
  const file = address === `${BASE}index.html` ? BASE : address;
  if (isForm(address)) event.respondWith(form(event, address));
  else if (FILES.has(file)) event.respondWith(kitFile(request, file));
  else if (isBlank(address)) event.respondWith(blank(request, address));
  else if (["document", "style", "script", "font", "image"].includes(request.destination)) {
    event.respondWith(page(request));
  }
}

function isOurs(request) {
  const { origin, pathname } = new URL(request.url);
  const isMine = origin === location.origin && !/\/(api|\.well-known)\//.test(pathname);
  const isWhole = request.method === "GET" && !request.headers.has("range");
  const isStrange = request.cache === "only-if-cached" && request.mode !== "same-origin";
  return FILES.size > 0 && isMine && isWhole && !isStrange;
}

// The kit, as it was installed. The network only when the browser has wiped the cache.
async function kitFile(request, address) {
  return (await (await caches.open(KIT)).match(address)) ?? fetch(request);
}

// A form: at once from the phone, while a newer one is fetched for the next time.
async function form(event, url) {
  const known = await (await caches.open(FORMS)).match(url);
  const fresh = keepForm(url);
  if (!known) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return known;
}

// An agency's own page and what it is made of: as ever, and the kept copy when that fails or is slow.
async function page(request) {
  const answer = fetch(request);
  const copy = await (await caches.open(PAGES)).match(request, { ignoreVary: true });
  if (!copy) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, SLOW, copy));
  return Promise.race([answer.catch(() => copy), late]);
}

// An empty form for paper: as the server has it, else as it was last opened.
async function blank(request, address) {
  const kept = await caches.open(PAGES);
  const answer = fetch(request).then(async (response) => {
    // A captive portal's page does not say that it is ours.
    const isOne = isGood(response) && (await response.clone().text()).includes('content="e-form kit"');
    if (isOne) await kept.put(address, response.clone());
    return response;
  });
  const copy = await kept.match(address);
  if (!copy) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, SLOW, copy));
  return Promise.race([answer.catch(() => copy), late]);
}

async function onMessage({ data, ports }) {
  const reply = (message) => ports[0]?.postMessage(message);
  if (data?.type === "version") reply({ type: "version", version: PRECACHE.version });
  if (data?.type === "take-over") {
    // Other pages keep the version that they began with.
    const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const takes = data.must || pages.length === 1;
    reply({ takes });
    if (takes) await skipWaiting();
  }
  if (data?.type === "keep") reply({ type: "kept", urls: await keep(data.urls ?? []) });
}

// Keeps a page, what it is made of, and its forms. Says which addresses were kept.
async function keep(urls) {
  const pages = await caches.open(PAGES);
  const keepOne = async (address) => {
    const request = new Request(new URL(address, BASE).href.replace(/#.*/, ""));
    if (!isOurs(request) || FILES.has(request.url)) return [];
    const response = await (isForm(request.url) ? keepForm(request.url) : fetch(request));
    if (!isGood(response)) return [];
    if (!isForm(request.url)) await pages.put(request, response);
    return [request.url];
  };
  return (await Promise.all(urls.map((url) => keepOne(url).catch(() => [])))).flat();
}

// What waits to be sent. Where something is left the event fails, so that the browser comes back.
async function deliver() {
  if (!outbox) return;
  const { default: start, deliver } = outbox();
  const module = new URL("eform-worker_bg.wasm", BASE).href;
  await start({ module_or_path: await kitFile(new Request(module), module) });
  if (!(await deliver())) throw new Error("some submissions wait to be sent");
}
