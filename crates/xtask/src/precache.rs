//! Writes into the service worker which files it keeps, and the SHA-256 of each. The worker
//! refuses to install unless every file matches, so a captive portal's page is never kept as ours.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The line in `public/sw.js` that is replaced. As it stands there, the worker keeps nothing.
const UNSTAMPED: &str = r#"const PRECACHE = { version: "dev", files: [] };"#;

/// Stamps `sw.js` in a built folder.
pub fn run(dist: &Path) -> Result<()> {
    let worker = dist.join("sw.js");
    let source = fs::read_to_string(&worker).with_context(|| format!("cannot read {}", worker.display()))?;
    let mut files = BTreeMap::new();
    collect(dist, dist, &mut files)?;
    fs::write(&worker, stamp(&source, &files)?)?;
    println!("sw.js keeps {} files for offline, version {}", files.len(), version(&files));
    Ok(())
}

/// Digests by address, relative to the worker.
type Files = BTreeMap<String, String>;

fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let parts = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy());
        let name = parts.collect::<Vec<_>>().join("/");
        if let Some(address) = address(&name) {
            files.insert(address, hex(&Sha256::digest(fs::read(&path)?)));
        }
    }
    Ok(())
}

/// The address under which a file is kept, or none if it is not needed offline.
fn address(name: &str) -> Option<String> {
    let hidden = name.split('/').any(|part| part.starts_with('.'));
    let not_needed = [".map", ".d.ts", ".cases.json", ".br", ".gz"];
    if hidden || name == "sw.js" || not_needed.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    Some(match name {
        "index.html" => "./".to_owned(),
        other => other.to_owned(),
    })
}

fn version(files: &Files) -> String {
    let list: String = files.iter().map(|(path, hash)| format!("{hash} {path}\n")).collect();
    hex(&Sha256::digest(list))[..16].to_owned()
}

fn stamp(worker: &str, files: &Files) -> Result<String> {
    let (before, after) = worker
        .split_once(UNSTAMPED)
        .with_context(|| format!("sw.js has no line `{UNSTAMPED}`"))?;
    let stamped = serde_json::json!({
        "version": version(files),
        "files": files.iter().map(|(path, hash)| [path, hash]).collect::<Vec<_>>(),
    });
    Ok(format!("{before}const PRECACHE = {stamped};{after}"))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(path, hash)| (path.to_string(), hash.to_string())).collect()
    }

    #[test]
    fn what_is_kept_for_offline() {
        let table = [
            ("index.html", Some("./")),
            ("e-form.js", Some("e-form.js")),
            ("forms/a.json", Some("forms/a.json")),
            ("forms/a.cases.json", None),
            ("sw.js", None),
            ("eform-kit.d.ts", None),
            ("eform-kit.js.map", None),
            (".stage/e-form.js", None),
        ];
        for (name, expected) in table {
            assert_eq!(address(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_stamp_replaces_one_line_and_nothing_else() {
        let worker = format!("// before\n{UNSTAMPED}\n// after\n");
        let stamped = stamp(&worker, &files(&[("./", "aa"), ("e-form.js", "bb")])).unwrap();
        let version = version(&files(&[("./", "aa"), ("e-form.js", "bb")]));
        assert_eq!(
            stamped,
            format!(
                "// before\nconst PRECACHE = {{\"files\":[[\"./\",\"aa\"],[\"e-form.js\",\"bb\"]],\
                 \"version\":\"{version}\"}};\n// after\n"
            )
        );
    }

    #[test]
    fn the_version_changes_with_any_file_or_name() {
        let first = version(&files(&[("a", "1"), ("b", "2")]));
        assert_eq!(first.len(), 16);
        assert_eq!(first, version(&files(&[("b", "2"), ("a", "1")])));
        assert_ne!(first, version(&files(&[("a", "1"), ("b", "3")])));
        assert_ne!(first, version(&files(&[("a", "1"), ("c", "2")])));
    }

    #[test]
    fn the_worker_in_public_can_be_stamped() {
        let worker = include_str!("../../../public/sw.js");
        assert!(stamp(worker, &Files::new()).is_ok());
    }
}
