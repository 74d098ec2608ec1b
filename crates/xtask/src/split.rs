//! Makes two wasm modules of the kit: the first has what the first field needs, the later one what
//! can be reached through `src/later.rs` only. They share memory, stack and function table.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, anyhow, ensure};
use sha2::{Digest as _, Sha256};
use wasm_split_cli_support::{Options, transform};

use crate::{precache, sh, shorten};

/// The later module's file.
pub const LATER: &str = "eform-later.wasm";

/// The name under which the later module imports from the first; `public/e-form.js` has it too.
const FIRST: &str = "__wasm_split";

/// What wasm-bindgen leaves in place for a linker that does not come.
const FOR_LINKERS: &[&str] = &["__data_end", "__heap_base"];

/// Splits what Cargo built, and puts both modules and the script into `dist`.
pub fn run(built: &Path, dist: &Path) -> Result<()> {
    let whole = fs::read(built).with_context(|| format!("cannot read {}", built.display()))?;
    let folder = sh::target_dir().join("split");
    let _ = fs::remove_dir_all(&folder);
    let first = folder.join("first.wasm");
    let mut options = Options::new(&whole);
    options.output_dir = &folder;
    options.main_out_path = &first;
    let split =
        transform(options).map_err(|error| anyhow!("the kit cannot be split: {error:#}"))?;
    let [later] = &split.split_modules[..] else {
        return Err(anyhow!("the kit has {} later parts, not one", split.split_modules.len()));
    };

    let mut bindgen = sh::command("wasm-bindgen");
    // It would take away the function table's export, which the later module imports.
    bindgen.args(["--keep-lld-exports", "--target", "web", "--no-typescript"]);
    bindgen.args(["--out-name", "eform-kit", "--out-dir"]);
    sh::run(bindgen.arg(dist).arg(&first))?;

    let bound = dist.join("eform-kit_bg.wasm");
    let digest = precache::hex(&Sha256::digest(&whole));
    let (first, later) = matched(&fs::read(&bound)?, &fs::read(later)?, &digest[..8])?;
    fs::write(bound, first)?;
    Ok(fs::write(dist.join(LATER), later)?)
}

/// Both modules with names for what they share that no other build has: two that do not belong
/// together, of which one was in a browser's cache, would write into each other's memory.
fn matched(first: &[u8], later: &[u8], build: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let first = shorten::without_exports(first, |name| FOR_LINKERS.contains(&name))?;
    let shared = shorten::imports(later, FIRST)?;
    ensure!(!shared.is_empty(), "the later part imports nothing");
    // The script needs the memory under its own name.
    let named = |name: &str| {
        let index = shared.iter().position(|shared| shared == name && name != "memory")?;
        Some(format!("{build}{index}"))
    };
    let first =
        shorten::renamed(
            &first,
            |section, _, name| {
                if section == shorten::EXPORTS { named(name) } else { None }
            },
        );
    let later = shorten::renamed(later, |section, from, name| {
        if section == shorten::IMPORTS && from == FIRST { named(name) } else { None }
    });
    Ok((first?, later?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shorten::tests::module_from;

    #[test]
    fn what_the_modules_share_is_named_after_the_build() {
        let (first, later) = (module_from("./kit.js", "x", "s"), module_from(FIRST, "s", "s"));
        let (first, later) = matched(&first, &later, "abcd1234").unwrap();
        assert_eq!(first, module_from("./kit.js", "x", "abcd12340"));
        assert_eq!(later, module_from(FIRST, "abcd12340", "s"));
        assert!(matched(&first, &first, "abcd1234").is_err());
    }
}
