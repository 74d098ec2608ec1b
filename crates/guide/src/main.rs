//! `eform-guide FOLDER [--check]`: writes the pages that are made into `docs/src`, or with `--check`
//! says which are not current. `cargo xtask guide` runs it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// False when a page is not current.
fn run() -> Result<bool> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("expected the folder docs/src")?);
    let check = match arguments.next().as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("unknown argument {other}"),
    };
    let mut current = true;
    for page in eform_guide::pages(&folder)? {
        let file = folder.join(&page.path);
        if fs::read_to_string(&file).is_ok_and(|there| there == page.text) {
            continue;
        }
        if check {
            eprintln!("docs/src/{} is not current: run `cargo xtask guide`", page.path);
            current = false;
        } else {
            fs::write(&file, &page.text)
                .with_context(|| format!("cannot write {}", file.display()))?;
            println!("docs/src/{} is written", page.path);
        }
    }
    Ok(current)
}
