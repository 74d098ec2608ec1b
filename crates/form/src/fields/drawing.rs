//! A signature while it is being drawn: strokes on the square of 1000 by 1000 that an answer of
//! `signature` holds. However long somebody draws, it stays short enough to be an answer, because
//! points that hardly change a line are left out: nearest to the line first, by Douglas and Peucker.

use super::signature::{MOST_CHARACTERS, SIDE};

/// Across and down, from 0 to [`SIDE`].
pub type Point = (u16, u16);

/// The most characters that a point takes in a path, with the space before it: `␣L1000 1000`.
const OF_A_POINT: usize = 11;

/// The most points that there may be.
const MOST_POINTS: usize = MOST_CHARACTERS / OF_A_POINT;

/// How far beside a line a point may stand that is left out once a stroke ends.
const HARDLY: u32 = 2;

/// Strokes in the order in which they were drawn, none of them empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    strokes: Vec<Vec<Point>>,
}

impl Drawing {
    /// The drawing in an answer of `signature`; nothing of it in another text.
    pub fn read(path: &str) -> Self {
        let mut strokes: Vec<Vec<Point>> = Vec::new();
        let mut numbers = path.split([' ', ',']).filter(|number| !number.is_empty());
        while let Some(first) = numbers.next() {
            let (command, across) = first.split_at_checked(1).unwrap_or((first, ""));
            let down = numbers.next().and_then(|down| down.parse().ok());
            let (Ok(across), Some(down)) = (across.parse(), down) else { return Self::default() };
            if across > SIDE || down > SIDE {
                return Self::default();
            }
            match (command, strokes.last_mut()) {
                ("M", _) => strokes.push(vec![(across, down)]),
                ("L", Some(stroke)) => stroke.push((across, down)),
                _ => return Self::default(),
            }
        }
        Self { strokes }
    }

    /// Whether nothing has been drawn.
    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    /// How many strokes there are.
    pub fn strokes(&self) -> usize {
        self.strokes.len()
    }

    /// The finger comes down. False where there is no more room.
    pub fn begin(&mut self, point: Point) -> bool {
        self.make_room();
        let has_room = self.points() + 2 <= MOST_POINTS;
        if has_room {
            self.strokes.push(vec![point]);
        }
        has_room
    }

    /// The finger moves.
    pub fn go_on(&mut self, point: Point) {
        self.make_room();
        let has_room = self.points() < MOST_POINTS;
        if let Some(stroke) = self.strokes.last_mut()
            && stroke.last() != Some(&point)
            && has_room
        {
            stroke.push(point);
        }
    }

    /// The finger goes up. What did not move is a dot.
    pub fn end(&mut self) {
        if let Some(stroke) = self.strokes.last_mut() {
            *stroke = simpler(stroke, HARDLY);
            if let [point] = stroke[..] {
                stroke.push(point);
            }
        }
    }

    /// Takes the last stroke away.
    pub fn undo(&mut self) {
        self.strokes.pop();
    }

    /// The path of all strokes, as an answer has it.
    pub fn path(&self) -> String {
        path(&self.strokes)
    }

    /// The path of the last stroke.
    pub fn last_path(&self) -> String {
        path(&self.strokes[self.strokes.len().saturating_sub(1)..])
    }

    /// What the drawing reaches over: left, top, width, height.
    pub fn bounds(&self) -> (u16, u16, u16, u16) {
        let all = || self.strokes.iter().flatten();
        let least = |of: fn(&Point) -> u16| all().map(of).min().unwrap_or_default();
        let most = |of: fn(&Point) -> u16| all().map(of).max().unwrap_or_default();
        let (left, top) = (least(|point| point.0), least(|point| point.1));
        (left, top, most(|point| point.0) - left, most(|point| point.1) - top)
    }

    fn points(&self) -> usize {
        self.strokes.iter().map(Vec::len).sum()
    }

    /// Where there is no room for another point, the lines are made simpler until there is plenty.
    fn make_room(&mut self) {
        let mut hardly = HARDLY;
        while self.points() >= MOST_POINTS && hardly < u32::from(SIDE) {
            for stroke in &mut self.strokes {
                *stroke = simpler(stroke, hardly);
            }
            if self.points() * 4 < MOST_POINTS * 3 {
                break;
            }
            hardly *= 2;
        }
    }
}

fn path(strokes: &[Vec<Point>]) -> String {
    let mut path = String::new();
    for stroke in strokes {
        for (at, (across, down)) in stroke.iter().enumerate() {
            if !path.is_empty() {
                path.push(' ');
            }
            path.push(if at == 0 { 'M' } else { 'L' });
            path += &[&across.to_string(), " ", &down.to_string()].concat();
        }
    }
    path
}

/// A stroke without the points that stand no further than `hardly` beside the line without them.
/// Both ends stay.
fn simpler(stroke: &[Point], hardly: u32) -> Vec<Point> {
    let last = stroke.len().saturating_sub(1);
    let mut stays = vec![false; stroke.len()];
    let mut pieces = vec![(0, last)];
    while let Some((from, to)) = pieces.pop() {
        for end in [from, to] {
            if let Some(stays) = stays.get_mut(end) {
                *stays = true;
            }
        }
        let between = (from + 1..to).map(|at| (beside(stroke[at], stroke[from], stroke[to]), at));
        if let Some((furthest, at)) = between.max()
            && furthest > u64::from(hardly * hardly)
        {
            pieces.extend([(from, at), (at, to)]);
        }
    }
    stroke.iter().zip(stays).filter(|(_, stays)| *stays).map(|(point, _)| *point).collect()
}

/// The square of how far a point stands from the line between two others.
fn beside(point: Point, from: Point, to: Point) -> u64 {
    let vector =
        |a: Point, b: Point| (i64::from(b.0) - i64::from(a.0), i64::from(b.1) - i64::from(a.1));
    let (line, there) = (vector(from, to), vector(from, point));
    let length = line.0 * line.0 + line.1 * line.1;
    let along = line.0 * there.0 + line.1 * there.1;
    let square = |(across, down): (i64, i64)| (across * across + down * down).unsigned_abs();
    if along <= 0 || length == 0 {
        return square(there);
    }
    if along >= length {
        return square(vector(to, point));
    }
    let area = line.0 * there.1 - line.1 * there.0;
    (area * area).unsigned_abs() / length.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fields::{FieldType, Signature};

    fn drawn(strokes: &[&[Point]]) -> Drawing {
        let mut drawing = Drawing::default();
        for stroke in strokes {
            assert!(drawing.begin(stroke[0]));
            stroke.iter().for_each(|point| drawing.go_on(*point));
            drawing.end();
        }
        drawing
    }

    #[test]
    fn lines_keep_their_shape_with_fewer_points() {
        let straight: Vec<Point> = (0..=100).map(|at| (at * 5, 300 + at % 2)).collect();
        assert_eq!(drawn(&[&straight]).path(), "M0 300 L500 300");
        let corner: Vec<Point> =
            (0..50).map(|at| (at, 300)).chain((0..50).map(|at| (50, 300 + at))).collect();
        assert_eq!(drawn(&[&corner]).path(), "M0 300 L50 300 L50 349");
        assert_eq!(drawn(&[&[(7, 8)]]).path(), "M7 8 L7 8", "a dot");
    }

    #[test]
    fn strokes_are_taken_back_one_by_one() {
        let mut drawing = drawn(&[&[(10, 20), (60, 20)], &[(30, 400), (30, 900)]]);
        assert_eq!(drawing.bounds(), (10, 20, 50, 880));
        assert_eq!(drawing.last_path(), "M30 400 L30 900");
        drawing.undo();
        assert_eq!((drawing.path(), drawing.strokes()), ("M10 20 L60 20".to_owned(), 1));
        drawing.undo();
        drawing.undo();
        assert!(drawing.is_empty());
    }

    #[test]
    fn what_is_no_drawing_of_ours_reads_as_none() {
        for path in ["L1 2", "M1", "M1 2 L1001 3", "M1 2 C3 4", "M-1 2", "ก", "M 1 2"] {
            assert!(Drawing::read(path).is_empty(), "{path}");
        }
    }

    /// Points that look like no line at all.
    fn scribble(seed: u64) -> impl Iterator<Item = Point> {
        let mut state = seed | 1;
        std::iter::repeat_with(move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as u16 % (SIDE + 1), (state >> 48) as u16 % (SIDE + 1))
        })
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(6))]

        #[test]
        fn however_long_it_is_drawn_it_is_an_answer(
            seed in proptest::num::u64::ANY, strokes in 1_usize..9, long in 1_usize..700
        ) {
            let mut drawing = Drawing::default();
            let mut points = scribble(seed);
            for _ in 0..strokes {
                let begun = drawing.begin(points.next().unwrap());
                points.by_ref().take(long).for_each(|point| drawing.go_on(point));
                if begun {
                    drawing.end();
                }
                proptest::prop_assert!(drawing.path().len() <= MOST_CHARACTERS);
            }
            let path = drawing.path();
            let answer = json!({ "drawn": path.clone() });
            proptest::prop_assert_eq!(Signature::default().read(&answer), Ok(Some(answer.clone())));
            proptest::prop_assert_eq!(Drawing::read(&path), drawing);
        }
    }

    #[test]
    fn so_many_dots_that_there_is_no_room_are_refused_and_still_an_answer() {
        let mut drawing = Drawing::default();
        let refused = scribble(5).take(3000).filter(|point| {
            let begun = drawing.begin(*point);
            if begun {
                drawing.end();
            }
            !begun
        });
        assert!(refused.count() > 1000);
        assert!(drawing.path().len() <= MOST_CHARACTERS);
    }
}
