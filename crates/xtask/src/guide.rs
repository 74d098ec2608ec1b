//! `cargo xtask guide`: writes the reference pages of the guide from the engine (`crates/guide`), and
//! makes the book of them where mdbook is installed.

use anyhow::Result;

use crate::sh;

/// Writes the pages; with `check`, says which are not current. False when some are not.
pub fn run(check: bool) -> Result<bool> {
    let mut write = sh::cargo();
    write.args(["run", "--quiet", "--package", "eform-guide", "--", "docs/src"]);
    if check {
        write.arg("--check");
        return Ok(sh::run(&mut write).is_ok());
    }
    sh::run(&mut write)?;
    if sh::find("mdbook").is_none() {
        sh::say(
            "\nThere is no mdbook, so the pages stay as they are: Markdown in docs/src. For the \
             book run `cargo install mdbook --locked`, then this again",
        );
        return Ok(true);
    }
    let book = sh::target_dir().join("guide");
    sh::run(sh::command("mdbook").args(["build", "docs", "--dest-dir"]).arg(&book))?;
    sh::say(&format!("\nThe guide: {}", book.join("index.html").display()));
    Ok(true)
}
