//! What is kept of a photograph that is attached: how large it is made, how it is turned, and which
//! bytes of a JPEG or PNG file are the picture itself. The rest of such a file says where, when and
//! with which camera it was taken, and none of it is anybody's business (Exif 2.32; ITU-T T.81,
//! annex B; PNG, third edition, chapters 5 and 11). It also tells a canvas that can be drawn on from
//! one that gives something else back. This module sees bytes and decodes no picture.

use std::ops::Range;

use super::attachment::{JPEG, PNG};

/// The longest side, in pixels.
pub const LONGEST_SIDE: u32 = 1600;

/// Bytes that a photograph should not exceed. A PNG of one, where a field takes no JPEG, cannot be
/// made as small.
const LIMITS: [(&str, u64); 2] = [(JPEG, 500 << 10), (PNG, 2 << 20)];

/// The media types of still pictures that browsers can decode. A GIF may move, and a TIFF may have
/// pages: they are no photographs.
const PHOTOGRAPHS: [&str; 7] =
    [JPEG, PNG, "image/heic", "image/heif", "image/webp", "image/avif", "image/bmp"];

/// Longest side and quality, in the order in which they are tried until the file is small enough.
const ATTEMPTS: [(u32, f64); 6] = [
    (LONGEST_SIDE, 0.85),
    (LONGEST_SIDE, 0.7),
    (LONGEST_SIDE, 0.55),
    (1280, 0.55),
    (960, 0.5),
    (640, 0.5),
];

/// The side of the picture by which a canvas is tried, in pixels.
pub const TRIAL_SIDE: u32 = 64;

/// The colours of its quarters, in red, green and blue: upper left, upper right, lower left, lower
/// right.
pub const TRIAL: [[u8; 3]; 4] = [[214, 40, 57], [36, 160, 82], [28, 74, 190], [244, 208, 63]];

/// How far, on the average, a colour that comes back may be from the one that was drawn. Browsers
/// that hide by small changes whose canvas it is, as Brave and private windows do, are 1 away and
/// harm no photograph; noise and a blank are 70 and more away.
const TRIAL_ERROR: u64 = 12;

/// Whether a canvas has given back what was drawn on it: `pixels` are those of the picture of the
/// trial, row by row, each in red, green, blue and alpha. Against being known again by the way they
/// draw, some browsers give noise or a blank instead, which must not take a photograph's place.
pub fn is_as_drawn(pixels: &[u8]) -> bool {
    let side = TRIAL_SIDE as usize;
    let far: u64 = (pixels.chunks_exact(4).enumerate())
        .map(|(at, pixel)| {
            let (across, down) = (at % side, at / side);
            let quarter = usize::from(across >= side / 2) + 2 * usize::from(down >= side / 2);
            let drawn = TRIAL.get(quarter).unwrap_or(&[0; 3]);
            drawn.iter().zip(pixel).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>()
        })
        .sum();
    let colours = (side * side * 3) as u64;
    pixels.len() == side * side * 4 && far <= colours * TRIAL_ERROR
}

/// Whether files of this media type are photographs.
pub fn is_photograph(media: &str) -> bool {
    PHOTOGRAPHS.contains(&media)
}

/// Bytes that a photograph kept as this media type should not exceed.
pub fn limit(media: &str) -> u64 {
    LIMITS.iter().find(|(known, _)| *known == media).map_or(u64::MAX, |(_, limit)| *limit)
}

/// Longest side in pixels and quality from 0 to 1, to be tried in this order. A PNG has no quality:
/// there each side is tried once.
pub fn attempts(media: &str) -> Vec<(u32, f64)> {
    let mut attempts = ATTEMPTS.to_vec();
    if media == PNG {
        attempts.dedup_by_key(|(side, _)| *side);
    }
    attempts
}

/// Width and height in which no side is longer than `side`, in the same proportion.
pub fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side {
        return (width.max(1), height.max(1));
    }
    let scaled = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (scaled(width), scaled(height))
}

/// Whether a picture of this Exif orientation lies on its side.
pub fn is_on_its_side(orientation: u8) -> bool {
    orientation >= 5
}

/// The transformation, `[a, b, c, d, e, f]` as CSS and the canvas have it, that puts a picture of
/// this width and height upright. The orientation is Exif's, from 1 to 8.
pub fn upright(orientation: u8, width: f64, height: f64) -> [f64; 6] {
    match orientation {
        2 => [-1.0, 0.0, 0.0, 1.0, width, 0.0],
        3 => [-1.0, 0.0, 0.0, -1.0, width, height],
        4 => [1.0, 0.0, 0.0, -1.0, 0.0, height],
        5 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        6 => [0.0, 1.0, -1.0, 0.0, height, 0.0],
        7 => [0.0, -1.0, -1.0, 0.0, height, width],
        8 => [0.0, -1.0, 1.0, 0.0, 0.0, width],
        _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    }
}

/// The picture in a file, without what else the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// `image/jpeg` or `image/png`.
    pub media: &'static str,
    /// In pixels, as the picture lies in the file.
    pub width: u32,
    /// In pixels, as the picture lies in the file.
    pub height: u32,
    /// Exif's, from 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Which bytes of the file are the picture, in order: without anything else they are a file of
    /// the same type.
    pub kept: Vec<Range<usize>>,
    /// Whether the whole file was seen, and nothing but the picture is in `kept`.
    pub is_whole: bool,
}

impl Bare {
    /// Finds the picture in a JPEG or PNG file of `length` bytes that begins with `start`: all of
    /// it, or, of a JPEG, at least all before the picture. None for another file, and for a broken
    /// one.
    pub fn find(start: &[u8], length: usize) -> Option<Self> {
        jpeg(start, length).or_else(|| png(start, length))
    }

    /// Whether it can be kept as it lies in the file.
    pub fn is_small(&self) -> bool {
        let bytes: usize = self.kept.iter().map(Range::len).sum();
        self.is_whole
            && self.orientation == 1
            && self.width.max(self.height) <= LONGEST_SIDE
            && bytes as u64 <= limit(self.media)
    }

    /// Exif that says how the picture is turned and nothing else, for where nobody can turn it: it
    /// belongs behind the first two bytes. Empty for what is upright. None where the picture cannot
    /// be kept without being drawn: not all of the file was seen, or it is a PNG on its side.
    pub fn turning(&self) -> Option<Vec<u8>> {
        let directory = |orientation| {
            let mut segment =
                b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
            segment.push(orientation);
            segment.extend([0; 6]);
            segment
        };
        match (self.is_whole, self.orientation, self.media) {
            (true, 1, _) => Some(Vec::new()),
            (true, orientation, JPEG) => Some(directory(orientation)),
            _ => None,
        }
    }
}

/// The big-endian number in two bytes.
fn two(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*bytes)))
}

/// The big-endian number in four bytes.
fn four(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*bytes)).ok()
}

fn pixels(length: usize) -> Option<u32> {
    u32::try_from(length).ok().filter(|length| *length > 0)
}

fn jpeg(file: &[u8], length: usize) -> Option<Bare> {
    if !file.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let (mut width, mut height, mut orientation) = (None, None, None);
    let mut kept: Vec<Range<usize>> = vec![Range { start: 0, end: 2 }];
    let mut at = 2;
    loop {
        if *file.get(at)? != 0xFF {
            return None;
        }
        let marker = *file.get(at + 1)?;
        // The end: what follows is of no picture, as the film of a «motion photo».
        if marker == 0xD9 {
            kept.push(at..at + 2);
            break;
        }
        // A byte that fills in; and what stands alone has no place between segments.
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let size = two(file, at + 2)?;
        let segment = file.get(at + 4..at + 2 + size)?;
        let is_picture = match marker {
            0xC4 | 0xDB | 0xDD | 0xDC | 0xDA => true,
            // A frame.
            0xC0..=0xCF => {
                (height, width) =
                    (two(segment, 1).and_then(pixels), two(segment, 3).and_then(pixels));
                true
            }
            // Without a thumbnail, which may show more than the picture does.
            0xE0 => segment.starts_with(b"JFIF\0") && segment.len() == 14,
            0xE2 => segment.starts_with(b"ICC_PROFILE\0"),
            0xEE => segment.starts_with(b"Adobe"),
            0xE1 => {
                let exif = segment.strip_prefix(b"Exif\0\0");
                orientation = orientation.or_else(|| exif.and_then(orientation_in));
                false
            }
            0xE0..=0xEF | 0xFE => false,
            _ => return None,
        };
        let end = at + 2 + size;
        if is_picture {
            kept.push(at..end);
        }
        at = end;
        if marker == 0xDA {
            if file.len() < length {
                kept.push(at..length);
                break;
            }
            let begin = at;
            at = end_of_scan(file, begin)?;
            kept.push(begin..at);
        }
    }
    let (width, height) = (width?, height?);
    let orientation = orientation.unwrap_or(1);
    let is_whole = file.len() == length;
    Some(Bare { media: JPEG, width, height, orientation, kept: joined(kept), is_whole })
}

/// Where the next marker stands after the data of a scan.
fn end_of_scan(file: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin;
    loop {
        at += file.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        match *file.get(at + 1)? {
            // A byte of the data, or a restart.
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

/// Exif's orientation in a TIFF header with its directory.
fn orientation_in(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(*bytes) } else { u16::from_be_bytes(*bytes) })
    };
    let long = |at: usize| {
        let bytes = tiff.get(at..)?.first_chunk::<4>()?;
        let long = if little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) };
        usize::try_from(long).ok()
    };
    let directory = long(4)?;
    let mut entries = (0..usize::from(short(directory)?))
        .map_while(|entry| directory.checked_add(2 + 12 * entry));
    let entry = entries.find(|at| short(*at) == Some(0x0112))?;
    let orientation = short(entry + 8)?;
    u8::try_from(orientation).ok().filter(|orientation| (1..=8).contains(orientation))
}

/// The chunks that are the picture and its colours.
const CHUNKS: [&[u8; 4]; 11] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"bKGD",
];

fn png(file: &[u8], length: usize) -> Option<Bare> {
    let signature = b"\x89PNG\r\n\x1A\n";
    if !file.starts_with(signature) || file.len() < length {
        return None;
    }
    let (width, height) = (four(file, 16).and_then(pixels)?, four(file, 20).and_then(pixels)?);
    let mut orientation = None;
    let mut kept: Vec<Range<usize>> = vec![Range { start: 0, end: signature.len() }];
    let mut at = signature.len();
    loop {
        let end = four(file, at)?.checked_add(at + 12)?;
        let chunk = file.get(at..end)?;
        let name = chunk.get(4..)?.first_chunk::<4>()?;
        if name == b"eXIf" {
            orientation = orientation.or_else(|| orientation_in(&chunk[8..chunk.len() - 4]));
        }
        if CHUNKS.contains(&name) {
            kept.push(at..end);
        }
        if name == b"IEND" {
            break;
        }
        at = end;
    }
    let orientation = orientation.unwrap_or(1);
    Some(Bare { media: PNG, width, height, orientation, kept: joined(kept), is_whole: true })
}

/// The same ranges, those that touch each other as one.
fn joined(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let size = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], &size[..], data].concat()
    }

    /// A TIFF header with an orientation, and with a place north of the equator.
    fn exif(orientation: u8, little: bool) -> Vec<u8> {
        let short = |number: u16| if little { number.to_le_bytes() } else { number.to_be_bytes() };
        let long = |number: u32| if little { number.to_le_bytes() } else { number.to_be_bytes() };
        let entry =
            |tag, kind, value: [u8; 4]| [&short(tag)[..], &short(kind), &long(1), &value].concat();
        let [a, b] = short(orientation.into());
        let head: &[u8] = if little { b"II*\0" } else { b"MM\0*" };
        [
            head,
            &long(8),
            &short(2),
            &entry(0x010F, 2, *b"Cam\0"),
            &entry(0x0112, 3, [a, b, 0, 0]),
            &long(0),
            b"GPS 13.7563 N",
        ]
        .concat()
    }

    /// A frame of 30 by 20 pixels.
    const FRAME: [u8; 15] = [8, 0, 20, 0, 30, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    const SCAN: [u8; 10] = [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0];
    const DATA: [u8; 9] = [1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 5];

    fn jpeg_file(exif_of: &[u8], tail: &[u8]) -> Vec<u8> {
        [
            &[0xFF, 0xD8][..],
            &segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
            &segment(0xE1, &[b"Exif\0\0", exif_of].concat()),
            &segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta GPSLatitude='13,45N'/>"),
            &segment(0xED, b"Photoshop 3.0\0 Bangkok"),
            &segment(0xFE, b"taken at home"),
            &segment(0xE2, b"ICC_PROFILE\0\x01\x01 colours"),
            &segment(0xE2, b"MPF\0 more pictures"),
            &segment(0xDB, &[0; 65]),
            &[0xFF],
            &segment(0xC0, &FRAME),
            &segment(0xC4, &[0; 20]),
            &segment(0xDA, &SCAN),
            &DATA,
            &segment(0xC4, &[1; 20]),
            &segment(0xFE, b"between scans"),
            &segment(0xDA, &SCAN),
            &DATA,
            &[0xFF, 0xD9],
            tail,
        ]
        .concat()
    }

    fn kept(file: &[u8], bare: &Bare) -> Vec<u8> {
        bare.kept.iter().flat_map(|range| file[range.clone()].to_vec()).collect()
    }

    #[test]
    fn only_the_picture_of_a_jpeg_is_kept() {
        let file = jpeg_file(&exif(6, true), b"ftypmp42 a film of 3 s");
        let bare = Bare::find(&file, file.len()).unwrap();
        assert_eq!((bare.width, bare.height, bare.orientation), (30, 20, 6));
        let bytes = kept(&file, &bare);
        for word in ["Exif", "GPS", "Cam", "xmp", "Bangkok", "home", "MPF", "scans", "film"] {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
        }
        // What is kept is a whole picture, of which nothing more goes.
        assert!(
            bytes.ends_with(&[0xFF, 0xD9]) && bytes.windows(11).any(|part| part == b"ICC_PROFILE")
        );
        let again = Bare::find(&bytes, bytes.len()).unwrap();
        assert_eq!((again.orientation, again.kept.len()), (1, 1));
        assert_eq!(again.kept[0], 0..bytes.len());
        assert!(again.is_small() && !bare.is_small());
    }

    #[test]
    fn of_a_large_jpeg_the_beginning_is_enough() {
        let file = jpeg_file(&exif(8, false), &[]);
        // In the data of the first scan.
        let begin = file.len() - 70;
        let bare = Bare::find(&file[..begin], file.len()).unwrap();
        assert_eq!((bare.orientation, bare.is_whole), (8, false));
        assert_eq!(bare.kept.last().unwrap().end, file.len());
        assert_eq!(Bare::find(&file[..200], file.len()), None, "not all before the picture");
    }

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let size = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&size[..], name, data, &[1, 2, 3, 4]].concat()
    }

    #[test]
    fn only_the_picture_of_a_png_is_kept() {
        let size = |width: u32, height: u32| {
            [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat()
        };
        let file = [
            b"\x89PNG\r\n\x1A\n".to_vec(),
            chunk(b"IHDR", &size(30, 20)),
            chunk(b"tEXt", b"Author\0Somying"),
            chunk(b"eXIf", &exif(3, false)),
            chunk(b"IDAT", b"pixels"),
            chunk(b"tIME", &[0; 7]),
            chunk(b"IEND", b""),
            b"and more".to_vec(),
        ]
        .concat();
        let bare = Bare::find(&file, file.len()).unwrap();
        assert_eq!((bare.width, bare.height, bare.orientation), (30, 20, 3));
        let expected = [
            b"\x89PNG\r\n\x1A\n".to_vec(),
            chunk(b"IHDR", &size(30, 20)),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
        ]
        .concat();
        assert_eq!(kept(&file, &bare), expected);
        assert!(Bare::find(&expected, expected.len()).unwrap().is_small());
        assert_eq!(Bare::find(&file[..60], file.len()), None);
    }

    #[test]
    fn what_nobody_can_draw_is_kept_bare_and_still_turned() {
        for orientation in 1..=8 {
            let file = jpeg_file(&exif(orientation, true), b"ftypmp42");
            let bare = Bare::find(&file, file.len()).unwrap();
            let (bytes, turning) = (kept(&file, &bare), bare.turning().unwrap());
            assert_eq!(turning.is_empty(), orientation == 1);
            let bytes = [&bytes[..2], &turning, &bytes[2..]].concat();
            for word in ["GPS", "Cam", "xmp", "Bangkok", "home", "film"] {
                assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
            }
            let again = Bare::find(&bytes, bytes.len()).unwrap();
            assert_eq!((again.orientation, again.is_whole), (orientation, true));
            // Nothing but the few bytes that turn it would go now.
            assert_eq!(kept(&bytes, &again).len() + turning.len(), bytes.len());
            let part = Bare::find(&file[..file.len() - 40], file.len()).unwrap();
            assert_eq!(part.turning(), None, "not all of it was seen");
        }
        let of = |orientation| Bare {
            media: PNG,
            width: 1,
            height: 1,
            orientation,
            kept: Vec::new(),
            is_whole: true,
        };
        assert_eq!((of(1).turning(), of(6).turning()), (Some(Vec::new()), None));
    }

    /// The picture of the trial, each colour of each pixel changed by `change`.
    fn drawn(mut change: impl FnMut(usize, u8) -> u8) -> Vec<u8> {
        let side = TRIAL_SIDE as usize;
        let quarter = |at: usize| usize::from(at % side >= side / 2) + 2 * (at / side * 2 / side);
        let pixels = (0..side * side).flat_map(|at| {
            let [red, green, blue] = TRIAL[quarter(at)];
            [red, green, blue, 255]
        });
        pixels.enumerate().map(|(at, colour)| change(at, colour)).collect()
    }

    #[test]
    fn a_canvas_that_gives_something_else_back_is_found_out() {
        assert!(is_as_drawn(&drawn(|_, colour| colour)));
        assert!(is_as_drawn(&drawn(|_, colour| colour ^ 1)), "the lowest bits, against tracking");
        assert!(
            is_as_drawn(&drawn(|at, colour| colour.saturating_add((at % 9) as u8))),
            "a little"
        );
        assert!(!is_as_drawn(&drawn(|_, _| 255)), "white");
        assert!(!is_as_drawn(&drawn(|_, _| 0)), "nothing");
        assert!(!is_as_drawn(&drawn(|at, _| TRIAL[0].get(at % 4).copied().unwrap_or(255))));
        let mut state = 1_u32;
        let noise = drawn(|_, _| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (state >> 16) as u8
        });
        assert!(!is_as_drawn(&noise));
        assert!(!is_as_drawn(&drawn(|_, colour| colour)[4..]), "another size");
        assert!(!is_as_drawn(&[]));
    }

    #[test]
    fn a_picture_is_made_to_fit_in_its_proportion() {
        let cases = [
            ((4000, 3000), 1600, (1600, 1200)),
            ((3000, 4000), 1600, (1200, 1600)),
            ((1600, 900), 1600, (1600, 900)),
            ((10, 20), 1600, (10, 20)),
            ((100_000, 1), 1600, (1600, 1)),
            ((u32::MAX, u32::MAX), 1600, (1600, 1600)),
        ];
        for ((width, height), side, fitting) in cases {
            assert_eq!(fit(width, height, side), fitting, "{width} by {height}");
        }
    }

    #[test]
    fn every_orientation_is_turned_upright() {
        // Where the upper left corner of the file's picture of 30 by 20 belongs, and the upper right
        // one (Exif 2.32, table 6: row 0 and column 0 are there).
        let cases = [
            (1, (0.0, 0.0), (30.0, 0.0)),
            (2, (30.0, 0.0), (0.0, 0.0)),
            (3, (30.0, 20.0), (0.0, 20.0)),
            (4, (0.0, 20.0), (30.0, 20.0)),
            (5, (0.0, 0.0), (0.0, 30.0)),
            (6, (20.0, 0.0), (20.0, 30.0)),
            (7, (20.0, 30.0), (20.0, 0.0)),
            (8, (0.0, 30.0), (0.0, 0.0)),
        ];
        for (orientation, left, right) in cases {
            let [a, b, c, d, e, f] = upright(orientation, 30.0, 20.0);
            let at = |x: f64, y: f64| (a * x + c * y + e, b * x + d * y + f);
            assert_eq!((at(0.0, 0.0), at(30.0, 0.0)), (left, right), "{orientation}");
        }
    }

    #[test]
    fn attempts_become_smaller() {
        assert_eq!(attempts(JPEG).len(), 6);
        let sides: Vec<u32> = attempts(PNG).into_iter().map(|(side, _)| side).collect();
        assert_eq!(sides, [1600, 1280, 960, 640]);
    }

    proptest::proptest! {
        #[test]
        fn no_file_breaks_the_looking(
            cut in 0_usize..600, at in 0_usize..600, byte in proptest::num::u8::ANY, more in 0_usize..9
        ) {
            let mut file = jpeg_file(&exif(6, true), &[]);
            let last = file.len() - 1;
            file[at.min(last)] = byte;
            file.truncate(cut.max(1));
            if let Some(bare) = Bare::find(&file, file.len() + more) {
                proptest::prop_assert!(bare.kept.iter().all(|range| range.end <= file.len() + more));
            }
        }
    }
}
