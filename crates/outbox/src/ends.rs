//! Every way in which a submission can stand, each with words for the citizen (`end_words.rs`) and with
//! what can be done ([`crate::actions`]). The page shows exactly these, and the guide lists them.

use crate::{Record, SCHEMA, State, Trouble, TroubleKind};

/// How a submission stands, as the citizen is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It has not been tried yet.
    Waiting,
    /// Nobody answered.
    NoAnswer,
    /// Something else answered in the agency's place: a captive portal, a proxy.
    Stranger,
    /// The same with 401 or 403: a portal, or the agency's own site before its endpoint.
    Door,
    /// The agency is there and cannot take it now.
    Busy,
    /// It is on its way.
    Sending,
    /// The agency has it.
    Received,
    /// A corrected one was sent in its stead.
    Replaced,
    /// The agency asks for a sign-in, and the form says where that is.
    SignIn,
    /// The agency does not take it from this citizen, and the form names no sign-in.
    NotAllowed,
    /// The same for one that came from another phone, and goes without cookies.
    NotAllowedHere,
    /// The agency found answers that must be corrected.
    Answers,
    /// The agency has another body under its id.
    Conflict,
    /// It is larger than the agency takes.
    TooLarge,
    /// The agency does not know the form, or not any more.
    UnknownForm,
    /// The agency refused it for any other reason.
    Refused,
    /// It was refused and cannot be mended on this phone: it is sealed, or came from another one.
    Closed,
    /// A file that goes with it is damaged on this phone.
    FileSpoiled,
    /// The same for one that cannot be mended on this phone.
    FileLost,
    /// What is kept is not what was saved.
    Unreadable,
    /// A later version of the kit wrote it.
    Newer,
}

impl End {
    /// All of them, in the order in which the guide tells of them.
    pub const ALL: [Self; 21] = [
        Self::Waiting,
        Self::Sending,
        Self::NoAnswer,
        Self::Busy,
        Self::Stranger,
        Self::Door,
        Self::SignIn,
        Self::NotAllowed,
        Self::NotAllowedHere,
        Self::Answers,
        Self::Conflict,
        Self::TooLarge,
        Self::UnknownForm,
        Self::Refused,
        Self::Closed,
        Self::FileSpoiled,
        Self::FileLost,
        Self::Unreadable,
        Self::Newer,
        Self::Replaced,
        Self::Received,
    ];

    /// How a record stands. `can_sign_in`: the form says where.
    pub fn of(record: &Record, can_sign_in: bool) -> Self {
        let trouble = record.trouble.as_ref();
        match record.state {
            State::Received => Self::Received,
            State::Replaced => Self::Replaced,
            _ if is_unreadable(record) => Self::Unreadable,
            _ if record.schema > SCHEMA => Self::Newer,
            State::Sending => Self::Sending,
            State::Queued => waiting(record),
            State::Attention => trouble.map_or(Self::Refused, |trouble| {
                let is_shut = record.sealed || record.carried;
                attention(trouble, is_shut, record.carried, can_sign_in)
            }),
        }
    }
}

/// Whether what is kept is not what was saved.
pub(crate) fn is_unreadable(record: &Record) -> bool {
    record.trouble.as_ref().is_some_and(|trouble| trouble.kind == TroubleKind::Unreadable)
}

/// Whether the last try came to somebody who says «not you» and is not the agency's endpoint.
pub(crate) fn is_at_the_door(record: &Record) -> bool {
    let is_stranger = |code: &str| code == "not-delivered";
    record.last.as_ref().is_some_and(|last| {
        is_stranger(&last.code) && matches!(last.status, 401 | 403) && !record.carried
    })
}

fn waiting(record: &Record) -> End {
    match record.last.as_ref().map(|last| last.code.as_str()) {
        Some("no-answer") => End::NoAnswer,
        Some("not-delivered") if is_at_the_door(record) => End::Door,
        Some("not-delivered") => End::Stranger,
        Some("later") => End::Busy,
        _ => End::Waiting,
    }
}

fn attention(trouble: &Trouble, is_shut: bool, is_carried: bool, can_sign_in: bool) -> End {
    match (trouble.kind, trouble.status) {
        (TroubleKind::Unreadable, _) => End::Unreadable,
        (TroubleKind::NotAllowed, _) if is_carried => End::NotAllowedHere,
        (TroubleKind::NotAllowed, _) if can_sign_in => End::SignIn,
        (TroubleKind::NotAllowed, _) => End::NotAllowed,
        // Nobody has been asked.
        (TroubleKind::Refused, 0) if is_shut => End::FileLost,
        (TroubleKind::Refused, 0) => End::FileSpoiled,
        _ if is_shut => End::Closed,
        (TroubleKind::Conflict, _) => End::Conflict,
        (TroubleKind::Refused, 422) => End::Answers,
        (TroubleKind::Refused, _) if !trouble.errors.is_empty() => End::Answers,
        (TroubleKind::Refused, 413) => End::TooLarge,
        (TroubleKind::Refused, 404 | 410) => End::UnknownForm,
        (TroubleKind::Refused, _) => End::Refused,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "ends_tests.rs"]
mod tests;
