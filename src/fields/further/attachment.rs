//! The view of `attachment`: the files that have been chosen, each with «remove», and the control
//! that chooses more.
//!
//! A file is in the entry as soon as it is chosen, so that nobody goes on without it unawares. Once
//! it has been read, its bytes are kept beside the draft and its digest is in the entry; until then
//! the engine refuses it. What it would refuse anyway is refused before it is read.

use eform::fields::{Attachment, attachment};
use eform::{Finding, hex, sha256};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, File, HtmlInputElement};

use crate::dom::{El, button, el};
use crate::fields::Place;
use crate::outbox::outbox;
use crate::words::later_words;

/// The files, and the control.
pub fn view(place: &Place) -> El {
    let Some(kind) = place.field().kind.get::<Attachment>() else { return el("div") };
    let files = Files {
        place: place.clone(),
        said: ArcRwSignal::default(),
        refused: ArcRwSignal::default(),
    };
    let (refused, said) = (files.refused.clone(), files.said.clone());
    // They are there before their content, so that it is announced when it comes.
    let refused = el("div").attr("role", "alert").part(move || {
        let words = refused.get();
        let words: Vec<El> =
            words.iter().map(|one| el("p").class("found error").text(one)).collect();
        (!words.is_empty()).then(|| el("div").children(words))
    });
    let said = el("p").class("hint").attr("role", "status").say(move || said.get());
    let how = el("p").class("hint").attr("id", &place.id("-how")).text(&how(place, kind));
    let list = files.list();
    let inside = el("div").child(how).child(list).child(files.control(kind)).child(refused);
    place.single(inside.child(said))
}

/// «Images, PDF. At most 5 MB each. Up to 3 files.»
fn how(place: &Place, kind: &Attachment) -> String {
    let thai = crate::words::is_thai(place.language());
    let mut words = [
        place.pick("รับไฟล์ ", ""),
        &*kind.accepted_in_words(thai),
        place.pick(" ขนาดไม่เกิน ", ". At most "),
        &*attachment::size_in_words(kind.max_size()),
    ]
    .concat();
    if kind.max() > 1 {
        let most = kind.max().to_string();
        let more =
            [place.pick(" ต่อไฟล์ ไม่เกิน ", " each. Up to "), &most, place.pick(" ไฟล์", " files")];
        words += &more.concat();
    }
    words
}

/// The files of one field.
#[derive(Clone)]
struct Files {
    place: Place,
    /// What has happened last.
    said: ArcRwSignal<String>,
    /// Why files were not taken.
    refused: ArcRwSignal<Vec<String>>,
}

impl Files {
    fn control(&self, kind: &Attachment) -> El {
        let (place, this) = (&self.place, self.clone());
        place
            .control_with("input", &place.id("-how"))
            .attr("type", "file")
            .attr("accept", &kind.accepted().join(","))
            .flag("multiple", kind.max() > 1)
            .on("change", move |event| this.choose(&event))
    }

    /// What has been chosen, each with «remove».
    fn list(&self) -> El {
        let (filling, node, this) = (self.place.filling.clone(), self.place.node, self.clone());
        // Not drawn anew when a file has been read: the focus may be in it.
        let shown = Memo::new(move |_| {
            let session = filling.follow(node);
            let files = session.entry(node).as_array().map(Vec::as_slice).unwrap_or_default();
            files.iter().map(|file| (name(file).to_owned(), size(file))).collect::<Vec<_>>()
        });
        el("div").part(move || {
            let rows = shown.get();
            let rows: Vec<El> =
                rows.iter().enumerate().map(|(at, file)| this.row(at, file)).collect();
            (!rows.is_empty()).then(|| el("ul").class("files").children(rows))
        })
    }

    fn row(&self, at: usize, (name, size): &(String, u64)) -> El {
        let this = self.clone();
        let remove = button("link", later_words(self.place.language()).remove)
            .attr("id", &self.place.id(&["-", &at.to_string()].concat()))
            .attr("data-action", "remove-file")
            .child(el("span").class("unseen").text(" ").text(name))
            .click(move || this.remove(at));
        let size = [" (", &*attachment::size_in_words(*size), ")"].concat();
        el("li").child(el("span").text(name).text(&size)).text(" ").child(remove)
    }

    /// The entry's files.
    fn entered(&self) -> Vec<Value> {
        let session = self.place.filling.session();
        session.entry(self.place.node).as_array().cloned().unwrap_or_default()
    }

    /// Takes what was chosen, as far as it can be taken.
    fn choose(&self, event: &Event) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let kind = self.place.field().kind.get::<Attachment>();
        let (Some(input), Some(kind)) = (input, kind) else { return };
        let Some(chosen) = input.files() else { return };
        let chosen: Vec<File> = (0..chosen.length()).filter_map(|at| chosen.get(at)).collect();
        // The list says what is chosen, and the same file can be chosen again.
        input.set_value("");
        let before = self.entered();
        // Where there can be one only, another takes its place.
        let mut files = if kind.max() == 1 { Vec::new() } else { before.clone() };
        let mut bytes = self.place.filling.session().attached_bytes();
        if kind.max() == 1 {
            bytes = bytes.saturating_sub(before.iter().map(size).sum());
        }
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for file in chosen {
            let said = describe(&file);
            let together = bytes.saturating_add(size(&said));
            let wrong = kind.refusal(&said).or_else(|| {
                if files.len() as u64 >= kind.max() {
                    let have = files.len() + 1;
                    let many = Finding::error("attachment-many");
                    return Some(many.with("needs", kind.max()).with("have", have));
                }
                attachment::is_too_much(together).then(attachment::too_much_together)
            });
            match wrong {
                Some(wrong) => refused.push(self.words_for(wrong, name(&said), files.len())),
                None => {
                    bytes = together;
                    files.push(said.clone());
                    taken.push((file, said));
                }
            }
        }
        self.refused.set(refused);
        if taken.is_empty() {
            return;
        }
        self.place.enter(Value::Array(files));
        if kind.max() == 1 {
            before.iter().for_each(|file| self.forget(file));
        }
        self.said.set(self.place.pick("กำลังอ่านไฟล์…", "Reading…").to_owned());
        let (this, key) = (self.clone(), self.place.filling.drafts.key());
        let pointer = self.place.filling.session().pointer(self.place.node);
        spawn_local(async move { this.read_all(taken, key, pointer).await });
    }

    /// What a finding says about a file, in words.
    fn words_for(&self, mut wrong: Finding, name: &str, at: usize) -> String {
        let filling = &self.place.filling;
        // So that the field's own words are found.
        wrong.path = filling.session().pointer(self.place.node);
        let wrong = wrong.with("n", at + 1);
        [name, ": ", &filling.form().message(&wrong, self.place.language())].concat()
    }

    /// Reads files that are in the entry. `key` is that of the draft, `pointer` leads to the answer.
    async fn read_all(self, taken: Vec<(File, Value)>, key: String, pointer: String) {
        let mut names = Vec::new();
        for (file, said) in taken {
            let read = read(&file, &key).await;
            let digest = read.as_ref().ok().map(String::as_str);
            self.settle(&pointer, &said, digest);
            match read {
                Ok(_) => names.push(name(&said).to_owned()),
                Err(why) => {
                    let words = match why {
                        Unread::Reading => self.place.pick(
                            "อ่านไฟล์ไม่สำเร็จ โปรดเลือกใหม่",
                            "It could not be read; choose it again",
                        ),
                        Unread::Keeping => self.place.pick(
                            "เก็บไฟล์ไว้ในเครื่องนี้ไม่ได้ พื้นที่อาจเต็ม",
                            "It could not be kept on this phone, which may be full",
                        ),
                    };
                    let words = [name(&said), ": ", words].concat();
                    self.refused.update(|refused| refused.push(words));
                }
            }
        }
        let said = [self.place.pick("แนบแล้ว: ", "Attached: "), &*names.join(", ")].concat();
        self.said.set(if names.is_empty() { String::new() } else { said });
        self.place.left();
    }

    /// Puts the digest of a file that has been read into the entry; without one, takes the file out.
    fn settle(&self, pointer: &str, said: &Value, digest: Option<&str>) {
        let filling = &self.place.filling;
        let node = filling.session().at(pointer);
        let files = node.and_then(|node| filling.session().entry(node).as_array().cloned());
        let at = files.iter().flatten().position(|file| file == said);
        match (node, files, at, digest) {
            (Some(node), Some(mut files), Some(at), digest) => {
                match digest {
                    Some(digest) => files[at]["sha256"] = digest.into(),
                    None => drop(files.remove(at)),
                }
                filling.enter(node, Value::Array(files));
            }
            // Removed meanwhile.
            (.., Some(digest)) => self.forget(&json!({ "sha256": digest })),
            _ => {}
        }
    }

    fn remove(&self, at: usize) {
        let mut files = self.entered();
        if at >= files.len() {
            return;
        }
        let gone = files.remove(at);
        // The next one, or else the one before, or else the control.
        let next = files.len().checked_sub(1).map(|last| ["-", &last.min(at).to_string()].concat());
        let next = self.place.id(&next.unwrap_or_default());
        self.place.enter(Value::Array(files));
        self.forget(&gone);
        self.refused.set(Vec::new());
        self.said.set([self.place.pick("เอาออกแล้ว: ", "Removed: "), name(&gone)].concat());
        self.place.filling.focus_later(&["#", &next].concat());
        self.place.left();
    }

    /// Deletes the bytes of a file from the phone, unless something entered still names it.
    fn forget(&self, file: &Value) {
        let digest = text(file, "sha256").to_owned();
        let filling = &self.place.filling;
        let entries = eform::json::write(&Value::Object(filling.all_entries()));
        // 64 hexadecimal digits: where their text stands, the file is named.
        if digest.is_empty() || entries.contains(&digest) {
            return;
        }
        let key = filling.drafts.key();
        spawn_local(async move {
            if let Ok(outbox) = outbox().await {
                // If it stays, it goes with the draft.
                _ = outbox.forget_file(&key, &digest).await;
            }
        });
    }
}

/// Why a file is not there to be submitted.
enum Unread {
    /// The browser did not give its bytes.
    Reading,
    /// They could not be kept on this phone.
    Keeping,
}

/// Reads a file and keeps it beside the draft; gives its digest.
async fn read(file: &File, draft_key: &str) -> Result<String, Unread> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Unread::Reading)?;
    let bytes = Uint8Array::new(&buffer);
    if f64::from(bytes.length()) != file.size() {
        return Err(Unread::Reading);
    }
    let digest = hex(&sha256(&bytes.to_vec()));
    let outbox = outbox().await.map_err(|_| Unread::Keeping)?;
    outbox.keep_file(draft_key, &digest, &bytes).await.map_err(|_| Unread::Keeping)?;
    Ok(digest)
}

/// What is known of a file before it is read.
fn describe(file: &File) -> Value {
    let (name, said) = (file.name(), file.type_());
    let media = if said.is_empty() { attachment::media_by_name(&name).to_owned() } else { said };
    // Sizes are whole numbers, and far below 2^53.
    let size = file.size() as u64;
    let members = [("name", name.into()), ("type", media.into()), ("size", size.into())];
    Value::Object(
        members
            .map(|(name, value): (_, Value)| (name.to_owned(), value))
            .into_iter()
            .collect::<Map<_, _>>(),
    )
}

fn text<'a>(file: &'a Value, member: &str) -> &'a str {
    file.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn name(file: &Value) -> &str {
    text(file, "name")
}

fn size(file: &Value) -> u64 {
    file.get("size").and_then(Value::as_u64).unwrap_or_default()
}
