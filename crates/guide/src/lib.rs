//! The reference pages of the guide, made from what the engine says of itself: the types of field
//! with the examples that the tests run over, the words of findings, the operators, the limits.
//! Pages by hand can have a part that is made; it stands between two comments.

mod ends;
mod examples;
mod findings;
pub mod gallery;
mod json;
mod limits;
mod markdown;
mod members;
mod rules;
mod screen;
mod types;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// A page of the guide, or of its table of contents.
#[derive(Debug)]
pub struct Page {
    /// Below `docs/src`.
    pub path: String,
    /// What is to stand there.
    pub text: String,
}

/// Every page that is made, wholly or in part; `folder` is `docs/src`, with the parts by hand.
///
/// # Errors
/// When a page by hand cannot be read or has no place for what is made, or when something of the
/// language has no place in the guide.
pub fn pages(folder: &Path) -> Result<Vec<Page>> {
    let mut pages = types::pages(folder)?;
    for (path, name, made) in [
        ("SUMMARY.md", "types", types::summary()),
        ("types/README.md", "types", types::index()),
        ("findings.md", "findings", findings::tables()),
        ("rules.md", "operators", rules::operators()),
        ("limits.md", "limits", limits::rows()?),
        ("failing.md", "ends", ends::sections()),
    ] {
        let by_hand = fs::read_to_string(folder.join(path))
            .with_context(|| format!("cannot read docs/src/{path}"))?;
        let text = put_in(&by_hand, name, &made).with_context(|| format!("docs/src/{path}"))?;
        pages.push(Page { path: path.to_owned(), text });
    }
    Ok(pages)
}

/// Puts what is made between `<!-- made: NAME -->` and `<!-- end -->`.
fn put_in(page: &str, name: &str, made: &str) -> Result<String> {
    let begin = format!("<!-- made: {name} -->\n");
    let Some((before, rest)) = page.split_once(&begin) else { bail!("there is no {begin}") };
    let Some((_, after)) = rest.split_once("<!-- end -->") else { bail!("there is no end") };
    Ok([before, &begin, "\n", made.trim_end(), "\n\n<!-- end -->", after].concat())
}

#[cfg(test)]
mod tests {
    use super::put_in;

    #[test]
    fn what_is_made_takes_the_place_of_what_was() {
        let page = "A\n\n<!-- made: x -->\n\nold\n\n<!-- end -->\n\nB\n";
        let put = put_in(page, "x", "new\n").unwrap();
        assert_eq!(put, "A\n\n<!-- made: x -->\n\nnew\n\n<!-- end -->\n\nB\n");
        assert_eq!(put_in(&put, "x", "new").unwrap(), put);
        assert!(put_in(page, "y", "new").is_err());
    }
}
