//! Gives short names to what a wasm module and its script call each other. wasm-bindgen ends these
//! names in 16 hexadecimal digits, which no compression makes smaller, and each stands in both
//! files: some 3 KB in a page of 150.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

pub const IMPORTS: u8 = 2;
pub const EXPORTS: u8 = 7;

/// The script and the module with short names; both are as wasm-bindgen made them.
pub fn shorten(script: &str, module: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut names = Names::default();
    let module = renamed(module, |_, _, name| names.short(name))?;
    Ok((names.replace_in(script), module))
}

/// The module with other names for its imports and exports, where `name` gives one: it is asked with
/// the section, the module that an import comes from, and the name.
pub fn renamed(
    module: &[u8],
    mut name: impl FnMut(u8, &str, &str) -> Option<String>,
) -> Result<Vec<u8>> {
    entries(module, |entry| {
        let Some(name) = name(entry.section, entry.from, entry.name) else {
            return Some(entry.whole.to_vec());
        };
        let mut out = Vec::new();
        if entry.section == IMPORTS {
            put_bytes(&mut out, entry.from.as_bytes());
        }
        put_bytes(&mut out, name.as_bytes());
        out.extend_from_slice(entry.described);
        Some(out)
    })
}

/// The module without unwanted exports: what only they need goes with them when the module is
/// optimised.
pub fn without_exports(module: &[u8], unwanted: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
    entries(module, |entry| {
        let unwanted = entry.section == EXPORTS && unwanted(entry.name);
        (!unwanted).then(|| entry.whole.to_vec())
    })
}

/// The names that a module imports from another.
pub fn imports(module: &[u8], from: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    entries(module, |entry| {
        if entry.section == IMPORTS && entry.from == from {
            names.push(entry.name.to_owned());
        }
        None
    })?;
    Ok(names)
}

/// A script as wasm-bindgen writes it, without the functions for the module that the module does not
/// import any more, and without the classes whose exports it has lost.
pub fn without_unused(
    script: &str,
    is_imported: impl Fn(&str) -> bool,
    is_lost: impl Fn(&str) -> bool,
) -> String {
    let (mut kept, mut until) = (String::with_capacity(script.len()), None);
    for line in script.lines() {
        if until.is_none() {
            let function =
                line.strip_prefix("        ").and_then(|line| line.split_once(": function("));
            let class = line.strip_prefix("export class ").and_then(|line| line.split_once(' '));
            let set =
                line.strip_prefix("if (Symbol.dispose) ").and_then(|line| line.split_once('.'));
            let set = set.or_else(|| line.strip_prefix("const ")?.split_once("Finalization = "));
            until = match (function, class, set) {
                (Some((name, _)), ..) if !is_imported(name) => Some(Until::Comma),
                (_, Some((name, _)), _) if is_lost(name) => Some(Until::Brace),
                (.., Some((name, _))) if is_lost(name) => Some(Until::Semicolon),
                _ => None,
            };
        }
        let is_last = match until {
            None => {
                kept.push_str(line);
                kept.push('\n');
                continue;
            }
            Some(Until::Comma) => line.starts_with("        }") && line.ends_with("},"),
            Some(Until::Brace) => line == "}",
            Some(Until::Semicolon) => line.ends_with(';'),
        };
        if is_last {
            until = None;
        }
    }
    kept
}

/// How a piece of wasm-bindgen's script ends.
enum Until {
    Comma,
    Brace,
    Semicolon,
}

/// The module with each import and export as `edit` makes it; none leaves it out.
fn entries(module: &[u8], mut edit: impl FnMut(Entry<'_>) -> Option<Vec<u8>>) -> Result<Vec<u8>> {
    let edited = sections(module, |id, section| {
        if id != IMPORTS && id != EXPORTS {
            return Ok(section.to_vec());
        }
        let (mut reader, mut count, mut out) = (Reader(section), 0, Vec::new());
        for _ in 0..reader.number()? {
            let start = reader.0;
            let from = if id == IMPORTS { reader.text()? } else { "" };
            let name = reader.text()?;
            let described = reader.0;
            if id == IMPORTS {
                reader.import()?
            } else {
                reader.export()?
            }
            let read = |from: &'_ [u8]| from.len() - reader.0.len();
            let (whole, described) = (&start[..read(start)], &described[..read(described)]);
            if let Some(entry) = edit(Entry { section: id, from, name, described, whole }) {
                count += 1;
                out.extend(entry);
            }
        }
        let mut section = Vec::new();
        put_number(&mut section, count);
        section.extend(out);
        Ok(section)
    });
    edited.context("the wasm module cannot be read")
}

/// An import or an export.
struct Entry<'a> {
    section: u8,
    /// The module that an import comes from.
    from: &'a str,
    name: &'a str,
    /// What follows the name.
    described: &'a [u8],
    whole: &'a [u8],
}

/// The new names by the old ones.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn short(&mut self, name: &str) -> Option<String> {
        let next = format!("_{}", self.0.len());
        is_hashed(name).then(|| self.0.entry(name.to_owned()).or_insert(next).clone())
    }

    fn replace_in(&self, script: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut out = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_part) {
            let (before, word) = rest.split_at(start);
            let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            out.push_str(before);
            out.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = after;
        }
        out + rest
    }
}

/// Whether a name ends in 16 hexadecimal digits behind `_` or `_h`.
fn is_hashed(name: &str) -> bool {
    let Some((_, last)) = name.rsplit_once('_') else { return false };
    let hash = last.strip_prefix('h').filter(|hash| hash.len() == 16).unwrap_or(last);
    hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The module with each section as `edit` makes it.
fn sections(module: &[u8], mut edit: impl FnMut(u8, &[u8]) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let (header, sections) = module.split_at_checked(8).context("too short")?;
    let mut out = header.to_vec();
    let mut reader = Reader(sections);
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let section = edit(id, reader.bytes()?)?;
        out.push(id);
        put_bytes(&mut out, &section);
    }
    Ok(out)
}

/// Reads the binary format of WebAssembly (core specification, section 5).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("it ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        bail!("a number is too long")
    }

    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.number()?)?;
        let (bytes, rest) = self.0.split_at_checked(length).context("it ends too early")?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str> {
        Ok(std::str::from_utf8(self.bytes()?)?)
    }

    fn limits(&mut self) -> Result<()> {
        let flags = self.number()?;
        self.number()?;
        if flags & 1 == 1 {
            self.number()?;
        }
        Ok(())
    }

    fn import(&mut self) -> Result<()> {
        match self.byte()? {
            0 => self.number().map(drop),
            1 => {
                self.byte()?;
                self.limits()
            }
            2 => self.limits(),
            3 => {
                self.byte()?;
                self.byte().map(drop)
            }
            kind => bail!("an import of the unknown kind {kind}"),
        }
    }

    fn export(&mut self) -> Result<()> {
        self.byte()?;
        self.number().map(drop)
    }
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = (number & 127) as u8;
        number >>= 7;
        if number == 0 {
            return out.push(byte);
        }
        out.push(byte | 128);
    }
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
pub mod tests {
    use super::*;

    const LONG: &str = "__wbg_append_3a2bcd4f5a6b7c8d";

    fn module(import: &str, export: &str) -> Vec<u8> {
        module_from("./kit.js", import, export)
    }

    /// A module with one import and, beside the memory, one export.
    pub fn module_from(from: &str, import: &str, export: &str) -> Vec<u8> {
        let mut imports = vec![1];
        put_bytes(&mut imports, from.as_bytes());
        put_bytes(&mut imports, import.as_bytes());
        imports.extend([0, 0]);
        let mut exports = vec![2];
        put_bytes(&mut exports, export.as_bytes());
        exports.extend([0, 0]);
        put_bytes(&mut exports, b"memory");
        exports.extend([2, 0]);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend([1, 4, 1, 0x60, 0, 0]);
        module.push(IMPORTS);
        put_bytes(&mut module, &imports);
        module.push(EXPORTS);
        put_bytes(&mut module, &exports);
        module
    }

    #[test]
    fn what_the_module_does_not_use_goes_from_the_script() {
        let script = "\
export class Lost {
    free() {
        wasm.lost_free(1);
    }
}
if (Symbol.dispose) Lost.prototype[Symbol.dispose] = Lost.prototype.free;

export class Kept {
}
        __wbg_a: function(arg0) {
            return arg0.a;
        },
        __wbg_b: function() { return handleError(function (arg0) {
            arg0.b({
            });
        }, arguments); },
        __wbg_c: function(arg0) {
        },
const LostFinalization = (typeof FinalizationRegistry === 'undefined')
    : new FinalizationRegistry(ptr => wasm.lost_free(ptr, 1));
const x = 1;
";
        let kept = "
export class Kept {
}
        __wbg_c: function(arg0) {
        },
const x = 1;
";
        assert_eq!(without_unused(script, |name| name == "__wbg_c", |name| name == "Lost"), kept);
        assert_eq!(without_unused(script, |_| true, |_| false), script);
    }

    #[test]
    fn both_files_get_the_same_short_names_and_keep_the_others() {
        let invoke = "invoke___h00f272247694202a";
        let script = format!("imports.{LONG}=()=>wasm.{invoke}(memory,{LONG}x);");
        let (script, short) = shorten(&script, &module(LONG, invoke)).unwrap();
        assert_eq!(script, format!("imports._0=()=>wasm._1(memory,{LONG}x);"));
        assert_eq!(short, module("_0", "_1"));
    }

    #[test]
    fn exports_that_nobody_calls_are_left_out() {
        let sink = module(LONG, "intounderlyingsink_close");
        let short = without_exports(&sink, |name| name.contains("intounderlying"));
        let mut one = module(LONG, "x");
        // The entry that is left: its count, and no `x`.
        let at = one.len() - 15;
        one.splice(at..at + 6, [10, 1]);
        assert_eq!(short.unwrap(), one);
    }

    #[test]
    fn what_is_not_a_module_is_refused() {
        let good = module(LONG, "start");
        for length in [0, 7, 9, 20, good.len() - 1] {
            assert!(shorten("", &good[..length]).is_err(), "{length} bytes");
        }
    }
}
