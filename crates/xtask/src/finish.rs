//! What happens to a folder after Trunk has built it and before it becomes `dist/`: the list of
//! forms is written, and for a release the wasm is optimised and the service worker stamped.
//! Trunk calls this (see Trunk.toml), so that a plain `trunk build --release` does it too.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use eform::Form;
use eform::paper::{self, Sheet};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{precache, sh, shorten, size, split};

const TARGET: &str = "wasm32-unknown-unknown";

/// The features are named: `--all-features` makes a module that browsers refuse.
const WASM_OPT: &[&str] = &[
    // The stack's far end is the first KiB of memory: nothing that is read or written is there.
    "--low-memory-unused",
    // What is not inlined twice, and stands beside what is named alike, compresses better.
    "--no-inline=*",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The modules beside the one that Trunk builds: each package, and what its files are called.
const OTHERS: &[(&str, &str)] =
    &[("eform-outbox-page", "eform-outbox"), ("eform-worker", "eform-worker")];

/// Exports of a library that comes with Leptos's server functions, of which the kit has none.
const UNUSED: &str = "intounderlying";

/// What is also there in compressed form, for servers that look for it (eform-agency, nginx): better
/// than they would compress while a phone waits. Only what nobody edits by hand, because a server
/// would go on sending the compressed old one.
const COMPRESSED: &[&str] = &[
    "eform-kit.js",
    "eform-kit_bg.wasm",
    split::LATER,
    "eform-outbox.js",
    "eform-outbox_bg.wasm",
    "eform-worker_bg.wasm",
    "data/areas.th.txt",
    "data/areas.en.txt",
];

/// What is written by hand or by wasm-bindgen, and fetched before the first field works.
const MINIFIED: &[&str] = &[
    "eform-kit.js",
    "eform-outbox.js",
    "eform-worker.js",
    "e-form.js",
    "e-form-failed.js",
    "e-form-kept.js",
    "e-form-inapp.js",
    "e-form-update.js",
    "e-form.css",
    "e-form-later.css",
    "e-form-failed.css",
    "e-form-inapp.css",
    "page.css",
];

pub fn run() -> Result<()> {
    let dist = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .context("TRUNK_STAGING_DIR is not set: this is called by Trunk")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    leave_out_cases(&dist.join("forms"))?;
    list_forms(&dist.join("forms"))?;
    write_paper(&dist)?;
    for (package, name) in OTHERS {
        build(package, name, &dist, release)?;
    }
    if release {
        split::run(&built("eform_kit", release), &dist)?;
        optimise(&dist.join(split::LATER))?;
        for name in OTHERS.iter().map(|(_, name)| *name).chain(["eform-kit"]) {
            let module = dist.join(format!("{name}_bg.wasm"));
            let unused = |export: &str| export.contains(UNUSED);
            fs::write(&module, shorten::without_exports(&fs::read(&module)?, unused)?)?;
            optimise(&module)?;
            let script = dist.join(format!("{name}.js"));
            leave_out_unused(&script, &module, name)?;
            shorten_names(&script, &module)?;
        }
        minify(&dist)?;
        let page = dist.join("index.html");
        fs::write(&page, without_comments(&fs::read_to_string(&page)?))?;
        for name in COMPRESSED {
            compress(&dist.join(name))?;
        }
        precache::run(&dist)?;
    }
    Ok(())
}

/// A module that the page or the service worker loads by itself.
fn build(package: &str, name: &str, dist: &Path, release: bool) -> Result<()> {
    let mut cargo = sh::command("cargo");
    cargo.args(["build", "--quiet", "--package", package, "--target", TARGET]);
    if release {
        cargo.arg("--release");
    }
    sh::run(&mut cargo)?;
    let mut bindgen = sh::command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]);
    sh::run(bindgen.arg(dist).arg(built(&package.replace('-', "_"), release)))
}

/// The module that Cargo has built.
fn built(name: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    sh::target_dir().join(TARGET).join(profile).join(name).with_extension("wasm")
}

/// The cases that forms are tried with are for their authors, not for phones.
fn leave_out_cases(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".cases.json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Writes `forms/index.json`, which the page lists the services from.
fn list_forms(folder: &Path) -> Result<()> {
    let index = folder.join("index.json");
    if !folder.is_dir() {
        return Ok(());
    }
    let forms: Vec<Value> = forms(folder)?.iter().map(summary).collect();
    fs::write(index, json!({ "forms": forms }).to_string())?;
    Ok(())
}

/// Writes the empty form of each service in each of its languages, for paper, and `help.html`, for
/// phones on which the kit cannot start. The agency's server makes both by itself; these are for
/// other servers.
fn write_paper(dist: &Path) -> Result<()> {
    let (folder, mut forms) = (dist.join("forms"), Vec::new());
    for file in files(&folder)? {
        let bytes = fs::read(&file)?;
        let form = Form::parse(&bytes).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        // The page finds a form by its file's name.
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let sheet = Sheet::At("../blank.css".to_owned());
        for (at, language) in form.definition().languages.iter().enumerate() {
            let page = paper::blank(&form, language, &sheet);
            fs::write(folder.join(paper::file_name(&name, Some(language))), &page)?;
            if at == 0 {
                fs::write(folder.join(paper::file_name(&name, None)), page)?;
            }
        }
        forms.push((name, form));
    }
    let forms: Vec<(&str, &Form)> = forms.iter().map(|(name, form)| (&**name, form)).collect();
    Ok(fs::write(dist.join("help.html"), paper::help(&forms))?)
}

/// Every form in a folder, in the order of the files' names.
pub fn forms(folder: &Path) -> Result<Vec<Value>> {
    let read = |file: &PathBuf| {
        let bytes = fs::read(file)?;
        serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", file.display()))
    };
    files(folder)?.iter().map(read).collect()
}

/// The files of a folder's forms, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".json") && !name.ends_with(".cases.json") && name != "index.json" {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn summary(form: &Value) -> Value {
    let languages = match &form["languages"] {
        Value::Array(_) => form["languages"].clone(),
        _ => json!(["th"]),
    };
    let mut entry = json!({
        "id": form["id"], "version": form["version"], "title": form["title"], "languages": languages
    });
    if form["summary"] != Value::Null {
        entry["summary"] = form["summary"].clone();
    }
    entry
}

/// Replaces a wasm module by a smaller one.
fn optimise(wasm: &Path) -> Result<()> {
    let Some(wasm_opt) = wasm_opt() else {
        println!("no wasm-opt (it needs Node.js): the wasm stays larger than it could be");
        return Ok(());
    };
    let key = [&fs::read(wasm)?[..], WASM_OPT.concat().as_bytes()].concat();
    let name = wasm.file_name().unwrap_or_default().to_string_lossy();
    let smaller = remembered(&name, &key, |output| {
        sh::run(sh::command(&wasm_opt).args(WASM_OPT).arg(wasm).arg("-o").arg(output))
    })?;
    fs::copy(smaller, wasm)?;
    Ok(())
}

/// Takes out of a module's script what the module does not use any more.
fn leave_out_unused(script: &Path, module: &Path, name: &str) -> Result<()> {
    let imported = shorten::imports(&fs::read(module)?, &format!("./{name}_bg.js"))?;
    let is_imported = |name: &str| imported.iter().any(|imported| imported == name);
    let is_lost = |class: &str| class.to_lowercase().contains(UNUSED);
    let kept = shorten::without_unused(&fs::read_to_string(script)?, is_imported, is_lost);
    Ok(fs::write(script, kept)?)
}

/// Gives the module and its script short names for each other.
fn shorten_names(script: &Path, module: &Path) -> Result<()> {
    let (short_script, short_module) =
        shorten::shorten(&fs::read_to_string(script)?, &fs::read(module)?)?;
    fs::write(script, short_script)?;
    Ok(fs::write(module, short_module)?)
}

/// Takes the white space and the long names out of scripts and style sheets.
fn minify(dist: &Path) -> Result<()> {
    let Some(esbuild) = tool("esbuild") else {
        println!("no esbuild (it needs Node.js): scripts and styles stay as they were written");
        return Ok(());
    };
    let mut command = sh::command(&esbuild);
    command.args(["--minify", "--tree-shaking=true", "--allow-overwrite", "--log-level=warning"]);
    command.arg(format!("--outdir={}", dist.display()));
    sh::run(command.args(MINIFIED.iter().map(|name| dist.join(name))))
}

/// HTML without its comments and without the white space at the beginnings of its lines.
fn without_comments(html: &str) -> String {
    let (mut kept, mut rest) = (String::new(), html);
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept += before;
        rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept += rest;
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Writes `FILE.gz` and `FILE.br`.
fn compress(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    fs::write(size::beside(file, ".gz"), size::gzip(&bytes)?)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let smaller = remembered(&format!("{name}.br"), &bytes, |output| {
        Ok(fs::write(output, size::brotli(&bytes)?)?)
    })?;
    fs::copy(smaller, size::beside(file, ".br"))?;
    Ok(())
}

/// The file that `make` writes from an input, made only when the input is another than last time:
/// often only a form or a style sheet has changed, and these steps take seconds.
fn remembered(what: &str, input: &[u8], make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let folder = sh::target_dir().join("remembered").join(what);
    let file = folder.join(precache::hex(&Sha256::digest(input)));
    if !file.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let partial = folder.join("partial");
        make(&partial)?;
        fs::rename(partial, &file)?;
    }
    Ok(file)
}

pub fn wasm_opt() -> Option<String> {
    tool("wasm-opt")
}

/// A tool pinned in package.json, never another that happens to be installed.
fn tool(name: &str) -> Option<String> {
    let file = sh::root().join("node_modules").join(".bin").join(name);
    (file.exists() && sh::find("node").is_some()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_for_developers() {
        let html = "<!doctype html>\n  <p>\n    a <!-- b\n c -->d\n  </p>\n  <!-- e -->\n";
        assert_eq!(without_comments(html), "<!doctype html>\n<p>\na d\n</p>\n");
    }

    #[test]
    fn a_summary_is_what_the_list_of_services_needs() {
        let mut form =
            json!({ "id": "a", "version": "1", "title": { "th": "ก" }, "languages": ["th", "en"] });
        assert_eq!(summary(&form), form);
        form["summary"] = "ข".into();
        let listed = form.clone();
        form["pages"] = json!([]);
        assert_eq!(summary(&form), listed);
    }
}
