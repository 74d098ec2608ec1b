//! When there is no form to show: it could not be fetched, or its definition is wrong.

use leptos::prelude::*;

use crate::words::words;

/// For the citizen: the form was never opened on this phone and there is no signal.
pub fn not_loaded(language: &str) -> AnyView {
    let words = words(language);
    let reload = |_| _ = web_sys::window().map(|window| window.location().reload());
    view! {
        <div class="e-form" part="form" lang=language.to_owned()>
            <div class="screen">
                <div class="panel attention" role="alert">
                    <h1>{words.not_loaded}</h1>
                    <p>{words.not_loaded_text}</p>
                </div>
                <div class="actions">
                    <button type="button" class="primary" on:click=reload>{words.try_again}</button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// For the webmaster: where the definition is wrong and what was expected.
pub fn broken(fault: String) -> AnyView {
    view! {
        <div class="e-form" part="form">
            <div class="screen">
                <div class="panel attention" role="alert" data-part="broken">
                    <h2 lang="th">"แบบฟอร์มนี้ยังใช้ไม่ได้"</h2>
                    <p lang="th">"โปรดแจ้งผู้ดูแลเว็บไซต์"</p>
                    <p lang="en">"For the webmaster: this form's definition cannot be used."</p>
                    <pre lang="en" tabindex="0">{fault}</pre>
                </div>
            </div>
        </div>
    }
    .into_any()
}
