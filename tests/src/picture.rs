//! Pictures of the screen: cut, put beside each other, made small, compared.

use std::collections::BTreeMap;

/// A difference of a channel up to this is none: how edges of letters are smoothed.
const CHANNEL: u8 = 48;
/// Pictures are compared by squares of so many pixels: a word is little of a page.
const TILE: usize = 32;
/// Of so many pixels of a square one may differ more.
const ONE_OF: usize = 20;
/// Between two pictures that stand beside each other.
const GAP: usize = 16;

/// Red, green and blue of each pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pixels: Vec<[u8; 3]>,
}

const WHITE: [u8; 3] = [255; 3];
const RED: [u8; 3] = [208, 0, 0];

impl Picture {
    /// All white.
    fn blank(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![WHITE; width * height] }
    }

    /// From a PNG; none where it is none that we write or a browser does.
    pub fn decode(png: &[u8]) -> Option<Self> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut bytes).ok()?;
        let channels = info.color_type.samples();
        if channels < 3 {
            return None;
        }
        let pixels = bytes[..info.buffer_size()].chunks_exact(channels);
        let pixels = pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        Some(Self { width: info.width as usize, height: info.height as usize, pixels })
    }

    /// As a PNG: indexed where the colours are few enough, as they are of letters and lines.
    pub fn encode(&self) -> Vec<u8> {
        let mut colours = BTreeMap::new();
        // Most pixels are as the one before.
        for line in self.pixels.chunk_by(|one, next| one == next) {
            let next = colours.len();
            colours.entry(line[0]).or_insert(next);
        }
        let mut out = Vec::new();
        let size = |length: usize| u32::try_from(length).expect("a screen is not that large");
        let mut encoder = png::Encoder::new(&mut out, size(self.width), size(self.height));
        encoder.set_compression(png::Compression::High);
        encoder.set_depth(png::BitDepth::Eight);
        let bytes: Vec<u8> = if colours.len() <= 256 {
            let mut palette = vec![0; colours.len() * 3];
            for (colour, at) in &colours {
                palette[at * 3..at * 3 + 3].copy_from_slice(colour);
            }
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            encoder.set_filter(png::Filter::NoFilter);
            let lines = self.pixels.chunk_by(|one, next| one == next);
            let indices = lines.flat_map(|line| {
                let index = u8::try_from(colours[&line[0]]).unwrap_or_default();
                std::iter::repeat_n(index, line.len())
            });
            indices.collect()
        } else {
            encoder.set_color(png::ColorType::Rgb);
            self.pixels.iter().flatten().copied().collect()
        };
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&bytes));
        written.expect("a picture of our own can be written to memory");
        out
    }

    /// With fewer colours: eight steps of each channel, in which nobody misses any.
    pub fn reduced(mut self) -> Self {
        for channel in self.pixels.iter_mut().flatten() {
            *channel = ((u16::from(*channel) * 7 + 127) / 255 * 255 / 7) as u8;
        }
        self
    }

    /// Several in rows of so many columns.
    pub fn grid(pictures: &[Self], columns: usize) -> Self {
        let width = pictures.iter().map(|one| one.width).max().unwrap_or_default();
        let rows: Vec<&[Self]> = pictures.chunks(columns).collect();
        let heights =
            rows.iter().map(|row| row.iter().map(|one| one.height).max().unwrap_or_default());
        let heights: Vec<usize> = heights.collect();
        let across = columns.min(pictures.len());
        let mut whole = Self::blank(
            across * width + across.saturating_sub(1) * GAP,
            heights.iter().sum::<usize>() + heights.len().saturating_sub(1) * GAP,
        );
        let mut y = 0;
        for (row, height) in rows.iter().zip(heights) {
            for (column, one) in row.iter().enumerate() {
                whole.put(one, column * (width + GAP), y);
            }
            y += height + GAP;
        }
        whole
    }

    fn put(&mut self, other: &Self, x: usize, y: usize) {
        for (line, pixels) in other.pixels.chunks(other.width.max(1)).enumerate() {
            let begin = (y + line) * self.width + x;
            self.pixels[begin..begin + pixels.len()].copy_from_slice(pixels);
        }
    }

    fn at(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        let is_in = x < self.width && y < self.height;
        is_in.then(|| self.pixels[y * self.width + x])
    }

    /// The other one, pale, with red where this one differs.
    pub fn marked(&self, other: &Self) -> Self {
        let mut out = Self::blank(self.width.max(other.width), self.height.max(other.height));
        for y in 0..out.height {
            for x in 0..out.width {
                let (before, now) = (self.at(x, y), other.at(x, y));
                let same = before.zip(now).is_some_and(|(before, now)| is_alike(before, now));
                let pale = now.unwrap_or(WHITE).map(|channel| 255 - (255 - channel) / 4);
                out.pixels[y * out.width + x] = if same { pale } else { RED };
            }
        }
        out
    }
}

fn is_alike(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= CHANNEL)
}

/// What differs between two pictures, beyond the tolerance.
///
/// # Errors
/// In words.
pub fn difference(before: &Picture, now: &Picture) -> Result<(), String> {
    let width = before.width.max(1);
    if (before.width, before.height) != (now.width, now.height) {
        return Err(format!(
            "it was {} × {} and is {} × {}",
            before.width, before.height, now.width, now.height
        ));
    }
    let across = before.width.div_ceil(TILE);
    let mut differ = vec![0; across * before.height.div_ceil(TILE)];
    for (at, (before, now)) in before.pixels.iter().zip(&now.pixels).enumerate() {
        if !is_alike(*before, *now) {
            differ[at / width / TILE * across + at % width / TILE] += 1;
        }
    }
    let wrong = |count: &&usize| **count * ONE_OF > TILE * TILE;
    match differ.iter().position(|count| wrong(&count)) {
        None => Ok(()),
        Some(first) => Err(format!(
            "{} pixels differ, first about {} from the left and {} from the top",
            differ.iter().sum::<usize>(),
            first % across * TILE,
            first / across * TILE
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Picture, RED, difference};

    #[test]
    fn a_picture_is_the_same_after_it_was_written() {
        let mut picture = Picture::blank(40, 30);
        for (at, pixel) in picture.pixels.iter_mut().enumerate() {
            *pixel = [(at % 256) as u8, (at / 5 % 256) as u8, 7];
        }
        assert!(Picture::decode(&picture.encode()).is_some_and(|read| read == picture));
        let few = picture.reduced();
        assert!(Picture::decode(&few.encode()).is_some_and(|read| read == few));
    }

    #[test]
    fn a_smoothed_edge_is_no_difference_and_a_word_is() {
        let before = Picture::blank(100, 100);
        let mut now = before.clone();
        now.pixels.iter_mut().for_each(|pixel| *pixel = [230; 3]);
        assert_eq!(difference(&before, &now), Ok(()));
        let mut now = before.clone();
        for line in 0..4 {
            now.pixels[line * 100..line * 100 + 12].fill(RED);
        }
        assert_eq!(difference(&before, &now), Ok(()));
        now.pixels[400..412].fill(RED);
        assert!(difference(&before, &now).is_err());
        assert_eq!(before.marked(&now).pixels[411], RED);
        assert!(difference(&before, &Picture::blank(100, 101)).is_err());
    }

    #[test]
    fn pictures_stand_beside_each_other() {
        let all = [Picture::blank(10, 5), Picture::blank(10, 8), Picture::blank(6, 2)];
        let grid = Picture::grid(&all, 2);
        assert_eq!((grid.width, grid.height), (10 + 16 + 10, 8 + 16 + 2));
    }
}
