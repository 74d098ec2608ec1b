//! What goes wrong when the phone should save or read something.

use std::fmt;

/// Nothing was saved or read. The page says so and offers the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageError {
    /// The browser does not let this page store anything: a private window, blocked site data, an
    /// embedded page. The citizen sees: nothing you type is being saved here.
    Refused,
    /// The phone or the origin's share of it is full. The citizen sees: free some space.
    Quota,
    /// The connection to the database was lost, opened again, and lost again. The citizen sees:
    /// nothing is being saved; reload the page.
    Gone,
    /// What is kept is under a PIN that was not entered yet. The citizen is asked for it.
    Locked,
    /// What was read back after saving is not what was saved. The citizen sees: nothing was saved.
    Mismatch,
    /// Anything else, with the browser's name for it. The citizen sees: nothing was saved.
    Other(String),
}

impl StorageError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused => "storage-refused",
            Self::Quota => "storage-quota",
            Self::Gone => "storage-gone",
            Self::Locked => "storage-locked",
            Self::Mismatch => "storage-mismatch",
            Self::Other(_) => "storage-other",
        }
    }

    /// From the name of a `DOMException` of IndexedDB (Indexed Database API 3.0, «Exceptions»).
    /// `opening` tells the two meanings of `InvalidStateError` apart: Firefox says it when a
    /// private window has no database, every browser when a connection is closed.
    pub fn from_name(name: &str, opening: bool) -> Self {
        match name {
            "QuotaExceededError" => Self::Quota,
            "SecurityError" | "NotAllowedError" => Self::Refused,
            "InvalidStateError" if opening => Self::Refused,
            "InvalidStateError"
            | "AbortError"
            | "UnknownError"
            | "TimeoutError"
            | "TransactionInactiveError" => Self::Gone,
            name => Self::Other(name.into()),
        }
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        if let Self::Other(name) = self {
            f.write_str(": ")?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl std::error::Error for StorageError {}
