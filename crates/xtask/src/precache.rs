//! Writes into the service worker which files it keeps, and the SHA-256 of each. The worker
//! refuses to install unless every file matches, so a captive portal's page is never kept as ours.
//! Forms are listed without a digest: a webmaster changes them without building the kit. And the
//! script of the outbox, which it sends with: not every browser has workers that are modules, and a
//! script of its own could be of another build than the worker.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The line in `public/sw.js` that is replaced. As it stands there, the worker keeps nothing.
const UNSTAMPED: &str = r#"const PRECACHE = { version: "dev", files: [], forms: [] };"#;

/// The line in it that is replaced by the outbox. As it stands there, the worker sends nothing.
const NO_OUTBOX: &str = "const outbox = undefined;";

/// The outbox's script as wasm-bindgen writes it.
const OUTBOX: &str = "eform-worker.js";

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
    let outbox = fs::read_to_string(dist.join(OUTBOX))?;
    let mut precache = Precache::default();
    precache.collect(dist, dist)?;
    let outbox = as_function(&outbox).with_context(|| format!("{OUTBOX} is of another shape"))?;
    let stamped = replaced(&precache.stamp(&source)?, NO_OUTBOX, &outbox)?;
    fs::write(&worker, stamped)?;
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
        let stamped = json!({
            "version": self.version(),
            "files": self.files.iter().map(|(path, hash)| [path, hash]).collect::<Vec<_>>(),
            "forms": self.forms,
        });
        replaced(worker, UNSTAMPED, &format!("const PRECACHE = {stamped};"))
    }
}

fn replaced(worker: &str, line: &str, by: &str) -> Result<String> {
    let (before, after) =
        worker.split_once(line).with_context(|| format!("sw.js has no line `{line}`"))?;
    Ok([before, by, after].concat())
}

/// `const outbox = () => …`, a function that runs the module's script and gives what it exports.
fn as_function(module: &str) -> Result<String> {
    // Only asked for where nobody says where the wasm is.
    let module = module.replace("import.meta.url", "location.href");
    let (mut script, mut exports, mut rest) = (String::new(), Vec::new(), &*module);
    while let Some(at) = export(rest) {
        script += &rest[..at];
        let after = rest[at + "export".len()..].trim_start();
        if let Some(list) = after.strip_prefix('{') {
            let (list, after) = list.split_once('}').context("a list of exports has no end")?;
            for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                let (local, name) = item.split_once(" as ").unwrap_or((item, item));
                exports.push(format!("{name}:{local}"));
            }
            rest = after.trim_start().trim_start_matches(';');
            continue;
        }
        let function = after.strip_prefix("async ").unwrap_or(after).strip_prefix("function ");
        let Some((name, _)) = function.and_then(|function| function.split_once('(')) else {
            bail!("an export that is no function: {}", after.lines().next().unwrap_or_default());
        };
        exports.push(format!("{name}:{name}"));
        rest = after;
    }
    script += rest;
    ensure!(exports.iter().any(|export| export.starts_with("default:")), "nothing starts it");
    Ok(format!(
        "const outbox = () => {{\n{}\nreturn {{{}}};\n}};",
        script.trim(),
        exports.join(",")
    ))
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
    // One is in the other.
    let of_worker = ["sw.js", OUTBOX].contains(&name);
    // The system takes them when the page is put on the home screen, and keeps them itself.
    let for_home_screen = name.starts_with("icon-") && name.ends_with(".png");
    let left_out = hidden || for_others || for_home_screen || on_paper || of_worker;
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

/// Where the next `export` is, not as a part of a name.
fn export(script: &str) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    script.match_indices("export").map(|(at, _)| at).find(|at| {
        let after = script[at + "export".len()..].chars().next();
        !script[..*at].ends_with(is_name) && after.is_some_and(|c| c == ' ' || c == '{')
    })
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
            ("icon.svg", Kind::Kit("icon.svg")),
            ("icon-512.png", Kind::NotNeeded),
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
    fn a_module_becomes_a_function_that_gives_what_it_exported() {
        for module in [
            "export function a(x) { return o.__export }\nexport async function b() {}\nconst i = () => import.meta.url;\nexport { i as default };\n",
            "export function a(x) { return o.__export }export async function b() {}const i = () => import.meta.url;export{i as default};",
        ] {
            let function = as_function(module).unwrap();
            assert_eq!(function.matches("export").count(), 1, "{function}");
            assert!(!function.contains("import"), "{function}");
            assert!(function.contains("function a(x) { return "), "{function}");
            assert!(function.ends_with("return {a:a,b:b,default:i};\n};"), "{function}");
        }
        assert!(as_function("export function a() {}").is_err());
        assert!(as_function("export const a = 1;export{a as default};").is_err());
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
        let stamped = Precache::default().stamp(worker).unwrap();
        assert!(replaced(&stamped, NO_OUTBOX, "").is_ok());
    }
}
