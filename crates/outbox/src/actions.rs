//! What a citizen can do with a submission in each state. The page offers exactly these, «sign in» where
//! the form says where.

use crate::ends::{is_at_the_door, is_unreadable};
use crate::{Record, SCHEMA, State, Trouble, TroubleKind};

/// Something a citizen can do with a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Try again at once: the same bytes under the same id.
    SendNow,
    /// Open the answers again and send them as a new submission that names this one.
    Mend,
    /// Go to where one signs in at the agency's; it is sent when the citizen comes back.
    SignIn,
    /// Save it as a file that another phone, or an officer, can send.
    SaveFile,
    /// Remove it from this phone, after a question.
    Delete,
}

impl Action {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::SendNow => "send-now",
            Self::Mend => "mend",
            Self::SignIn => "sign-in",
            Self::SaveFile => "save-file",
            Self::Delete => "delete",
        }
    }
}

/// What to offer for this record.
///
/// | state | send now | mend | sign in | save as file | delete |
/// |---|---|---|---|---|---|
/// | queued | yes | | where somebody on the way said 401 or 403 | yes | yes |
/// | sending | | | | yes | no: it may be arriving right now |
/// | received, replaced | | | | no: there is nothing left to deliver | yes |
/// | attention: not allowed | yes | | yes | yes | yes |
/// | attention: conflict, 422 | no: the same bytes would get the same answer | yes | | yes | yes |
/// | attention: refused otherwise | yes: the agency may have repaired its side | yes | | yes | yes |
/// | attention: unreadable | yes: the phone may do it the next time | | | no: nobody could send it | yes |
/// | by a later version | | | | no: this one cannot read it | yes |
///
/// A screen goes on showing the actions of one that waits while it is sent, so that nothing moves under a
/// finger: «send now» changes nothing then, and «delete» says that it could not be.
///
/// What is sealed cannot be mended here, since this phone cannot read it, and what came from another
/// phone is mended there: «send now» stands in its stead, for the agency may repair its side. Nor does
/// anybody sign in for it.
pub fn actions(record: &Record) -> &'static [Action] {
    use Action::{Delete, Mend, SaveFile, SendNow, SignIn};
    match record.state {
        State::Received | State::Replaced => &[Delete],
        _ if record.schema > SCHEMA => &[Delete],
        _ if is_unreadable(record) => &[SendNow, Delete],
        State::Queued if is_at_the_door(record) => &[SignIn, SendNow, SaveFile, Delete],
        State::Queued => &[SendNow, SaveFile, Delete],
        State::Sending => &[SaveFile],
        State::Attention if record.carried => &[SendNow, SaveFile, Delete],
        State::Attention => match record.trouble.as_ref() {
            Some(Trouble { kind: TroubleKind::NotAllowed, .. }) => {
                &[SignIn, SendNow, SaveFile, Delete]
            }
            _ if record.sealed => &[SendNow, SaveFile, Delete],
            Some(Trouble { kind: TroubleKind::Conflict, .. })
            | Some(Trouble { kind: TroubleKind::Refused, status: 422, .. }) => {
                &[Mend, SaveFile, Delete]
            }
            Some(Trouble { kind: TroubleKind::Refused, .. }) => &[Mend, SendNow, SaveFile, Delete],
            _ => &[SendNow, SaveFile, Delete],
        },
    }
}
