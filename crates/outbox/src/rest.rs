//! Encryption at rest. Drafts, the bodies of submissions and files are kept encrypted (AES-256-GCM)
//! with a key that the browser makes and keeps beside them, and that no script can read out
//! (WebCrypto, not extractable); or, with a PIN, with one that is there only after the PIN was
//! entered. What this protects from, and what not, is in the guide («What stays on the phone»).
//!
//! WebCrypto answers later, and a transaction cannot wait: what is to be written is encrypted before
//! it, and what was read is decrypted after it. Another tab may have changed the key in between, so
//! each transaction that writes something encrypted looks at the keys: when its own is not the
//! newest any more, nothing is written, and all is done once more.
//!
//! A row has the name of its key in `kid`, and the nonce with what is encrypted in `secret`. Where the
//! browser cannot encrypt (no TLS), or cannot keep such a key, there is no `kid`, and `secret` is clear. A
//! submission has the `kid` of its body too, so that the list needs no bodies to say what is locked.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::{
    State, StorageError, files,
    idb::{BODIES, DRAFTS, FILES, KEYS, Mode, OUTBOX, Read, Writer},
    js,
    keys::{Key, newest, no_key, nonce},
    machine, platform,
    store::{Later, Store, read_record, text},
};

/// How often it is looked for what is under an older key before that is left for the next time.
const PASSES: u32 = 20;

/// What a row of this store is, for [`Key::encrypt`]. A piece of a file is that, whosever it is.
pub(crate) fn what(store: &str, key: &str) -> String {
    let whose = key.split_once('\n');
    [store, whose.filter(|_| store == FILES).map_or(key, |(_, piece)| piece)].join("\n")
}

/// What a row is to have in `kid` and `secret`.
pub(crate) struct Secret {
    kid: JsValue,
    secret: Uint8Array,
}

impl Secret {
    /// A row of these members and the secret.
    pub fn row(&self, members: &[(&str, &JsValue)]) -> JsValue {
        js::with(&self.beside(members), "secret", &self.secret)
    }

    /// A row of these members whose secret is in another.
    pub fn beside(&self, members: &[(&str, &JsValue)]) -> JsValue {
        js::with(&js::object(members), "kid", &self.kid)
    }
}

/// What is written in a transaction after it was encrypted, see [`Store::run_sealed`].
pub(crate) type DecideSealed<'a> =
    &'a mut dyn FnMut(&[JsValue], &Writer, &[Secret]) -> Result<(), StorageError>;

impl Store {
    /// Encrypts each `(what it is, bytes)`, and does a transaction with it as [`Store::run`] does.
    pub(crate) fn run_sealed<'a>(
        &'a self,
        mode: Mode,
        reads: &'a [Read<'a>],
        plain: &'a [(String, Uint8Array)],
        decide: DecideSealed<'a>,
    ) -> Later<'a, ()> {
        Box::pin(self.run_sealed_unboxed(mode, reads, plain, decide))
    }

    async fn run_sealed_unboxed(
        &self,
        mode: Mode,
        reads: &[Read<'_>],
        plain: &[(String, Uint8Array)],
        decide: DecideSealed<'_>,
    ) -> Result<(), StorageError> {
        let mut reads = reads.to_vec();
        reads.push(Read::All(KEYS));
        for again in [true, false] {
            let key = self.key().await?;
            let mut secrets = Vec::new();
            for (what, plain) in plain {
                let secret = match &key {
                    Some(key) => key.encrypt(what, plain).await?,
                    None => plain.clone(),
                };
                let kid = key.as_ref().map_or(JsValue::UNDEFINED, |key| JsValue::from(&*key.id));
                secrets.push(Secret { kid, secret });
            }
            let mut is_stale = false;
            self.run(mode, &reads, &mut |rows, writer| {
                let Some((keys, rows)) = rows.split_last() else { return Ok(()) };
                let newest = newest(keys.unchecked_ref());
                is_stale = match (&newest, &key) {
                    (Some(newest), Some(key)) => newest.id != key.id,
                    (Some(_), None) => true,
                    // The database was deleted under the page, and the key with it.
                    (None, Some(key)) => {
                        writer.put(KEYS, &key.row)?;
                        false
                    }
                    (None, None) => false,
                };
                if is_stale { Ok(()) } else { decide(rows, writer, &secrets) }
            })
            .await?;
            if !is_stale {
                return Ok(());
            }
            if again {
                self.find_keys().await?;
            }
        }
        Err(no_key())
    }

    /// What a row has encrypted; `None` where it is not what was written.
    pub(crate) fn open_secret<'a>(
        &'a self,
        row: &'a JsValue,
        what: String,
    ) -> Later<'a, Option<Uint8Array>> {
        Box::pin(self.open_unboxed(row, what))
    }

    async fn open_unboxed(
        &self,
        row: &JsValue,
        what: String,
    ) -> Result<Option<Uint8Array>, StorageError> {
        let Ok(secret) = js::member(row, "secret").dyn_into::<Uint8Array>() else {
            return Ok(None);
        };
        if js::member(row, "kid").is_undefined() {
            return Ok(Some(secret));
        }
        match self.key_named(&text(row, "kid")).await? {
            Some(key) if key.is_lost() => Ok(None),
            Some(key) => match key.decrypt(&what, &secret).await {
                // A phone that is short of memory may do it the next time; what is spoiled stays so.
                None => Ok(key.decrypt(&what, &secret).await),
                plain => Ok(plain),
            },
            None => Ok(None),
        }
    }

    /// Whether what belongs to a row is under a PIN that was not entered yet.
    pub(crate) async fn is_locked(&self, row: &JsValue) -> Result<bool, StorageError> {
        let kid = text(row, "kid");
        if kid.is_empty() {
            return Ok(false);
        }
        Ok(self.find_key(&kid).await?.is_some_and(|key| key.is_locked()))
    }

    /// Deletes what is under a PIN that nobody knows any more: drafts with their files, submissions that
    /// were not received, and the answers of those that were; receipts stay. The citizen's own act.
    /// False where nothing is locked, or one of them is being sent.
    ///
    /// # Errors
    /// When nothing was deleted.
    pub async fn forget_locked(&self) -> Result<bool, StorageError> {
        self.find_keys().await?;
        let locked: Vec<String> = {
            let known = self.keys.known.borrow();
            known.iter().filter(|key| key.is_locked()).map(|key| key.id.clone()).collect()
        };
        let is_under = |row: &JsValue| locked.contains(&text(row, "kid"));
        let mut is_done = false;
        let reads = [
            Read::All(OUTBOX),
            Read::All(DRAFTS),
            Read::Nothing(BODIES),
            Read::Nothing(FILES),
            Read::Nothing(KEYS),
        ];
        self.run(Mode::Strict, &reads, &mut |found, writer| {
            let all = |at: usize| found[at].unchecked_ref::<Array>().iter().filter(is_under);
            let records: Vec<_> =
                all(0).filter_map(|row| Some((read_record(&row)?, row))).collect();
            let now = platform::now();
            is_done = !locked.is_empty()
                && records.iter().all(|(record, _)| machine::may_delete(record, now));
            if !is_done {
                return Ok(());
            }
            for (record, row) in &records {
                match record.state {
                    State::Received => {
                        writer.put(OUTBOX, &js::with(row, "kid", &JsValue::UNDEFINED))?;
                    }
                    _ => writer.delete(OUTBOX, &record.id)?,
                }
                writer.delete(BODIES, &record.id)?;
                writer.delete_all(FILES, &files::beginning(&record.id))?;
            }
            for row in all(1) {
                writer.delete_all(FILES, &files::beginning(&text(&row, "key")))?;
                writer.delete(DRAFTS, &text(&row, "key"))?;
            }
            locked.iter().try_for_each(|id| writer.delete(KEYS, id))
        })
        .await?;
        self.find_keys().await?;
        Ok(is_done)
    }

    /// Encrypts what is under an older key under the newest, and deletes the older ones that nothing is
    /// under any more. `aside` are the names of those that something in `localStorage` is under.
    ///
    /// # Errors
    /// When it was not all done.
    pub(crate) async fn forget_old_keys(&self, aside: &[String]) -> Result<(), StorageError> {
        if self.keys.known.borrow().len() < 2 {
            return Ok(());
        }
        let Some(newest) = self.key().await? else { return Ok(()) };
        // Another tab may have copied one meanwhile.
        let mut is_left = true;
        for _ in 0..PASSES {
            let pass = self.all_under_newest().await?;
            if !pass.was_any {
                is_left = pass.is_left;
                break;
            }
        }
        if is_left {
            return Ok(());
        }
        self.run(Mode::Strict, &[Read::All(KEYS)], &mut |rows, writer| {
            for key in rows[0].unchecked_ref::<Array>().iter().map(Key::of) {
                if key.at < newest.at && !aside.contains(&key.id) {
                    writer.delete(KEYS, &key.id)?;
                }
            }
            Ok(())
        })
        .await?;
        self.find_keys().await
    }

    async fn all_under_newest(&self) -> Result<Pass, StorageError> {
        let mut pass = Pass::default();
        for store in [DRAFTS, BODIES, FILES] {
            let keys: Array = self.read(Read::Keys(store)).await?.unchecked_into();
            for key in keys.iter().filter_map(|key| key.as_string()) {
                let row = self.read(Read::One(store, &key)).await?;
                // Gone since, it may have left copies: a draft that was submitted.
                pass.was_any |= row.is_undefined();
                let Some(newest) = self.key().await? else { return Ok(pass) };
                if !js::member(&row, "secret").is_object() || text(&row, "kid") == newest.id {
                    continue;
                }
                let what = what(store, &key);
                let Some(plain) = self.open_secret(&row, what.clone()).await? else {
                    // Its key must stay.
                    pass.is_left = true;
                    continue;
                };
                pass.was_any = true;
                let old = text(&row, "kid");
                // A submission has the name of the key that its body is under.
                let reads = [Read::One(store, &key), Read::One(OUTBOX, &key)];
                self.run_sealed(Mode::Strict, &reads, &[(what, plain)], &mut |now, writer, new| {
                    // It may be gone by now, or another.
                    if now[0].is_object() && text(&now[0], "kid") == old && is_same(&now[0], &row) {
                        let row = js::with(&now[0], "kid", &new[0].kid);
                        writer.put(store, &js::with(&row, "secret", &new[0].secret))?;
                        if store == BODIES && now[1].is_object() {
                            writer.put(OUTBOX, &js::with(&now[1], "kid", &new[0].kid))?;
                        }
                    }
                    Ok(())
                })
                .await?;
            }
        }
        Ok(pass)
    }
}

/// What came of looking at every row once.
#[derive(Default)]
struct Pass {
    /// Some were under another key, and are not any more.
    was_any: bool,
    /// Some cannot be opened now.
    is_left: bool,
}

/// Whether a draft was not written anew meanwhile; nothing else ever is.
fn is_same(now: &JsValue, before: &JsValue) -> bool {
    js::member(now, "at") == js::member(before, "at")
}

/// The key stream of AES-GCM under a nonce of its own, made ahead: a page that is left cannot wait
/// for the browser to encrypt. It is used once, for [`crate::stash`].
pub(crate) struct Ahead {
    kid: String,
    nonce: Uint8Array,
    stream: Vec<u8>,
}

/// What was encrypted without waiting: the key's name, the nonce, and the bytes.
pub(crate) struct Aside {
    pub kid: String,
    pub nonce: Uint8Array,
    pub bytes: Vec<u8>,
}

impl Store {
    /// Makes ready for so many bytes that are to be encrypted without waiting.
    pub(crate) fn be_ahead(&self, bytes: usize) -> Later<'_, ()> {
        Box::pin(self.be_ahead_unboxed(bytes))
    }

    async fn be_ahead_unboxed(&self, bytes: usize) -> Result<(), StorageError> {
        if self.keys.ahead.borrow().as_ref().is_some_and(|ahead| ahead.stream.len() >= bytes) {
            return Ok(());
        }
        if let Some(key) = self.key().await? {
            let (kid, nonce) = (key.id.clone(), nonce());
            let stream = stream(&key, &nonce, bytes).await?;
            // Another key may have come meanwhile.
            if self.keys.newest().is_some_and(|newest| newest.id == kid) {
                self.keys.ahead.replace(Some(Ahead { kid, nonce, stream }));
            }
        }
        Ok(())
    }

    /// Whether this browser encrypts nothing.
    pub(crate) fn is_clear(&self) -> bool {
        self.keys.are_impossible.get()
    }

    /// Encrypts without waiting; `None` where nothing is ready for so much.
    pub(crate) fn encrypt_now(&self, plain: &[u8]) -> Option<Aside> {
        let is_enough = |ahead: &mut Ahead| ahead.stream.len() >= plain.len();
        // Never twice with one stream.
        let Ahead { kid, nonce, stream } = self.keys.ahead.borrow_mut().take_if(is_enough)?;
        Some(Aside { kid, nonce, bytes: xor(plain, &stream) })
    }

    /// What [`Store::encrypt_now`] encrypted.
    pub(crate) async fn decrypt_aside(
        &self,
        aside: &Aside,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let Some(key) = self.key_named(&aside.kid).await? else { return Ok(None) };
        let stream = stream(&key, &aside.nonce, aside.bytes.len()).await;
        Ok(stream.ok().map(|stream| xor(&aside.bytes, &stream)))
    }
}

/// AES-GCM is a stream of bytes that is added to the text: of nothing but zeros, it is the stream.
async fn stream(key: &Key, nonce: &Uint8Array, bytes: usize) -> Result<Vec<u8>, StorageError> {
    let zeros = Uint8Array::from(&*vec![0; bytes]);
    let how = js::object(&[("name", &"AES-GCM".into()), ("iv", nonce)]);
    let mut stream = key.add(&how, &zeros).await?.to_vec();
    // The rest is the tag.
    stream.truncate(bytes);
    Ok(stream)
}

fn xor(text: &[u8], stream: &[u8]) -> Vec<u8> {
    text.iter().zip(stream).map(|(a, b)| a ^ b).collect()
}
