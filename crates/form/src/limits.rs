//! How much a definition and its answers may hold, so that neither can hang or exhaust a phone or a
//! server. Every limit is far above what a form for people needs; whoever goes over one is told
//! which: the author of a definition by an error at the place, the citizen and the agency by a
//! finding with a code. What was entered beyond a limit is no answer, and the draft keeps it.

/// The bytes of a definition's file, else an error.
pub const DEFINITION_BYTES: usize = 4 << 20;

/// The fields of a form, those of groups and rows counted once, else an error.
pub const FIELDS: usize = 25_000;

/// The pages of a form, else an error.
pub const PAGES: usize = 500;

/// The languages of a form, else an error.
pub const LANGUAGES: usize = 100;

/// How deep groups and repeats may stand in each other, else an error.
pub const DEPTH: usize = 8;

/// The options of one question, and the rows of a matrix, else an error. An entry that holds a
/// longer list is found as `type`.
pub const OPTIONS: usize = 5_000;

/// The rows of one repeat: a larger `max` or `min` is an error; rows beyond `max`, or beyond this,
/// are found as `too-many-rows`.
pub const ROWS: usize = 1_000;

/// All questions with their rows, as they stand in one filled-in form. Once there are so many, no
/// row is made; a repeat with more of them is found as `too-much`.
pub const NODES: usize = 200_000;

/// The bytes of one text that is entered, by itself or as a part of an entry; found as `too-long`.
pub const TEXT_BYTES: usize = 100_000;

/// The bytes of all files that the answers of one submission name, as they are on the phone, where they
/// travel inside the submission; a file that two answers name counts twice. On one bar of signal that
/// is half an hour as it is. Found as `attachment-total`.
pub const ATTACHED_BYTES: u64 = 8 << 20;

/// The same where files go before the submission, each by itself and in pieces (`submit.uploads`), and
/// the definition does not say: what an old phone can keep beside everything else.
pub const UPLOADED_BYTES: u64 = 64 << 20;

/// The most that a definition may say there, else an error.
pub const UPLOADED_BYTES_MOST: u64 = 1 << 30;

/// The bytes of a submission as it is sent: the files as base 64, which makes four of three, and
/// more than 1 MiB for the answers, or 960 KiB where they are sealed. The agency refuses more (413).
pub const SUBMISSION_BYTES: usize = 12 << 20;

/// How deep the parts of a rule may stand in each other, else an error.
pub const RULE_DEPTH: usize = 64;

/// The steps that evaluating all rules after one change may take together. A calculation, a default
/// or a check that has none left is found as `rule-steps`; a condition that has none left holds.
pub const STEPS: u32 = 10_000_000;
