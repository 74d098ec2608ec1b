//! What was measured, as a table: on the screen, and in `docs/performance.md`.

use crate::scenes::Rival;

/// What a row is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    None,
    /// At most so many times the plain page.
    Ratio(f64),
    /// At most so long, whatever the plain page takes.
    Milliseconds(f64),
}

#[derive(Debug)]
struct Row {
    what: String,
    limit: Limit,
    plain: Vec<f64>,
    kit: Vec<f64>,
}

/// The rows in the order in which they were first measured.
#[derive(Debug, Default)]
pub struct Figures {
    rows: Vec<Row>,
}

impl Figures {
    /// Adds milliseconds to the row of this name.
    pub fn add(&mut self, what: &str, limit: Limit, rival: Rival, times: &[f64]) {
        let at = self.rows.iter().position(|row| row.what == what).unwrap_or_else(|| {
            let what = what.to_owned();
            self.rows.push(Row { what, limit, plain: Vec::new(), kit: Vec::new() });
            self.rows.len() - 1
        });
        let row = &mut self.rows[at];
        let of = if rival == Rival::Plain { &mut row.plain } else { &mut row.kit };
        of.extend(times);
    }

    /// As a table of Markdown, with the columns in line for those who read it as it is.
    pub fn table(&self) -> String {
        let head = ["", "plain HTML", "p95", "the kit", "p95", "ratio", "limit", "times"];
        let mut lines = vec![head.map(str::to_owned)];
        lines.extend(self.rows.iter().map(Row::cells));
        let width = |column: usize| {
            lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let line = |cells: &[String]| {
            let cells = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                let gap = " ".repeat(width - cell.chars().count());
                if at == 0 { format!(" {cell}{gap} ") } else { format!(" {gap}{cell} ") }
            });
            format!("|{}|\n", cells.collect::<Vec<_>>().join("|"))
        };
        let rule = widths.iter().enumerate().map(|(at, width)| match at {
            0 => "-".repeat(width + 2),
            _ => "-".repeat(width + 1) + ":",
        });
        let rule = format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
        let rows: String = lines[1..].iter().map(|cells| line(cells)).collect();
        [line(&lines[0]), rule, rows].concat()
    }
}

impl Row {
    fn cells(&self) -> [String; 8] {
        let ratio = median(&self.kit).zip(median(&self.plain)).map(|(kit, plain)| kit / plain);
        let limit = match self.limit {
            Limit::None => String::new(),
            Limit::Ratio(times) => format!("{times:.1} ×"),
            Limit::Milliseconds(most) => format!("{most:.0} ms"),
        };
        let held = match self.limit {
            Limit::None => None,
            Limit::Ratio(times) => ratio.map(|ratio| ratio <= times),
            Limit::Milliseconds(most) => median(&self.kit).map(|kit| kit <= most),
        };
        let mark = if held == Some(false) { " over" } else { "" };
        [
            self.what.clone(),
            in_milliseconds(median(&self.plain)),
            in_milliseconds(quantile(&self.plain, 0.95)),
            in_milliseconds(median(&self.kit)),
            in_milliseconds(quantile(&self.kit, 0.95)),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
            limit + mark,
            self.kit.len().to_string(),
        ]
    }
}

fn in_milliseconds(time: Option<f64>) -> String {
    match time {
        None => "–".to_owned(),
        Some(time) if time < 10.0 => format!("{time:.1} ms"),
        Some(time) => format!("{time:.0} ms"),
    }
}

fn median(times: &[f64]) -> Option<f64> {
    quantile(times, 0.5)
}

/// The nearest rank: a time that was measured, none between two.
fn quantile(times: &[f64], share: f64) -> Option<f64> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let rank = (share * times.len() as f64).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied()
}
