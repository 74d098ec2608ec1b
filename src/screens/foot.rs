//! Below every screen: the way to what this phone keeps, what the answers are for, and whom to ask.

use std::sync::Arc;

use leptos::prelude::*;

use super::{mine, size};
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::drafts::Note;
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::later_words;

/// The footer, followed as the language, the screen and what is kept change.
pub fn view(filling: &Arc<Filling>) -> El {
    let (this, note) = (Arc::clone(filling), filling.drafts.note.clone());
    // Not each time that a draft is kept: somebody may be in the foot.
    let keeps_nothing =
        Memo::new(move |_| matches!(note.get(), Note::Failed | Note::Full | Note::NoStorage));
    el("div").part(move || {
        let (language, definition) = (this.language.get(), this.form().definition());
        let (words, screen) = (later_words(&language), this.screen.get());
        let count = this.count_kept();
        let mine = (count > 0 && screen != Screen::Mine).then(|| {
            let open = Arc::clone(&this);
            let mut label = words.mine.to_owned() + " (" + &count.to_string() + ")";
            label += &mine::wanting(&this.shelf, |_| true, words);
            button("link", &label).attr("data-action", "mine").click(move || open.go(Screen::Mine))
        });
        // Which leads away from a device's setting.
        let all = (this.standalone && !this.others.are_there())
            .then(|| el("a").attr("href", "./").text(words.all_services));
        // The start page says it in full.
        let privacy = definition.privacy.as_ref().filter(|_| screen != Screen::Start);
        let privacy = privacy.map(|privacy| {
            let link = privacy.url.as_ref().map(|url| el("a").attr("href", url).text(url));
            let purpose = el("p").text(&this.text(&privacy.purpose)).text(" ").maybe(link);
            el("details").child(el("summary").text(words.first.privacy)).child(purpose)
        });
        let phone =
            definition.agency.as_ref().and_then(|agency| agency.contact.as_ref()?.phone.as_ref());
        let contact = phone.map(|phone| {
            let link = el("a").attr("href", &("tel:".to_owned() + phone));
            let number = eform::fields::phone::in_words(phone);
            el("p").text(words.contact).text(" ").child(link.text(&number))
        });
        // Where nothing can be kept, paper keeps it.
        let paper = keeps_nothing.get().then(|| blank(&this, &language)).flatten();
        let paper = paper.map(|address| {
            el("a").attr("href", &address).attr("data-eform", "blank").text(words.empty_form)
        });
        let links = div("links").maybe(mine).maybe(all).maybe(paper);
        let sizes = size::control(&this.root, words);
        Some(el("div").child(links).maybe(privacy).maybe(contact).child(sizes))
    })
}

/// The address of the empty form, which lies beside the definition.
fn blank(filling: &Filling, language: &str) -> Option<String> {
    let src = filling.host.get_attribute("src").or_else(|| {
        let search = web_sys::window()?.location().search().ok()?;
        let query = by_name::make("URLSearchParams", &[search.into()]).ok()?;
        let form = by_name::call(&query, "get", &["form".into()]).ok()?.as_string()?;
        Some(["forms/", &form, ".json"].concat())
    })?;
    let path = src.split('?').next()?.strip_suffix(".json")?;
    Some([path, ".blank.", language, ".html"].concat())
}
