//! The view of everything that is typed in one line: `text`, `number`, `email`, `phone`,
//! `thai-national-id`. Always a plain text box: `type=number` refuses Thai digits. What is typed
//! stays as it is typed; no key is swallowed and nothing is put right under the caret.

use eform::fields::Number;
use leptos::prelude::*;
use serde_json::Value;

use super::Place;

/// A box of one line. `keyboard` is the HTML `inputmode`.
pub fn view(
    place: Place,
    kind: &'static str,
    keyboard: Option<&'static str>,
    autocomplete: Option<String>,
) -> AnyView {
    place.single(control(&place, kind, keyboard, autocomplete))
}

/// A box for a number, with what is counted behind it.
pub fn number(place: Place, kind: &Number) -> AnyView {
    let keyboard = if kind.decimals > 0 { "decimal" } else { "numeric" };
    let control = control(&place, "text", Some(keyboard), None);
    let control = match &kind.unit {
        Some(unit) => {
            let unit = place.say(unit);
            view! { <div class="with-unit">{control}<span class="unit">{unit}</span></div> }
                .into_any()
        }
        None => control,
    };
    place.single(control)
}

fn control(
    place: &Place,
    kind: &'static str,
    keyboard: Option<&'static str>,
    autocomplete: Option<String>,
) -> AnyView {
    let (enter, left) = (place.clone(), place.clone());
    // The browser's own checks of e-mail addresses would speak another language.
    let kind = if kind == "email" { "text" } else { kind };
    view! {
        <input
            type=kind
            id=place.dom_id("")
            name=place.name()
            inputmode=keyboard
            autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned())
            prop:value=place.entry_text()
            aria-describedby=place.described_by()
            aria-invalid=place.invalid()
            on:input=move |event| enter.enter(Value::String(event_target_value(&event)))
            on:blur=move |_| left.left()
        />
    }
    .into_any()
}
