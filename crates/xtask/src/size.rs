//! Measures what a phone must fetch before the first field works, against the budget, and what it
//! fetches after that.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::{finish, kit, setup, sh, split};

/// Brotli bytes before the first field works.
const BUDGET: usize = 150 * 1024;

/// Brotli bytes of the module that delivers; a service worker starts it anew each time.
const WORKER_BUDGET: usize = 80 * 1024;

const WORKER: &str = "eform-worker_bg.wasm";

/// Brotli bytes of the page's outbox.
const OUTBOX_BUDGET: usize = 102 * 1024;

const OUTBOX: &str = "eform-outbox_bg.wasm";

/// A form of ordinary length stands for all.
const FIRST_FIELD: &[&str] = &[
    "index.html",
    "e-form.js",
    "e-form.css",
    "page.css",
    "eform-kit.js",
    "eform-kit_bg.wasm",
    "forms/farmer-registration.json",
];

/// Fetched once the first field is there: not what the budget is for.
const AFTER: &[&str] = &[split::LATER, "e-form-later.css", "eform-outbox.js", OUTBOX, WORKER];

/// Bytes as they are, and as servers send them.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds and measures. False when over the budget.
pub fn run(json: bool) -> Result<bool> {
    if json {
        sh::keep_stdout_for_result();
    }
    setup::for_build()?;
    kit::build(true)?;
    let (files, after) = (measure_all(FIRST_FIELD)?, measure_all(AFTER)?);
    let total = total(&files);
    if json {
        println!("{}", report(&files, &after));
    } else {
        print!("{}", table(&files, &after));
        if finish::wasm_opt().is_none() {
            println!("(built without wasm-opt)");
        }
    }
    let brotli = |wanted: &str| {
        let of_it = after.iter().filter(|(name, _)| *name == wanted);
        of_it.map(|(_, size)| size.brotli).sum()
    };
    let all = [
        is_within("what the first field needs", total.brotli, BUDGET),
        is_within(OUTBOX, brotli(OUTBOX), OUTBOX_BUDGET),
        is_within(WORKER, brotli(WORKER), WORKER_BUDGET),
    ];
    Ok(all.iter().all(|is_within| *is_within))
}

/// Says so where it is not.
fn is_within(what: &str, brotli: usize, budget: usize) -> bool {
    if brotli > budget {
        eprintln!("{what}: over the budget of {budget} bytes by {}", brotli - budget);
    }
    brotli <= budget
}

type Measured = Vec<(&'static str, Sizes)>;

fn measure_all(names: &[&'static str]) -> Result<Measured> {
    names
        .iter()
        .map(|name| {
            let sizes = measure(&kit::dist().join(name));
            Ok((*name, sizes.with_context(|| format!("the kit needs {name}"))?))
        })
        .collect()
}

/// Where the build has compressed a file already, that is what counts.
fn measure(file: &Path) -> Result<Sizes> {
    let bytes = fs::read(file)?;
    let built = |ending| fs::read(beside(file, ending));
    Ok(Sizes {
        raw: bytes.len(),
        gzip: built(".gz").or_else(|_| gzip(&bytes))?.len(),
        brotli: built(".br").or_else(|_| brotli(&bytes))?.len(),
    })
}

/// Where servers look for the compressed form of a file.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// As `gzip -9`.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    gzip.finish()
}

/// As `brotli --best`: quality 11, a window of 4 MiB.
pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    brotli.write_all(bytes)?;
    Ok(brotli.into_inner())
}

fn total(files: &Measured) -> Sizes {
    files.iter().fold(Sizes::default(), |sum, (_, size)| Sizes {
        raw: sum.raw + size.raw,
        gzip: sum.gzip + size.gzip,
        brotli: sum.brotli + size.brotli,
    })
}

fn report(files: &Measured, after: &Measured) -> Value {
    let sizes = |size: Sizes| json!({ "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli });
    let each = |files: &Measured| -> Vec<Value> {
        let file = |(name, size): &(&str, Sizes)| json!({ "file": name, "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli });
        files.iter().map(file).collect()
    };
    json!({
        "first_field": sizes(total(files)), "budget": BUDGET,
        "files": each(files), "after": each(after)
    })
}

fn table(files: &Measured, after: &Measured) -> String {
    let line = |name: &str, size: Sizes| {
        format!("{name:<34}{:>10}{:>10}{:>10}\n", size.raw, size.gzip, size.brotli)
    };
    let mut text = format!("{:<34}{:>10}{:>10}{:>10}\n", "bytes", "raw", "gzip", "brotli");
    for (name, size) in files {
        text += &line(name, *size);
    }
    let total = total(files);
    text += &line("the first field needs", total);
    let percent = total.brotli * 100 / BUDGET;
    text += &format!("{:<34}{:>30}\n", "budget", format!("{BUDGET} ({percent} % used)"));
    for (name, size) in after {
        text += &line(&format!("after it: {name}"), *size);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_is_smaller_and_the_total_is_the_sum() {
        let text = "one answer, ".repeat(1000);
        let (gzip, brotli) = (gzip(text.as_bytes()).unwrap(), brotli(text.as_bytes()).unwrap());
        assert!(brotli.len() < gzip.len() && gzip.len() < text.len());

        let size = Sizes { raw: 300, gzip: 200, brotli: 100 };
        let files = vec![("index.html", size), ("e-form.js", size)];
        let report = report(&files, &files[..1].to_vec());
        assert_eq!(report["after"].as_array().unwrap().len(), 1);
        assert_eq!(report["first_field"], json!({ "raw": 600, "gzip": 400, "brotli": 200 }));
    }

    #[test]
    fn the_table_lines_up() {
        let size = Sizes { raw: 400_000, gzip: 150_000, brotli: 120_000 };
        let files = vec![("index.html", size)];
        let widths: Vec<usize> =
            table(&files, &files).lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [64, 64, 64, 64, 64]);
    }
}
