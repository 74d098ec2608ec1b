//! Every way in which a submission can stand: when that is, what the citizen reads, and what can be done.

use eform_outbox::{Action, End, State, actions, examples};

use crate::markdown::words;

/// What an end is called here, and when it comes.
fn about(end: End) -> (&'static str, &'static str) {
    match end {
        End::Waiting => ("Waiting", "It was just submitted, or the phone has no signal."),
        End::Sending => ("On its way", "It is being sent right now."),
        End::NoAnswer => ("No answer", "It was tried, and nobody answered, or the line broke."),
        End::Busy => (
            "Not now",
            "The endpoint answered `408`, `421`, `423` to `425`, `429` or `5xx`. Where it sent \
             `Retry-After`, the citizen also reads when it is sent again.",
        ),
        End::Stranger => (
            "Somebody else answered",
            "A page, a redirect or `407`, `511` came in place of a receipt, or a receipt for something \
             else: the login page of a Wi-Fi, a proxy, a site that has moved.",
        ),
        End::Door => (
            "Somebody else says «not allowed»",
            "A page with `401` or `403`, not `application/problem+json`: the login page of a Wi-Fi, or \
             what stands in front of the endpoint.",
        ),
        End::SignIn => (
            "Sign in",
            "The endpoint answered `401` or `403`, and the form says where to sign in (`submit.signIn`).",
        ),
        End::NotAllowed => (
            "Not allowed",
            "The endpoint answered `401` or `403`, and the form does not say where to sign in.",
        ),
        End::NotAllowedHere => (
            "Not allowed for somebody else",
            "The endpoint answered `401` or `403` to one that came to this phone as a file: it is sent \
             without cookies, so nobody can sign in for it.",
        ),
        End::Answers => (
            "Wrong answers",
            "The endpoint answered `422`, or refused it with `errors`, which are listed.",
        ),
        End::Conflict => ("Another one of this number", "The endpoint answered `409`."),
        End::TooLarge => ("Too large", "The endpoint, or a proxy before it, answered `413`."),
        End::UnknownForm => (
            "The form is not known",
            "The endpoint answered `404` or `410`: a definition that it never had, or has thrown away.",
        ),
        End::Refused => ("Refused", "The endpoint answered any other `4xx`."),
        End::Closed => (
            "Refused, and closed here",
            "Any refusal of one that is sealed, or that came to this phone as a file: this phone \
             cannot open it to be corrected.",
        ),
        End::FileSpoiled => (
            "A file is damaged",
            "Before it was sent, a file on the phone was not what was attached.",
        ),
        End::FileLost => (
            "A file is damaged, and it is closed here",
            "The same for one that is sealed, or that came as a file.",
        ),
        End::Unreadable => (
            "It cannot be read",
            "What is stored on the phone is not what was saved. It is not sent as long as it cannot be read.",
        ),
        End::Newer => (
            "Saved by a newer version",
            "Another tab has a newer version of the kit, and this one is from before.",
        ),
        End::Replaced => ("Corrected", "It was corrected and sent as a new one that names it."),
        End::Received => {
            ("Received", "The endpoint's receipt for exactly these bytes is on the phone.")
        }
    }
}

/// A section for each.
pub fn sections() -> String {
    End::ALL.into_iter().map(section).collect()
}

fn section(end: End) -> String {
    let (name, when) = about(end);
    let examples = examples(end);
    let mut out = format!("### {name}\n\n{}\n\n", words(when));
    for thai in [true, false] {
        let said = end.words(thai);
        let why =
            if said.why.is_empty() { String::new() } else { format!("<br>{}", words(said.why)) };
        out += &format!("> **{}**<br>{}{why}\n", words(said.title), words(said.text));
        out += if thai { ">\n" } else { "\n" };
    }
    let Some((record, _)) = examples.first() else { return out };
    let goes = matches!(record.state, State::Queued | State::Sending)
        && record.schema <= eform_outbox::SCHEMA;
    let has_sign_in = examples.iter().any(|(_, can_sign_in)| *can_sign_in);
    let offered = actions(record).iter().filter(|action| **action != Action::SignIn || has_sign_in);
    let buttons =
        offered.map(|action| format!("«{}» ({})", action.label(false), action.label(true)));
    let buttons = buttons.collect::<Vec<_>>().join(", ");
    out += if goes { "It goes by itself. " } else { "" };
    out + &format!("What can be done: {buttons}.\n\n")
}
