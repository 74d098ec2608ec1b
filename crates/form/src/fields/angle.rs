//! Latitudes and longitudes as people and maps write them: `13.7563`, `13°45'22.7"N`,
//! `13 องศา 45 ลิปดา เหนือ`. Read into millionths of a degree with whole numbers only, so that the
//! result is the same on every machine.

use super::fixed;

/// A written angle: millionths of a degree, and the letter of its direction where there is one.
pub(super) type Angle = (i64, Option<char>);

/// What is said with words and signs in a tidy text, as spaces and the letters N, E, S and W.
const SAID: &[(&str, &str)] = &[
    ("ละติจูด", " "),
    ("ลองจิจูด", " "),
    ("LATITUDE", " "),
    ("LONGITUDE", " "),
    ("LAT", " "),
    ("LONG", " "),
    ("LNG", " "),
    ("LON", " "),
    ("องศา", " "),
    ("พิลิปดา", " "),
    ("ฟิลิปดา", " "),
    ("ลิปดา", " "),
    ("DEG", " "),
    ("MIN", " "),
    ("SEC", " "),
    ("เหนือ", "N"),
    ("ตะวันออก", "E"),
    ("NORTH", "N"),
    ("EAST", "E"),
    ("SOUTH", "S"),
    ("WEST", "W"),
    ("°", " "),
    ("º", " "),
    ("'", " "),
    ("\"", " "),
    (":", " "),
];

/// The text with plain numbers and letters only, where it is about angles.
pub(super) fn plain(text: &str) -> String {
    let mut plain = text.to_ascii_uppercase();
    for (said, meant) in SAID {
        plain = plain.replace(said, meant);
    }
    plain.trim().to_owned()
}

fn is_direction(c: char) -> bool {
    matches!(c, 'N' | 'E' | 'S' | 'W')
}

/// The two angles of a plain text: a comma between them, or their letters, or as many numbers in
/// each. `careful`, where it may be one angle of degrees and minutes too.
pub(super) fn pair(plain: &str, careful: bool) -> Option<(String, String)> {
    let halves = |at: usize, length: usize| Some((plain[..at].into(), plain[at + length..].into()));
    let separators = [',', ';', '/'];
    if plain.matches(separators).count() == 1 {
        return halves(plain.find(separators)?, 1);
    }
    let mut letters = plain.match_indices(is_direction).map(|(at, _)| at);
    if let (Some(first), Some(second), None) = (letters.next(), letters.next(), letters.next()) {
        return if first == 0 { halves(second, 0) } else { halves(first + 1, 0) };
    }
    let numbers: Vec<&str> = plain.split_whitespace().collect();
    let (first, second) = numbers.split_at(numbers.len() / 2);
    let even = first.len() == second.len() && matches!(first.len(), 1..=3);
    let fits = even && (!careful || first.iter().any(|number| number.contains('.')));
    fits.then(|| (first.join(" "), second.join(" ")))
}

/// Reads a plain text: degrees, or degrees and minutes, or these and seconds; only the last with
/// decimals. None for another text.
pub(super) fn parse(plain: &str) -> Option<Angle> {
    let mut rest = plain.trim();
    let mut letter = None;
    for (at_end, found) in [(false, rest.chars().next()), (true, rest.chars().next_back())] {
        let Some(direction) = found.filter(|c| is_direction(*c)) else { continue };
        if letter.replace(direction).is_some() {
            return None;
        }
        rest = if at_end { &rest[..rest.len() - 1] } else { &rest[1..] }.trim();
    }
    let south_or_west = matches!(letter, Some('S' | 'W'));
    let (minus, rest) = match rest.strip_prefix('-') {
        Some(rest) if letter.is_none() => (true, rest.trim_start()),
        Some(_) => return None,
        None => (false, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let numbers: Vec<&str> = rest.split_whitespace().collect();
    let last = numbers.len().checked_sub(1).filter(|last| *last < 3)?;
    // In hundred millionths of the smallest unit that is written.
    let mut sum = 0_i64;
    for (index, number) in numbers.iter().enumerate() {
        let decimals = number.contains('.');
        // A sign has its place before the degrees only.
        if number.starts_with('-') || decimals && index < last {
            return None;
        }
        let value = fixed::scaled(number, 8)?;
        if index > 0 && value >= 60 * 100_000_000 {
            return None;
        }
        sum = sum.checked_mul(60)?.checked_add(value)?;
    }
    let unit = 100 * 60_i64.pow(last as u32);
    let rounded = sum.checked_add(unit / 2)? / unit;
    Some((if minus || south_or_west { -rounded } else { rounded }, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_read_however_they_are_written() {
        let cases = [
            ("13.7563", 13_756_300, None),
            ("13.756330853283002", 13_756_331, None),
            ("-79.948862", -79_948_862, None),
            ("+13", 13_000_000, None),
            ("13°45'22.7\"N", 13_756_306, Some('N')),
            ("N 13°45'22.7\"", 13_756_306, Some('N')),
            ("13 45 22.7", 13_756_306, None),
            ("13:45:22.7", 13_756_306, None),
            ("13 องศา 45 ลิปดา 22.7 พิลิปดา เหนือ", 13_756_306, Some('N')),
            ("latitude 13.7563 n", 13_756_300, Some('N')),
            // The tests of the parsers geo-coordinates-parser and lat_lon_parser.
            ("40° 26.7717", 40_446_195, None),
            ("-79° 56.93172", -79_948_862, None),
            ("27deg 15min 45.2sec S", -27_262_556, Some('S')),
            ("23° 25' 48.0\" N", 23_430_000, Some('N')),
        ];
        for (text, millionths, letter) in cases {
            assert_eq!(parse(&plain(text)), Some((millionths, letter)), "{text}");
        }
        for text in [
            "",
            "N",
            "13.5 45",
            "13 60",
            "13 45 60",
            "13 45 22 7",
            "-13 N",
            "N 13 S",
            "13 -45",
            "1e5",
        ] {
            assert_eq!(parse(&plain(text)), None, "{text}");
        }
    }

    #[test]
    fn pairs_are_found_in_one_line() {
        for (line, first, second) in [
            ("13.7563, 100.5018", "13.7563", " 100.5018"),
            ("13.7563 100.5018", "13.7563", "100.5018"),
            ("13 45 22.7 100 30 6.5", "13 45 22.7", "100 30 6.5"),
            ("13°N 100°30'E", "13 N", " 100 30 E"),
            ("N13.7563 E100.5018", "N13.7563 ", "E100.5018"),
        ] {
            assert_eq!(pair(&plain(line), false), Some((first.into(), second.into())), "{line}");
        }
        assert_eq!(pair("13 45", true), None);
        assert_eq!(pair("13.5", false), None);
    }
}
