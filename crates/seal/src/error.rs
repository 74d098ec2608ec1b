//! Why something was not sealed or not opened. No text here says anything of what is sealed.

use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The public key is not 32 bytes in base 64, or one that nothing can be sealed to.
    Key,
    /// There are no answers to seal, or nothing that was sealed.
    Nothing,
    /// It was sealed in another way than this program knows.
    Suite,
    /// It does not have the form that the protocol asks for.
    Shape,
    /// It was changed, belongs to another submission, or was sealed to another key: which of them
    /// cannot be told.
    Changed,
    /// What was sealed is not answers.
    Contents,
    /// The file is not the one that the answers name.
    Digest,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "this is not an X25519 public key in base 64",
            Self::Nothing => "there is nothing sealed here",
            Self::Suite => "it was sealed in a way that this program does not know",
            Self::Shape => "it does not look as what is sealed should",
            Self::Changed => {
                "it was changed or cut, belongs to another submission, or was sealed to another key"
            }
            Self::Contents => "what was sealed is not answers",
            Self::Digest => "the file is not the one that the answers name",
        })
    }
}

impl std::error::Error for Error {}
