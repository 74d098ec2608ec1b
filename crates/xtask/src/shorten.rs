//! Gives short names to what a wasm module and its script call each other. wasm-bindgen ends these
//! names in 16 hexadecimal digits, which no compression makes smaller, and each stands in both
//! files: some 3 KB in a page of 150.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The script and the module with short names; both are as wasm-bindgen made them.
pub fn shorten(script: &str, module: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut names = Names::default();
    let module = rewrite(module, &mut names).context("the wasm module cannot be read")?;
    Ok((names.replace_in(script), module))
}

/// The module without the exports that are part of `word`: what only they need goes with them when
/// the module is optimised.
pub fn without_exports(module: &[u8], word: &str) -> Result<Vec<u8>> {
    let unwanted = |name: &[u8]| String::from_utf8_lossy(name).contains(word);
    sections(module, |id, section| {
        if id != EXPORTS {
            return Ok(section.to_vec());
        }
        let (mut reader, mut kept, mut out) = (Reader(section), 0, Vec::new());
        for _ in 0..reader.number()? {
            let entry = reader.0;
            let name = reader.bytes()?;
            reader.export()?;
            if !unwanted(name) {
                kept += 1;
                out.extend_from_slice(&entry[..entry.len() - reader.0.len()]);
            }
        }
        let mut section = Vec::new();
        put_number(&mut section, kept);
        section.extend(out);
        Ok(section)
    })
}

/// The new names by the old ones.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn short(&mut self, name: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(name) else { return name.to_vec() };
        if !is_hashed(text) {
            return name.to_vec();
        }
        let next = format!("_{}", self.0.len());
        self.0.entry(text.to_owned()).or_insert(next).clone().into_bytes()
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

fn rewrite(module: &[u8], names: &mut Names) -> Result<Vec<u8>> {
    sections(module, |id, section| match id {
        IMPORTS => renamed(section, names, true),
        EXPORTS => renamed(section, names, false),
        _ => Ok(section.to_vec()),
    })
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

fn renamed(section: &[u8], names: &mut Names, imports: bool) -> Result<Vec<u8>> {
    let mut reader = Reader(section);
    let mut out = Vec::new();
    let count = reader.number()?;
    put_number(&mut out, count);
    for _ in 0..count {
        if imports {
            put_bytes(&mut out, reader.bytes()?);
        }
        put_bytes(&mut out, &names.short(reader.bytes()?));
        let described = reader.0;
        if imports {
            reader.import()?
        } else {
            reader.export()?
        }
        out.extend_from_slice(&described[..described.len() - reader.0.len()]);
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
mod tests {
    use super::*;

    const LONG: &str = "__wbg_append_3a2bcd4f5a6b7c8d";

    fn module(import: &str, export: &str) -> Vec<u8> {
        let mut imports = vec![1];
        put_bytes(&mut imports, b"./kit.js");
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
    fn both_files_get_the_same_short_names_and_keep_the_others() {
        let invoke = "invoke___h00f272247694202a";
        let script = format!("imports.{LONG}=()=>wasm.{invoke}(memory,{LONG}x);");
        let (script, short) = shorten(&script, &module(LONG, invoke)).unwrap();
        assert_eq!(script, format!("imports._0=()=>wasm._1(memory,{LONG}x);"));
        assert_eq!(short, module("_0", "_1"));
    }

    #[test]
    fn exports_that_nobody_calls_are_left_out() {
        let short = without_exports(&module(LONG, "intounderlyingsink_close"), "intounderlying");
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
