//! Measures what a phone must fetch before the first field works, against the budget.

use std::{fs, io::Write as _, path::Path};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::{finish, kit, setup, sh};

/// Brotli bytes before the first field works.
const BUDGET: usize = 150 * 1024;

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
    let files = measure_all(&kit::dist())?;
    let total = total(&files);
    if json {
        println!("{}", report(&files, total));
    } else {
        print!("{}", table(&files, total));
        if finish::wasm_opt().is_none() {
            println!("(built without wasm-opt)");
        }
    }
    if total.brotli > BUDGET {
        eprintln!("over the budget of {BUDGET} bytes by {}", total.brotli - BUDGET);
        return Ok(false);
    }
    Ok(true)
}

type Measured = Vec<(&'static str, Sizes)>;

fn measure_all(dist: &Path) -> Result<Measured> {
    FIRST_FIELD
        .iter()
        .map(|name| {
            let bytes = fs::read(dist.join(name))
                .with_context(|| format!("the first field needs {name}, which is not in dist/"))?;
            Ok((*name, measure(&bytes)?))
        })
        .collect()
}

fn measure(bytes: &[u8]) -> Result<Sizes> {
    Ok(Sizes { raw: bytes.len(), gzip: gzip(bytes)?.len(), brotli: brotli(bytes)?.len() })
}

/// As `gzip -9`.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}

/// As `brotli --best`: quality 11, a window of 4 MiB.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
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

fn report(files: &Measured, total: Sizes) -> Value {
    let sizes = |size: Sizes| json!({ "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli });
    let files: Vec<Value> = files
        .iter()
        .map(|(name, size)| {
            json!({ "file": name, "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli })
        })
        .collect();
    json!({ "first_field": sizes(total), "budget": BUDGET, "files": files })
}

fn table(files: &Measured, total: Sizes) -> String {
    let line = |name: &str, size: Sizes| {
        format!("{name:<34}{:>10}{:>10}{:>10}\n", size.raw, size.gzip, size.brotli)
    };
    let mut text = format!("{:<34}{:>10}{:>10}{:>10}\n", "bytes", "raw", "gzip", "brotli");
    for (name, size) in files {
        text += &line(name, *size);
    }
    text += &line("the first field needs", total);
    let percent = total.brotli * 100 / BUDGET;
    text + &format!("{:<34}{:>30}\n", "budget", format!("{BUDGET} ({percent} % used)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_is_smaller_and_the_total_is_the_sum() {
        let text = "one answer, ".repeat(1000);
        let size = measure(text.as_bytes()).unwrap();
        assert_eq!(size.raw, text.len());
        assert!(size.brotli < size.gzip && size.gzip < size.raw, "{size:?}");

        let files = vec![("index.html", size), ("e-form.js", size)];
        let total = total(&files);
        assert_eq!(total.brotli, 2 * size.brotli);
        assert_eq!(report(&files, total)["first_field"]["raw"], 2 * text.len());
    }

    #[test]
    fn the_table_lines_up() {
        let size = Sizes { raw: 400_000, gzip: 150_000, brotli: 120_000 };
        let widths: Vec<usize> = table(&vec![("index.html", size)], size)
            .lines()
            .map(|line| line.chars().count())
            .collect();
        assert_eq!(widths, [64, 64, 64, 64]);
    }
}
