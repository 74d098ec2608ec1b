//! What was understood, below the boxes of a day: its words, and beside the year of the Buddhist era
//! the one that the rest of the world counts.

use crate::dom::{El, el};
use crate::fields::Place;

/// The words of what is known of a day; `iso` begins with its year of the common era.
pub fn echo(place: &Place, words: &str, iso: &str) -> El {
    let year = iso.get(..4).unwrap_or_default();
    // English words have it already, and what lasts for life has none.
    let common = match place.is_thai() && year != "9999" {
        true => [" (ค.ศ. ", year, ")"].concat(),
        false => String::new(),
    };
    el("p").class("echo").text(words).text(&common)
}
