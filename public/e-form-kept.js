// Decrypts what the phone keeps of forms that are being filled in, before the outbox is there: how it
// is encrypted is in crates/outbox/src/rest.rs and stash.rs.

const bytes = (text) => new TextEncoder().encode(text);
const unhex = (digits) => Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
const gcm = (iv, additionalData = bytes("")) => ({ name: "AES-GCM", iv, additionalData });

/**
 * Drafts as JSON text: of the items of localStorage, and of the rows of the database. What cannot be
 * read of a row has no entries, and the schema of what nobody goes on with. Only "locked" where the newest
 * key is not there before a PIN is entered.
 */
export async function opened(items, rows, keys) {
  const { subtle } = crypto;
  // One with neither is lost, and no PIN brings it back.
  const [newest] = keys.filter((it) => it.key || it.wrapped).sort((a, b) => b.at - a.at);
  if (newest && !newest.key) return ["locked"];
  const keyOf = ({ kid }) => keys.find(({ id }) => id === kid).key;
  const draft = async (row) => {
    const { key, id, definition, at, secret, kid } = row;
    try {
      const how = gcm(secret.slice(0, 12), bytes(`drafts\n${key}`));
      // A phone that is short of memory may do it the next time.
      const open = () => subtle.decrypt(how, keyOf(row), secret.slice(12));
      const plain = kid ? await open().catch(open) : secret;
      const text = new TextDecoder().decode(plain);
      JSON.parse(text);
      return text;
    } catch {
      return JSON.stringify({ schema: 255, key, id, form: key.split("/")[0], definition, updatedAt: at });
    }
  };
  const last = async (item) => {
    const kept = JSON.parse(item);
    if (!kept.kid) return item;
    const secret = unhex(kept.secret);
    const zeros = new Uint8Array(secret.length);
    const stream = new Uint8Array(await subtle.encrypt(gcm(unhex(kept.nonce)), keyOf(kept), zeros));
    return new TextDecoder().decode(secret.map((byte, at) => byte ^ stream[at]));
  };
  const all = await Promise.allSettled([...rows.map(draft), ...items.map(last)]);
  return all.flatMap(({ value }) => value ?? []);
}
