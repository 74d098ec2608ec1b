//! A list of places that cannot be read.

use std::fmt;

/// Why a list of places cannot be used. The person then types the names, with nothing to choose
/// from; these words are for developers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacesError {
    /// Not such a list, or of a format that this version of the kit does not know.
    Format,
    /// The line with this number, counted from 1, is not what the format asks for there.
    Line(u32),
    /// It ends too early, or holds other numbers of places than its first line says.
    Incomplete,
    /// The English names are not of the list that they were given to.
    OtherList,
}

impl fmt::Display for PlacesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "not a list of places in a format that is known",
            Self::Incomplete => "the list of places is not complete",
            Self::OtherList => "the English names belong to another list of places",
            Self::Line(number) => return write!(f, "the list of places is wrong in line {number}"),
        })
    }
}

impl std::error::Error for PlacesError {}
