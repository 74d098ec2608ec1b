//! Writes into the service worker which files it keeps, and the SHA-256 of each. The worker
//! refuses to install unless every file matches, so a captive portal's page is never kept as ours.
//! Forms are listed without a digest: a webmaster changes them without building the kit.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The line in `public/sw.js` that is replaced. As it stands there, the worker keeps nothing.
const UNSTAMPED: &str = r#"const PRECACHE = { version: "dev", files: [], forms: [] };"#;

/// Addresses relative to the worker.
#[derive(Debug, Default, PartialEq)]
struct Precache {
    /// The kit: the digest of each file.
    files: BTreeMap<String, String>,
    forms: BTreeSet<String>,
}

/// Stamps `sw.js` in a built folder.
pub fn run(dist: &Path) -> Result<()> {
    let worker = dist.join("sw.js");
    let source =
        fs::read_to_string(&worker).with_context(|| format!("cannot read {}", worker.display()))?;
    let mut precache = Precache::default();
    precache.collect(dist, dist)?;
    fs::write(&worker, precache.stamp(&source)?)?;
    println!("sw.js keeps {} files and {} forms", precache.files.len(), precache.forms.len());
    Ok(())
}

impl Precache {
    fn collect(&mut self, root: &Path, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.collect(root, &path)?;
                continue;
            }
            let parts = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy());
            let name = parts.collect::<Vec<_>>().join("/");
            match kind(&name) {
                Kind::NotNeeded => {}
                Kind::Form => drop(self.forms.insert(name)),
                Kind::Kit(address) => {
                    let digest = hex(&Sha256::digest(fs::read(&path)?));
                    self.files.insert(address.to_owned(), digest);
                }
            }
        }
        Ok(())
    }

    /// Changes with any file of the kit, and with the list of forms.
    fn version(&self) -> String {
        let mut digest = Sha256::new();
        for (path, hash) in &self.files {
            digest.update(format!("{hash} {path}\n"));
        }
        for path in &self.forms {
            digest.update(format!("{path}\n"));
        }
        hex(&digest.finalize())[..16].to_owned()
    }

    fn stamp(&self, worker: &str) -> Result<String> {
        let (before, after) = worker
            .split_once(UNSTAMPED)
            .with_context(|| format!("sw.js has no line `{UNSTAMPED}`"))?;
        let stamped = json!({
            "version": self.version(),
            "files": self.files.iter().map(|(path, hash)| [path, hash]).collect::<Vec<_>>(),
            "forms": self.forms,
        });
        Ok(format!("{before}const PRECACHE = {stamped};{after}"))
    }
}

#[derive(Debug, PartialEq)]
enum Kind<'a> {
    /// Part of the kit, under this address.
    Kit(&'a str),
    Form,
    NotNeeded,
}

fn kind(name: &str) -> Kind<'_> {
    let hidden = name.split('/').any(|part| part.starts_with('.'));
    let not_needed = [".map", ".d.ts", ".cases.json", ".schema.json", ".br", ".gz", "/OFL.txt"];
    // The empty forms for paper, of which the worker keeps those that were opened, and what stands in
    // for the kit, which are made by the agency's server too and so have no digest.
    let on_paper = name == "help.html" || name.starts_with("forms/") && name.ends_with(".html");
    // Codes that are no longer in use: for whoever checks old registers, not for the page.
    let for_others = name == "data/areas.abolished.txt";
    let left_out = hidden || for_others || on_paper || name == "sw.js";
    if left_out || not_needed.iter().any(|end| name.ends_with(end)) {
        return Kind::NotNeeded;
    }
    let in_forms = name.strip_prefix("forms/");
    if in_forms.is_some_and(|file| file.ends_with(".json") && !file.contains('/')) {
        return Kind::Form;
    }
    Kind::Kit(if name == "index.html" { "./" } else { name })
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn precache(files: &[(&str, &str)], forms: &[&str]) -> Precache {
        Precache {
            files: files.iter().map(|(path, hash)| (path.to_string(), hash.to_string())).collect(),
            forms: forms.iter().map(|form| form.to_string()).collect(),
        }
    }

    #[test]
    fn what_is_kept_for_offline() {
        let table = [
            ("index.html", Kind::Kit("./")),
            ("e-form.js", Kind::Kit("e-form.js")),
            ("data/areas.th.txt", Kind::Kit("data/areas.th.txt")),
            ("data/areas.abolished.txt", Kind::NotNeeded),
            ("fonts/fonts.js", Kind::Kit("fonts/fonts.js")),
            ("fonts/OFL.txt", Kind::NotNeeded),
            ("forms/a.json", Kind::Form),
            ("forms/index.json", Kind::Form),
            ("forms/a.cases.json", Kind::NotNeeded),
            ("forms/a.blank.html", Kind::NotNeeded),
            ("forms/a.blank.en.html", Kind::NotNeeded),
            ("help.html", Kind::NotNeeded),
            ("blank.css", Kind::Kit("blank.css")),
            ("form.schema.json", Kind::NotNeeded),
            ("sw.js", Kind::NotNeeded),
            ("eform-kit.d.ts", Kind::NotNeeded),
            ("eform-kit.js.map", Kind::NotNeeded),
            ("eform-kit.js.br", Kind::NotNeeded),
            (".stage/e-form.js", Kind::NotNeeded),
        ];
        for (name, expected) in table {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn the_stamp_replaces_one_line_and_nothing_else() {
        let precache = precache(&[("./", "aa"), ("e-form.js", "bb")], &["forms/a.json"]);
        let stamped = precache.stamp(&format!("// before\n{UNSTAMPED}\n// after\n")).unwrap();
        let line = stamped.strip_prefix("// before\nconst PRECACHE = ").unwrap();
        let line = line.strip_suffix(";\n// after\n").unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(line).unwrap(),
            json!({
                "version": precache.version(),
                "files": [["./", "aa"], ["e-form.js", "bb"]],
                "forms": ["forms/a.json"],
            })
        );
    }

    #[test]
    fn the_version_changes_with_any_file_or_name() {
        let first = precache(&[("a", "1"), ("b", "2")], &["c"]).version();
        assert_eq!(first.len(), 16);
        assert_eq!(first, precache(&[("b", "2"), ("a", "1")], &["c"]).version());
        assert_ne!(first, precache(&[("a", "1"), ("b", "3")], &["c"]).version());
        assert_ne!(first, precache(&[("a", "1"), ("d", "2")], &["c"]).version());
        assert_ne!(first, precache(&[("a", "1"), ("b", "2")], &[]).version());
    }

    #[test]
    fn the_worker_in_public_can_be_stamped() {
        let worker = include_str!("../../../public/sw.js");
        assert!(Precache::default().stamp(worker).is_ok());
    }
}
