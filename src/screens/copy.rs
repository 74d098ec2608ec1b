//! The answers of a submission as they were sent, below its receipt and on paper, and as a file that
//! the citizen keeps: a page of HTML that needs no kit, no form and no signal to be read.

use std::rc::Rc;
use std::sync::Arc;

use eform::{Form, Session};
use eform_outbox::Record;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use super::answers::Answers;
use crate::browser::{self, member};
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::forms;
use crate::outbox::outbox;
use crate::words::{LaterWords, later_words};

/// What the file looks like; it stands alone.
const LOOKS: &str = "body{font:11pt/1.6 Sarabun,'TH Sarabun New','Noto Sans Thai',Thonburi,sans-serif;\
margin:2rem auto;max-width:44rem;padding:0 1rem}h1{font-size:1.4rem}h2{border-bottom:1px solid;\
font-size:1.15rem;margin-top:1.5rem}h3{font-size:1rem}dl{margin:0}.row{margin:.5rem 0}dt{color:#444}\
dd{font-weight:600;margin:0;white-space:pre-line}.inside{border-left:3px solid #999;padding-left:1rem}\
.number{font-size:1.5rem;font-weight:700}svg,img{max-width:16rem}@page{margin:18mm;size:A4}";

/// A submission whose answers are still on this phone.
struct Kept {
    form: &'static Form,
    session: Session,
}

/// The answers that were sent, once they have been read, with the way to keep a copy; nothing where
/// they are not on this phone any more. They are read once: on a device of many they go with the
/// receipt, and stay here for as long as the receipt is shown.
pub fn view(filling: &Arc<Filling>, id: String, language: &str) -> El {
    let kept = ArcRwSignal::new(None);
    let (read, this, of) = (kept.clone(), Arc::clone(filling), id.clone());
    spawn_local(async move {
        if this.may_show_answers(&of)
            && let Some(found) = find(&this, &of).await
        {
            read.set(Some(SendWrapper::new(Rc::new(found))));
        }
    });
    let (this, language) = (Arc::clone(filling), language.to_owned());
    el("div").part(move || {
        let kept = kept.get()?;
        let words = later_words(&language);
        let (of, tongue, that) = (id.clone(), language.clone(), Arc::clone(&this));
        let copied = SendWrapper::clone(&kept);
        let save = button("secondary", words.save_copy).attr("data-action", "save-copy");
        // A file would be left behind for the next person.
        let save = this.others.shared.is_none().then(|| {
            save.click(move || {
                if let Some(record) = that.shelf.record(&of) {
                    save_file(&copied, &that, &record, &tongue);
                }
            })
        });
        let title = el("h2").attr("id", "sent-answers").text(words.sent_answers);
        let copy = el("section").class("copy").attr("aria-labelledby", "sent-answers");
        let copy = copy.child(title).children(kept.sections(&language));
        let copy = copy.maybe(kept.declaration(&language));
        Some(el("div").child(div("actions").maybe(save)).child(copy))
    })
}

async fn find(filling: &Filling, id: &str) -> Option<Kept> {
    let here = filling.form();
    // On a device of many they go from the outbox as soon as the agency has them.
    if let (Some(answers), false) = (filling.drafts.sent(id), here.is_part()) {
        let session = Session::of_answers(here.clone(), &answers, browser::today());
        return Some(Kept { form: here, session });
    }
    let outbox = outbox().await.ok()?;
    let record = outbox.submission(id).await.ok()??;
    let answers = record.answers()?;
    let form = if here.digest() == record.definition && !here.is_part() {
        here
    } else {
        let text = outbox.definition(&record.definition).await.ok()??;
        forms::keep(Form::parse(text.as_bytes()).ok()?)
    };
    let day = browser::day(record.completed_at as f64);
    Some(Kept { form, session: Session::of_answers(form.clone(), &answers, day) })
}

impl Kept {
    fn sections(&self, language: &str) -> Vec<El> {
        let (form, session) = (self.form, &self.session);
        Answers { form, session, language, change: None }.sections()
    }

    fn declaration(&self, language: &str) -> Option<El> {
        let text = self.form.definition().declaration.as_ref()?;
        let title = el("h3").text(later_words(language).declaration);
        let text = el("p").text(self.form.text(text, language));
        Some(div("declaration").child(title).child(text))
    }
}

/// What the file says before the answers: whose form, its state, and the reference.
fn head(filling: &Filling, record: &Record, language: &str, words: &LaterWords) -> El {
    let form = filling.form();
    let agency = form.definition().agency.as_ref();
    let agency = agency.map(|agency| el("p").text(form.text(&agency.name, language)));
    let line = |name: &str, what: &str| el("p").text(name).text(": ").text(what);
    let moment = |at: f64| browser::moment(at, language);
    let head = div("head")
        .maybe(agency)
        .child(el("h1").text(form.text(&form.definition().title, language)))
        .child(line(words.saved_on_phone, &moment(record.saved_at as f64)));
    let Some(receipt) = &record.receipt else {
        return head.child(line(words.received_by_agency, words.not_yet));
    };
    let received = browser::milliseconds(&receipt.received_at).map(moment).unwrap_or_default();
    head.child(line(words.received_by_agency, &received))
        .child(el("p").text(words.reference))
        .child(el("p").class("number").text(&receipt.reference))
}

/// Hands the copy to the browser, which keeps it where it keeps files.
fn save_file(kept: &Kept, filling: &Filling, record: &Record, language: &str) {
    let words = later_words(language);
    let body = el("div")
        .child(head(filling, record, language, words))
        .children(kept.sections(language))
        .maybe(kept.declaration(language));
    let html = member(body.element(), "outerHTML").as_string().unwrap_or_default();
    let title = el("title").text(filling.form().text(&filling.form().definition().title, language));
    let title = member(title.element(), "outerHTML").as_string().unwrap_or_default();
    let page = [
        "<!doctype html><html lang=\"",
        language,
        "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">",
        &title,
        "<style>",
        LOOKS,
        "</style>",
        &html,
        "</html>",
    ]
    .concat();
    let name = record.receipt.as_ref().map_or(&record.id, |receipt| &receipt.reference);
    _ = offer(&page, &[&record.form, "-", name, ".html"].concat());
}

/// Saves a text as a file of this name.
fn offer(text: &str, name: &str) -> Result<(), JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"text/html;charset=utf-8".into())?;
    let blob = by_name::make("Blob", &[by_name::list(&[text.into()]), options.into()])?;
    let addresses = member(&js_sys::global(), "URL");
    let address = by_name::call(&addresses, "createObjectURL", &[blob])?;
    let href = address.as_string().unwrap_or_default();
    let link = el("a").attr("href", &href).attr("download", name);
    by_name::call(link.element(), "click", &[])?;
    // Browsers read it when they get to it.
    let forget = move || _ = by_name::call(&addresses, "revokeObjectURL", &[address]);
    gloo::timers::callback::Timeout::new(60_000, forget).forget();
    Ok(())
}
