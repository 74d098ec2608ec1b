// Puts submissions into the outbox by its own `submit`, as it is built. Meanwhile nothing is sent, and
// nobody reads all that is there after each: that is what is measured later.
Object.defineProperty(navigator, "onLine", { get: () => false });
const { getAll } = IDBObjectStore.prototype;
IDBObjectStore.prototype.getAll = function (range) {
  return getAll.call(this, range ?? IDBKeyRange.only(""));
};

const outbox = await import("./eform-outbox.js");
await outbox.default({ module_or_path: "eform-outbox_bg.wasm" });
await outbox.open(() => {});

/** Pairs of an id and a record. */
window.fill = async (pairs) => {
  await Promise.all(pairs.map(([id, record]) => outbox.submit(id, record, "")));
  return pairs.length;
};
