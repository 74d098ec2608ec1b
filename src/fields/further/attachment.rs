//! The view of `attachment`: the files that have been chosen, each with a picture and «remove», and
//! the control that chooses more, from the camera, the gallery or the files, as the phone offers.
//!
//! A file is in the entry as soon as it is chosen, so that nobody goes on without it unawares. Once
//! it has been read, its bytes are kept beside the draft and its digest is in the entry; until then
//! the engine refuses it. A photograph is made small and bare first; the engine looks at what came
//! of it. Where that could not be done, the entry keeps that it was not, and the list says so as long
//! as the file is in it. What the engine would refuse anyway is refused before it is read.

use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use eform::fields::{Attachment, Shape, attachment, photograph::limit};
use eform::{Field, Finding, Form, Hasher, NodeId, Session};
use eform_outbox::PIECE_BYTES;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, File, HtmlInputElement};

use super::kept;
use super::photograph::{Turn, frame, made_small, preview};
use crate::browser::member;
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::fields::Place;
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::words::later_words;

/// Which file a pending entry stands for: phones give every photograph the same name.
const TICKET: &str = "reading";

/// A ticket that no other file has, of this page or of one before it.
fn ticket() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    [of_this_page(), next.to_string()].concat()
}

/// How the tickets begin that this page gives: with when it was opened, to the microsecond.
fn of_this_page() -> String {
    let opened = member(&member(&by_name::window(), "performance"), "timeOrigin");
    [opened.as_f64().unwrap_or_default().to_string(), "-".to_owned()].concat()
}

/// Whether this page is reading the file. One that a page before was reading as it was closed never is.
pub fn is_being_read(file: &Value) -> bool {
    text(file, TICKET).starts_with(&of_this_page())
}

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

/// «Images, PDF. At most 5 MB each. Up to 3 files. All files of this form together at most 8 MB»: what
/// would be refused is told before anything is chosen.
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
    let form = place.filling.form();
    let together = form.definition().submit.attached_bytes();
    let may_be = form.fields().iter().filter_map(|field| most_bytes(form, field));
    if may_be.fold(0, u64::saturating_add) > together {
        words += place
            .pick(" ไฟล์ทั้งหมดในแบบฟอร์มนี้รวมกันไม่เกิน ", ". All files of this form together at most ");
        words += &attachment::size_in_words(together);
    }
    words
}

/// How many bytes all files of a field may have by its own limits, in as many rows as there may be.
fn most_bytes(form: &Form, field: &Field) -> Option<u64> {
    let kind = field.kind.get::<Attachment>()?;
    let around = iter::successors(field.parent, |&place| form.field(place).parent);
    let rows = around.filter_map(|place| match form.field(place).kind.shape() {
        Shape::Rows { max, .. } => Some(max as u64),
        _ => None,
    });
    let one = kind.max().saturating_mul(kind.max_size());
    Some(rows.fold(one, u64::saturating_mul))
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
        let (place, this, filling) = (&self.place, self.clone(), self.place.filling.clone());
        place
            .control_with("input", &place.id("-how"))
            .attr("type", "file")
            .attr("accept", &kind.accepted().join(","))
            .flag("multiple", kind.max() > 1)
            // While the camera is in front, an old phone may end the page behind it.
            .click(move || filling.save_now())
            .on("change", move |event| this.choose(&event))
    }

    /// What has been chosen, each with «remove».
    fn list(&self) -> El {
        let (filling, node, this) = (self.place.filling.clone(), self.place.node, self.clone());
        // Not drawn anew when a file has been read: the focus may be in it.
        let count =
            Memo::new(move |_| filling.follow(node).entry(node).as_array().map_or(0, Vec::len));
        el("div").part(move || {
            let rows: Vec<El> = (0..count.get()).map(|at| this.row(at)).collect();
            (!rows.is_empty()).then(|| el("ul").class("files").children(rows))
        })
    }

    fn row(&self, at: usize) -> El {
        let (filling, node, this) = (self.place.filling.clone(), self.place.node, self.clone());
        let file = Memo::new(move |_| {
            filling.follow(node).entry(node).get(at).cloned().unwrap_or_default()
        });
        let words = self.place.clone();
        let media = Memo::new(move |_| file.with(|file| image(file).to_owned()));
        let picture = move || {
            let words = words.clone();
            let picture = move || {
                let label = words.pick("ภาพของ ", "Preview of ");
                file.with(|file| picture(&words.filling, file, label))
            };
            media.with(|media| (!media.is_empty()).then(|| frame(media, picture)))
        };
        let said = move || {
            let has_been_read = file.with(|file| !text(file, "sha256").is_empty());
            let size = file.with(|file| attachment::size_in_words(size(file)));
            let size = if has_been_read { [" (", &size, ")"].concat() } else { String::new() };
            file.with(|file| name(file).to_owned()) + &size
        };
        let id = self.place.id(&["-", &at.to_string()].concat());
        let told = [&id, "-told"].concat();
        let (as_taken, place) = (self.as_taken(file), self.place.clone());
        let is_left = Memo::new(move |_| {
            file.with(|file| digest_of(file).is_empty() && !is_being_read(file))
        });
        // It is there before its words, so that they are announced when they come.
        let warning = el("div").attr("id", &told).attr("aria-live", "polite").part(move || {
            let words = later_words(place.language());
            let said = |class, words| el("p").class(class).text(words);
            match is_left.get() {
                true => Some(said("found error", words.left_unread)),
                false => as_taken.get().then(|| said("found warning", words.as_taken)),
            }
        });
        let remove = button("link", later_words(self.place.language()).remove)
            .attr("id", &id)
            .attr("aria-describedby", &told)
            .attr("data-action", "remove-file")
            .child(
                el("span").class("unseen").say(move || file.with(|it| " ".to_owned() + name(it))),
            )
            .click(move || this.remove(at));
        let row = el("li").part(picture).child(el("span").say(said)).text(" ").child(remove);
        row.child(warning)
    }

    /// Whether a photograph is as the camera wrote it, with the place.
    fn as_taken(&self, file: Memo<Value>) -> Memo<bool> {
        let (filling, at) = (self.place.filling.clone(), self.place.at);
        Memo::new(move |_| {
            let kind = filling.form().field(at).kind.get::<Attachment>();
            kind.is_some_and(|kind| file.with(|file| kind.is_as_taken(file)))
        })
    }

    /// The entry's files.
    fn entered(&self) -> Vec<Value> {
        let session = self.place.filling.session();
        session.entry(self.place.node).as_array().cloned().unwrap_or_default()
    }

    /// Takes what was chosen, as far as it can be taken.
    fn choose(&self, event: &Event) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let (Some(input), Some(kind)) = (input, self.kind()) else { return };
        let Some(chosen) = input.files() else { return };
        let chosen: Vec<File> = (0..chosen.length()).filter_map(|at| chosen.get(at)).collect();
        // The list says what is chosen, and the same file can be chosen again.
        input.set_value("");
        let before = self.entered();
        // Where there can be one only, another takes its place.
        let mut files = if kind.max() == 1 { Vec::new() } else { before.clone() };
        let (mut bytes, limit) = {
            let session = self.place.filling.session();
            (session.attached_bytes(), session.attached_limit())
        };
        if kind.max() == 1 {
            bytes = bytes.saturating_sub(before.iter().map(size).sum());
        }
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for file in chosen {
            let said = self.pending(&file);
            let together = bytes.saturating_add(size(&said));
            let wrong = kind.refusal(&said).or_else(|| {
                if files.len() as u64 >= kind.max() {
                    let have = files.len() + 1;
                    let many = Finding::error("attachment-many");
                    return Some(many.with("needs", kind.max()).with("have", have));
                }
                (together > limit).then(|| attachment::too_much_together(limit))
            });
            match wrong {
                Some(wrong) => refused.push(self.words_for(wrong, &file.name(), files.len())),
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
        // It gives way once the other is there.
        let mut before = if kind.max() == 1 { before } else { Vec::new() };
        before.retain(|file| !digest_of(file).is_empty());
        let (this, key) = (self.clone(), self.place.filling.drafts.key());
        spawn_local(async move {
            this.read_all(taken, &key).await;
            if this.is_on_screen(&key) && this.entered().is_empty() && !before.is_empty() {
                this.place.enter(Value::Array(before.clone()));
                this.place.left();
            }
            if this.is_on_screen(&key) {
                before.iter().for_each(|file| this.forget(file));
            }
        });
    }

    fn kind(&self) -> Option<&Attachment> {
        self.place.field().kind.get()
    }

    /// What a photograph of this media type is kept as, and of how many bytes at most.
    fn kept_as(&self, media: &str) -> Option<(&'static str, u64)> {
        let media = self.kind()?.kept_as(media)?;
        Some((media, limit(media).min(self.kind()?.max_size())))
    }

    /// What stands for a file until it has been read. A photograph is as good as made small already:
    /// how large it is as it comes from the camera is no mistake.
    fn pending(&self, file: &File) -> Value {
        let mut said = describe(file);
        if size(&said) > 0
            && let Some((media, most)) = self.kept_as(text(&said, "type"))
        {
            said =
                described(&attachment::renamed(name(&said), media), media, size(&said).min(most));
        }
        said[TICKET] = ticket().into();
        said
    }

    /// What a finding says about a file, in words.
    fn words_for(&self, mut wrong: Finding, name: &str, at: usize) -> String {
        let filling = &self.place.filling;
        // So that the field's own words are found.
        wrong.path = filling.session().pointer(self.place.node);
        let wrong = wrong.with("n", at + 1);
        [name, ": ", &filling.form().message(&wrong, self.place.language())].concat()
    }

    /// Reads files that are in the entry. `key` is that of the draft.
    async fn read_all(&self, taken: Vec<(File, Value)>, key: &str) {
        let mut names = Vec::new();
        for (file, said) in taken {
            let turn = Turn::wait().await;
            let read = self.read(&file, &said, key).await;
            drop(turn);
            self.settle(key, &said, read.as_ref().ok());
            match read {
                Ok(read) => names.push(name(&read).to_owned()),
                Err(why) => {
                    let words = self.words_why(why, &file.name());
                    self.refused.update(|refused| refused.extend(words));
                }
            }
        }
        let said = [self.place.pick("แนบแล้ว: ", "Attached: "), &*names.join(", ")].concat();
        self.said.set(if names.is_empty() { String::new() } else { said });
        self.place.left();
    }

    fn words_why(&self, why: Unread, name: &str) -> Option<String> {
        let words = match why {
            Unread::Elsewhere => return None,
            Unread::Reading => self
                .place
                .pick("อ่านไฟล์ไม่สำเร็จ โปรดเลือกใหม่", "It could not be read; choose it again"),
            Unread::Keeping => self.place.pick(
                "เก็บไฟล์ไว้ในเครื่องนี้ไม่ได้ พื้นที่อาจเต็ม",
                "It could not be kept on this phone, which may be full",
            ),
            Unread::NoRoom => self.place.pick(
                "พื้นที่ในเครื่องนี้ไม่พอ โปรดลบรูปหรือแอปที่ไม่ใช้ แล้วเลือกใหม่",
                "There is not enough space on this phone: delete pictures or apps that you do not need, then choose it again",
            ),
            Unread::Refused(wrong, at) => return Some(self.words_for(wrong, name, at)),
        };
        Some([name, ": ", words].concat())
    }

    /// Whether the draft of this key is still the one that is filled in.
    fn is_on_screen(&self, key: &str) -> bool {
        let drafts = &self.place.filling.drafts;
        drafts.key() == key && drafts.submitted().is_none()
    }

    /// The bytes that this file needs, and all files of the form when they are submitted: those of the
    /// draft are there until those of the submission are, sealed once more.
    fn needs(&self, said: &Value) -> u64 {
        let session = self.place.filling.session();
        let all = session.attached_bytes();
        let times = if session.form().definition().submit.seal_to.is_some() { 2 } else { 1 };
        // Inside the submission they are in base 64, in text of two bytes a character.
        let times =
            if session.form().definition().submit.uploads.is_some() { times } else { 3 * times };
        size(said).saturating_add(all.saturating_mul(times))
    }

    /// Reads a file that `said` stands for, and keeps it beside the draft; gives what it has become.
    async fn read(&self, file: &File, said: &Value, key: &str) -> Result<Value, Unread> {
        let original = describe(file);
        let room = match outbox().await {
            Ok(outbox) => outbox.has_room(self.needs(said)).await.unwrap_or(true),
            // Why it cannot be kept is told when it is to be.
            Err(_) => true,
        };
        if !room {
            return Err(Unread::NoRoom);
        }
        let kept_as = self.kept_as(text(&original, "type"));
        self.said.set(match kept_as {
            Some(_) => self.place.pick("กำลังย่อรูปให้เล็กลง…", "Making the photo smaller…").to_owned(),
            None => self.place.pick("กำลังอ่านไฟล์…", "Reading…").to_owned(),
        });
        let made = match kept_as {
            Some((media, most)) => {
                let takes = |media: &str| self.kind().is_some_and(|kind| kind.takes(media));
                made_small(file, media, most, &takes).await
            }
            None => None,
        };
        let mut read = match &made {
            Some((media, bytes)) => described(
                &attachment::renamed(name(&original), media),
                media,
                u64::from(bytes.length()),
            ),
            None => original,
        };
        if kept_as.is_some() && made.is_none() {
            read[attachment::AS_TAKEN] = true.into();
        }
        if let Some(wrong) = self.refusal(&read, said) {
            return Err(wrong);
        }
        let bytes = match made {
            Some((_, bytes)) => bytes,
            None => all_of(file).await.ok_or(Unread::Reading)?,
        };
        let digest = digest(&bytes);
        let outbox = outbox().await.map_err(|_| Unread::Keeping)?;
        // Nothing would take it away again.
        if !self.is_on_screen(key) {
            return Err(Unread::Elsewhere);
        }
        outbox.keep_file(key, &digest, &bytes).await.map_err(|_| Unread::Keeping)?;
        read["sha256"] = digest.into();
        Ok(read)
    }

    /// Why the engine would not take what a file has become that `said` stood for.
    fn refusal(&self, read: &Value, said: &Value) -> Option<Unread> {
        let kind = self.kind()?;
        let at = self.entered().iter().position(|file| file == said).unwrap_or_default();
        let session = self.place.filling.session();
        let limit = session.attached_limit();
        let others = session.attached_bytes().saturating_sub(size(said));
        let too_much = || {
            (others.saturating_add(size(read)) > limit)
                .then(|| attachment::too_much_together(limit))
        };
        Some(Unread::Refused(kind.refusal(read).or_else(too_much)?, at))
    }

    /// Puts what a file has become into the entry where `said` stood for it; without that, takes it
    /// out. `key` is that of the draft that it was chosen in.
    fn settle(&self, key: &str, said: &Value, read: Option<&Value>) {
        let filling = &self.place.filling;
        if !self.is_on_screen(key) {
            let digest = |read| kept::forget_elsewhere(key.to_owned(), digest_of(read));
            return read.into_iter().for_each(digest);
        }
        // Rows may have gone meanwhile, or come back: the ticket says where it is now.
        let node = holder(&filling.session(), NodeId::FORM, said);
        let files = node.and_then(|node| filling.session().entry(node).as_array().cloned());
        let at = files.iter().flatten().position(|file| file == said);
        match (node, files, at, read) {
            (Some(node), Some(mut files), Some(at), read) => {
                match read {
                    Some(read) => files[at] = read.clone(),
                    None => drop(files.remove(at)),
                }
                filling.enter(node, Value::Array(files));
            }
            // Removed meanwhile.
            (.., Some(read)) => self.forget(read),
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

    fn forget(&self, file: &Value) {
        kept::forget(&self.place.filling, vec![digest_of(file)]);
    }
}

/// Takes out the files at or below `node` whose reading was left when their row was removed; gives
/// their names.
pub fn take_out_unread(filling: &Arc<Filling>, node: NodeId) -> Vec<String> {
    let (children, files) = {
        let session = filling.session();
        let is_ours = |field: &eform::Field| field.kind.get::<Attachment>().is_some();
        let files = session.field(node).filter(|field| is_ours(field));
        let files = files.and_then(|_| session.entry(node).as_array().cloned());
        (session.children(node).to_vec(), files.unwrap_or_default())
    };
    let (read, unread): (Vec<Value>, Vec<Value>) =
        files.into_iter().partition(|file| !digest_of(file).is_empty());
    let mut names: Vec<String> = unread.iter().map(|file| name(file).to_owned()).collect();
    if !names.is_empty() {
        filling.enter(node, Value::Array(read));
    }
    names.extend(children.into_iter().flat_map(|child| take_out_unread(filling, child)));
    names
}

/// The node at or below `node` whose entry has this very file.
fn holder(session: &Session, node: NodeId, file: &Value) -> Option<NodeId> {
    let has_it = session.entry(node).as_array().is_some_and(|files| files.contains(file));
    let below = || session.children(node).iter().find_map(|it| holder(session, *it, file));
    has_it.then_some(node).or_else(below)
}

fn digest_of(file: &Value) -> String {
    text(file, "sha256").to_owned()
}

/// Why a file is not there to be submitted.
enum Unread {
    /// Another draft is on the screen by now, or this one has been submitted.
    Elsewhere,
    /// The browser did not give its bytes.
    Reading,
    /// They could not be kept on this phone.
    Keeping,
    /// The phone says before that there is no room for it.
    NoRoom,
    /// What it has become is not taken; which of the files it is.
    Refused(Finding, usize),
}

/// Pictures of the files of an answer, beside what is said of them.
pub fn pictures(filling: &Filling, answer: &Value, words: &str) -> El {
    let files = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let framed = files.iter().filter(|file| !image(file).is_empty()).map(|file| {
        let picture = picture(filling, file, words);
        frame(image(file), move || picture.clone())
    });
    div("pictures").children(framed.collect())
}

/// The media type of a file that is an image.
fn image(file: &Value) -> &str {
    Some(text(file, "type")).filter(|media| media.starts_with("image/")).unwrap_or_default()
}

/// A picture of a file that has been read; `words` stand before its name.
fn picture(filling: &Filling, file: &Value, words: &str) -> Option<El> {
    let (digest, media) = (text(file, "sha256"), text(file, "type"));
    let label = [words, name(file)].concat();
    let is_read = !digest.is_empty();
    is_read.then(|| preview(filling.drafts.key(), digest.to_owned(), media.to_owned(), &label))
}

/// SHA-256 in hexadecimal digits; the file is never in this module's memory as a whole.
fn digest(bytes: &Uint8Array) -> String {
    let (mut hasher, size) = (Hasher::default(), bytes.length());
    for at in (0..size).step_by(PIECE_BYTES as usize) {
        hasher.add(&bytes.subarray(at, size.min(at + PIECE_BYTES as u32)).to_vec());
    }
    hasher.hex()
}

async fn all_of(file: &File) -> Option<Uint8Array> {
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await.ok()?);
    (f64::from(bytes.length()) == file.size()).then_some(bytes)
}

/// What is known of a file before it is read.
fn describe(file: &File) -> Value {
    let (name, said) = (file.name(), file.type_());
    let media = if said.is_empty() { attachment::media_by_name(&name).to_owned() } else { said };
    // Sizes are whole numbers, and far below 2^53.
    described(&name, &media, file.size() as u64)
}

fn described(name: &str, media: &str, size: u64) -> Value {
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
