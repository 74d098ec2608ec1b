//! Reads the list of places.
//!
//! It is UTF-8 text, a line for each place, in the order of their codes:
//!
//! ```text
//! eform-areas 1 th 2026.10.23 77 928 7436 Data: GeoThai …
//! #10กรุงเทพมหานคร 10
//! +พระนคร 200
//! พระบรมมหาราชวัง
//! …
//! +ดุสิต 300
//! =
//! วชิรพยาบาล
//! สวนจิตรลดา 300 303
//! สี่แยกมหานาค
//! 6ถนนนครไชยศรี
//! …
//! #40ขอนแก่น 40
//! +@ 000
//! ในเมือง
//! ```
//!
//! - The first line: the format and its version, the language, the version of the data, how many
//!   provinces, districts and sub-districts follow, and whose data it is.
//! - `#`: a province. Its code, its name, and the two digits that most of its postcodes begin with.
//! - `+`: a district. Its name and the postcodes of those of its sub-districts that name none.
//! - Any other: a sub-district. Its name and, where they differ from the district's, its postcodes.
//! - A number before the name is the last two digits of the code; without one, the code is the next.
//! - Instead of a name, `@` is `เมือง` with the province's name, and `=` the district's name.
//! - A postcode of three digits begins with the two of the province.
//! - The last line ends with a line feed too, so a text that was cut off shows.
//!
//! The English list has the same lines with names only: `#Khon Kaen`, `+@`, `Nai Mueang`, `=`.

use super::{DISTRICT, Entry, Names, PROVINCE, Places, PlacesError, number};

/// Thrice the length of the list; whatever is longer is something else.
const LONGEST_TEXT: usize = 600_000;
/// Bytes; the longest name in the list has half as many.
const LONGEST_NAME: usize = 200;

/// Reads the Thai list.
pub fn places(text: &str) -> Result<Places, PlacesError> {
    let (head, lines) = split(text)?;
    let head = Head::read(head, "th").ok_or(PlacesError::Format)?;
    let mut reader = Reader {
        places: Places {
            version: head.version.to_owned(),
            credit: head.credit.to_owned(),
            entries: Vec::new(),
            postcodes: Vec::new(),
            thai: Names::new(),
            english: None,
        },
        names: Shorthand::new("เมือง"),
        last: 0,
        usual: 0,
        main: Vec::new(),
        counts: [0; 3],
    };
    for (line, number) in lines.lines().zip(2..) {
        reader.line(line).ok_or(PlacesError::Line(number))?;
    }
    if reader.counts == head.counts { Ok(reader.places) } else { Err(PlacesError::Incomplete) }
}

/// Reads the English names of the same places.
pub fn english(text: &str, places: &Places) -> Result<Names, PlacesError> {
    let (head, lines) = split(text)?;
    let head = Head::read(head, "en").ok_or(PlacesError::Format)?;
    if head.version != places.version {
        return Err(PlacesError::OtherList);
    }
    let mut names = Names::new();
    let mut shorthand = Shorthand::new("Mueang ");
    let mut entries = places.entries.iter();
    for (line, number) in lines.lines().zip(2..) {
        let (level, name) = level(line);
        let code = entries.next().ok_or(PlacesError::OtherList)?.code;
        if level != level_of(code) {
            return Err(PlacesError::OtherList);
        }
        names.push(shorthand.name(level, name).ok_or(PlacesError::Line(number))?);
    }
    if entries.next().is_none() { Ok(names) } else { Err(PlacesError::Incomplete) }
}

/// The first line and the rest.
fn split(text: &str) -> Result<(&str, &str), PlacesError> {
    if text.len() > LONGEST_TEXT || !text.starts_with("eform-areas ") {
        return Err(PlacesError::Format);
    }
    if !text.ends_with('\n') {
        return Err(PlacesError::Incomplete);
    }
    text.split_once('\n').ok_or(PlacesError::Format)
}

/// The first line.
struct Head<'a> {
    version: &'a str,
    /// Provinces, districts, sub-districts.
    counts: [u32; 3],
    credit: &'a str,
}

impl<'a> Head<'a> {
    fn read(line: &'a str, language: &str) -> Option<Self> {
        let mut rest = line.trim_end_matches('\r');
        let mut word = || {
            let (word, after) = rest.split_once(' ')?;
            rest = after;
            Some(word)
        };
        if word()? != "eform-areas" || word()? != "1" || word()? != language {
            return None;
        }
        let version = word()?;
        let mut counts = [0; 3];
        for count in &mut counts {
            *count = word()?.parse().ok()?;
        }
        Some(Self { version, counts, credit: rest })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Province,
    District,
    Subdistrict,
}

/// What a line is about, and the rest of it.
fn level(line: &str) -> (Level, &str) {
    if let Some(rest) = line.strip_prefix('#') {
        (Level::Province, rest)
    } else if let Some(rest) = line.strip_prefix('+') {
        (Level::District, rest)
    } else {
        (Level::Subdistrict, line)
    }
}

fn level_of(code: u32) -> Level {
    match code {
        _ if code.is_multiple_of(PROVINCE) => Level::Province,
        _ if code.is_multiple_of(DISTRICT) => Level::District,
        _ => Level::Subdistrict,
    }
}

/// Knows what `@` and `=` stand for.
struct Shorthand {
    /// Before the province's name in the name of its capital district.
    capital: &'static str,
    province: String,
    district: String,
    name: String,
}

impl Shorthand {
    fn new(capital: &'static str) -> Self {
        Self { capital, province: String::new(), district: String::new(), name: String::new() }
    }

    /// The name in full; none where there is no name.
    fn name(&mut self, level: Level, written: &str) -> Option<&str> {
        self.name.clear();
        match (level, written) {
            (Level::District, "@") => {
                self.name.push_str(self.capital);
                self.name.push_str(&self.province);
            }
            (Level::Subdistrict, "=") => self.name.push_str(&self.district),
            _ => self.name.push_str(written),
        }
        if self.name.is_empty() || self.name.len() > LONGEST_NAME {
            return None;
        }
        match level {
            Level::Province => self.province.clone_from(&self.name),
            Level::District => self.district.clone_from(&self.name),
            Level::Subdistrict => {}
        }
        Some(&self.name)
    }
}

/// What has been read so far.
struct Reader {
    places: Places,
    names: Shorthand,
    /// The last code, six digits.
    last: u32,
    /// What most postcodes of the province begin with, as `40000`.
    usual: u32,
    /// The district's postcodes.
    main: Vec<u32>,
    counts: [u32; 3],
}

impl Reader {
    /// Reads a line; none if it is wrong.
    fn line(&mut self, line: &str) -> Option<()> {
        let (level, rest) = level(line);
        let (digits, rest) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let name_ends = rest.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(rest.len());
        let (name, postcodes) = rest.split_at_checked(name_ends)?;
        let code = self.code(level, digits)?;

        let start = self.places.postcodes.len() as u32;
        match level {
            Level::Province => self.usual = number(postcodes, 2)? * 1000,
            Level::District => self.main = self.postcodes(postcodes)?,
            Level::Subdistrict => {
                let own = self.postcodes(postcodes)?;
                let used = if own.is_empty() { &self.main } else { &own };
                self.places.postcodes.extend_from_slice(used);
                if used.is_empty() {
                    return None;
                }
            }
        }
        self.places.thai.push(self.names.name(level, name.trim_end())?);
        self.places.entries.push(Entry { code, postcodes: start });
        self.counts[level as usize] += 1;
        self.last = code;
        Some(())
    }

    /// The code with these last digits, or the next one on its level; always after the last.
    fn code(&self, level: Level, digits: &str) -> Option<u32> {
        let (step, parent) = match level {
            Level::Province => (PROVINCE, 0),
            Level::District => (DISTRICT, self.last - self.last % PROVINCE),
            Level::Subdistrict => (1, self.last - self.last % DISTRICT),
        };
        let code = match digits {
            "" => self.last - self.last % step + step,
            _ if digits.len() <= 2 => parent + digits.parse::<u32>().ok()? * step,
            _ => return None,
        };
        // A district needs a province before it, a sub-district a district, and none has number 0 or 100.
        let lies_in = match level {
            Level::Province => digits.len() == 2 && code >= 10 * PROVINCE,
            Level::District => parent > 0 && code < parent + PROVINCE,
            Level::Subdistrict => parent % PROVINCE > 0 && code < parent + DISTRICT,
        };
        (lies_in && code > self.last).then_some(code)
    }

    /// The postcodes in the rest of a line; none if there is anything else.
    fn postcodes(&self, text: &str) -> Option<Vec<u32>> {
        let mut postcodes = Vec::new();
        for postcode in text.split(' ').filter(|postcode| !postcode.is_empty()) {
            let short = number(postcode, 3).map(|end| self.usual + end);
            let postcode = short.or_else(|| number(postcode, 5))?;
            // Ten thousand is what has five digits.
            if postcode < 10_000 {
                return None;
            }
            postcodes.push(postcode);
        }
        Some(postcodes)
    }
}
