//! Answers and files that only the agency can read: sealed on the phone to the public key that the
//! form's definition names (`submit.sealTo`), opened by an officer who has the private one.
//!
//! HPKE in base mode (RFC 9180) with one suite. The bytes are described in `docs/protocol.md`, so that
//! others can make and read them. Pure: random numbers come in as arguments, keys are stored elsewhere.
//!
//! Files first, then the answers, which say which sealed file is which:
//!
//! ```
//! use eform_seal::{FileSealer, PrivateKey, open_answers, seal_answers};
//! # let mut submission = eform::Submission {
//! #     id: "a".into(), form: "f".into(), version: "1".into(), definition: "sha256:0".into(),
//! #     language: "th".into(), completed_at: "2026-11-20T08:14:03+07:00".into(), replaces: None,
//! #     answers: Some(serde_json::Map::new()), sealed: None, attachments: vec![], uploads: vec![],
//! # };
//! # let random = || [7; 32]; // Not in earnest: each is another.
//! let private = PrivateKey::new(random());
//! let to = private.seal_to("2569-1");
//!
//! let photo = b"bytes of a photograph";
//! let sha256 = eform::hex(&eform::sha256(photo));
//! let mut travels = Vec::new();
//! let mut sealer = FileSealer::new(&to, &submission.id, &sha256, random(), &mut travels)?;
//! for piece in photo.chunks(1 << 16) {
//!     sealer.write(piece, &mut travels)?;
//! }
//! sealer.finish(&mut travels)?;
//! let sealed = eform::Enclosed::new(&travels);
//! let names = [(sha256, sealed.sha256.clone())];
//! submission.attachments.push(sealed);
//!
//! let answers = submission.answers.clone();
//! seal_answers(&to, &mut submission, &names, random())?;
//! assert!(submission.answers.is_none());
//! assert_eq!(Some(open_answers(&private, &submission)?.answers), answers);
//! # Ok::<(), eform_seal::Error>(())
//! ```
#![deny(missing_docs)]

mod answers;
mod error;
mod file;
mod suite;

pub use answers::{Opened, looks_sealed, open_answers, seal_answers};
pub use error::Error;
pub use file::{FileOpener, FileSealer, is_sealed_file, plain_size, sealed_size};
pub use suite::{PrivateKey, SUITE, is_key};
