//! When there is no form to show: it could not be fetched, or its definition is wrong.

use crate::dom::{El, button, div, el};
use crate::words::words;

/// For the citizen: the form was never opened on this phone and there is no signal.
pub fn not_loaded(language: &str) -> El {
    let words = words(language);
    let reload = button("primary", words.try_again).click(|| {
        // The page is gone with it.
        _ = web_sys::window().map(|window| window.location().reload());
    });
    let panel = div("panel attention").attr("role", "alert");
    let panel =
        panel.child(el("h1").text(words.not_loaded)).child(el("p").text(words.not_loaded_text));
    let screen = div("screen").child(panel).child(div("actions").child(reload));
    div("e-form").attr("part", "form").attr("lang", language).child(screen)
}

/// For the citizen: the code of this screen could not be fetched; what was entered is still there.
pub fn not_here(language: &str, again: impl Fn() + 'static) -> El {
    let words = words(language);
    let panel = div("panel attention").attr("role", "alert").attr("lang", language);
    let panel = panel.child(el("h1").attr("tabindex", "-1").text(words.not_loaded));
    let panel = panel.child(el("p").text(words.not_here_text));
    let again = button("primary", words.try_again).attr("data-action", "try-again").click(again);
    el("div").child(panel).child(div("actions").child(again))
}

/// For the webmaster: where the definition is wrong and what was expected.
pub fn broken(fault: &str) -> El {
    let panel = div("panel attention")
        .attr("role", "alert")
        .attr("data-part", "broken")
        .child(el("h2").attr("lang", "th").text("แบบฟอร์มนี้ยังใช้ไม่ได้"))
        .child(el("p").attr("lang", "th").text("โปรดแจ้งผู้ดูแลเว็บไซต์"))
        .child(
            el("p")
                .attr("lang", "en")
                .text("For the webmaster: this form's definition cannot be used."),
        )
        .child(el("pre").attr("lang", "en").attr("tabindex", "0").text(fault));
    div("e-form").attr("part", "form").child(div("screen").child(panel))
}
