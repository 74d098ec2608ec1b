//! A submission for each [`End`], made as the outbox makes it: for the tests, and for the guide, which lists
//! what is offered. Not in what a browser gets.

use eform::{ProblemError, Receipt, Submission};
use serde_json::{Map, Value};

use crate::{
    End, NoAnswer, Outcome, Record, SCHEMA, Trouble, TroubleKind,
    machine::{Occasion, claim, mended, settle},
};

/// Milliseconds since 1970: 21 November 2026.
pub(crate) const NOW: i64 = 1_795_223_643_000;

/// A submission as it is right after «submit», at [`NOW`].
pub(crate) fn submitted(id: &str) -> Record {
    let submission = Submission {
        id: id.into(),
        form: "farmer-registration".into(),
        version: "2569.1".into(),
        definition: eform::digest(b"definition"),
        language: "th".into(),
        completed_at: "2026-11-21T08:14:03+07:00".into(),
        replaces: None,
        answers: Some(Map::from_iter([("name".into(), Value::from("สมหญิง"))])),
        sealed: None,
        attachments: Vec::new(),
        uploads: Vec::new(),
    };
    Record::new(&submission, Value::Null, "https://agency.example/api/submissions".into(), NOW)
}

/// The agency's receipt for this record.
pub(crate) fn receipt(record: &Record) -> Receipt {
    Receipt {
        id: record.id.clone(),
        reference: "K7TQ-2M9X-4D".into(),
        received_at: "2026-11-21T01:14:05Z".into(),
        digest: record.digest.clone(),
        signature: "eyJ.e30.c2ln".into(),
    }
}

fn after(record: &Record, outcome: &Outcome) -> Record {
    let claimed = claim(record, "me", Occasion::timer(NOW));
    let settled = claimed.and_then(|claimed| settle(&claimed, "me", outcome, NOW, 0.5));
    settled.unwrap_or_else(|| record.clone())
}

/// Every kind of submission that comes to this end; the first is the plain one. Beside each, whether its
/// form says where to sign in.
pub fn examples(end: End) -> Vec<(Record, bool)> {
    let mine = submitted("01932f3c-6f00-7000-8000-000000000001");
    let sealed = Record { sealed: true, ..mine.clone() };
    let carried = Record { carried: true, ..mine.clone() };
    let trouble = |kind, status| Outcome::Attention(Trouble::new(kind, status));
    let refused = |status| trouble(TroubleKind::Refused, status);
    let not_allowed = |status| trouble(TroubleKind::NotAllowed, status);
    let conflict = trouble(TroubleKind::Conflict, 409);
    let stranger = |status| Outcome::NotDelivered { status };
    let later = |after| Outcome::Later { status: 503, after };
    let unreadable = Outcome::Attention(Trouble::unreadable());
    let all = |of: Vec<Record>| of.into_iter().map(|record| (record, true)).collect();
    match end {
        End::Waiting => all(vec![mine, sealed, carried]),
        End::Sending => all(claim(&mine, "me", Occasion::timer(NOW)).into_iter().collect()),
        End::NoAnswer => all(vec![after(&mine, &Outcome::NoAnswer(NoAnswer::Timeout))]),
        End::Busy => all(vec![after(&mine, &later(None)), after(&carried, &later(Some(60_000)))]),
        // Nobody signs in for somebody else.
        End::Stranger => all(vec![
            after(&mine, &stranger(200)),
            after(&mine, &stranger(404)),
            after(&carried, &stranger(403)),
        ]),
        End::Door => {
            vec![(after(&mine, &stranger(401)), true), (after(&sealed, &stranger(403)), false)]
        }
        End::SignIn => {
            all(vec![after(&mine, &not_allowed(401)), after(&sealed, &not_allowed(403))])
        }
        End::NotAllowed => vec![(after(&mine, &not_allowed(403)), false)],
        End::NotAllowedHere => vec![
            (after(&carried, &not_allowed(401)), true),
            (after(&carried, &not_allowed(403)), false),
        ],
        End::Answers => {
            let mut wrong = Trouble::new(TroubleKind::Refused, 400);
            let error = ProblemError { pointer: "/name".into(), ..ProblemError::default() };
            wrong.errors.push(error);
            let told = after(&mine, &Outcome::Attention(wrong));
            all(vec![after(&mine, &refused(422)), told])
        }
        End::Conflict => all(vec![after(&mine, &conflict)]),
        End::TooLarge => all(vec![after(&mine, &refused(413))]),
        End::UnknownForm => all(vec![after(&mine, &refused(404)), after(&mine, &refused(410))]),
        End::Refused => all(vec![after(&mine, &refused(400)), after(&mine, &refused(415))]),
        End::Closed => all(vec![
            after(&sealed, &refused(422)),
            after(&sealed, &refused(413)),
            after(&carried, &conflict),
            after(&carried, &refused(404)),
        ]),
        End::FileSpoiled => all(vec![after(&mine, &refused(0))]),
        End::FileLost => all(vec![after(&sealed, &refused(0)), after(&carried, &refused(0))]),
        End::Unreadable => all(vec![
            after(&mine, &unreadable),
            after(&carried, &unreadable),
            Record::from_json("a", "{"),
        ]),
        End::Newer => all(vec![Record { schema: SCHEMA + 1, ..mine }]),
        End::Replaced => all(mended(&mine, "another").into_iter().collect()),
        End::Received => all(vec![after(&mine, &Outcome::Delivered(receipt(&mine)))]),
    }
}
