//! The figures of all turns, as a table, and the page that they are kept in.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, time::Duration};

use crate::Result;

/// Where the figures are kept, between two marks.
const FILE: &str = "docs/load.md";
const MARKS: (&str, &str) = ("<!-- load -->\n", "<!-- end of load -->");

/// Whose rows they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rival {
    Agency,
    Bare,
}

#[derive(Default)]
struct Sum {
    took: Duration,
    processor: Duration,
    waits: Vec<Duration>,
}

/// By database, how many at once, and rival.
#[derive(Default)]
pub struct Figures {
    sums: BTreeMap<(usize, String, usize, Rival), Sum>,
    databases: Vec<String>,
}

impl Figures {
    /// Adds a turn.
    pub fn add(
        &mut self,
        (database, at_once, rival): (&str, usize, Rival),
        took: Duration,
        waits: &[Duration],
    ) {
        let number = self.databases.iter().position(|known| known == database);
        let number = number.unwrap_or_else(|| {
            self.databases.push(database.to_owned());
            self.databases.len() - 1
        });
        let sum = self.sums.entry((number, database.to_owned(), at_once, rival)).or_default();
        sum.took += took;
        sum.waits.extend_from_slice(waits);
    }

    /// Adds what the agency had of the processors in a turn.
    pub fn add_processor(&mut self, (database, at_once): (&str, usize), time: Duration) {
        let mut sums = self.sums.iter_mut();
        let sum = sums.find(|((_, name, count, rival), _)| {
            name == database && *count == at_once && *rival == Rival::Agency
        });
        if let Some((_, sum)) = sum {
            sum.processor += time;
        }
    }

    /// How many submissions the agency has received there.
    pub fn received(&self, database: &str) -> usize {
        let all = self.sums.iter();
        let all =
            all.filter(|((_, name, _, rival), _)| name == database && *rival == Rival::Agency);
        all.map(|(_, sum)| sum.waits.len()).sum()
    }

    /// A line for each database and number of phones.
    pub fn table(&self) -> String {
        let mut table = "| | at once | the agency, a second | p50 | p99 | processor, each | bare \
                         inserts, a second | p50 | p99 | ratio |\n\
                         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
            .to_owned();
        for ((number, database, at_once, rival), agency) in &self.sums {
            let bare = self.sums.get(&(*number, database.clone(), *at_once, Rival::Bare));
            let (Rival::Agency, Some(bare)) = (rival, bare) else { continue };
            let ratio = agency.rate() / bare.rate();
            // Writing to a string does not fail.
            let _ = writeln!(
                table,
                "| {database} | {at_once} | {:.0} | {} | {} | {:.2} ms | {:.0} | {} | {} | {ratio:.2} |",
                agency.rate(),
                agency.percentile(50),
                agency.percentile(99),
                agency.processor.as_secs_f64() * 1e3 / agency.waits.len() as f64,
                bare.rate(),
                bare.percentile(50),
                bare.percentile(99),
            );
        }
        table
    }
}

impl Sum {
    fn rate(&self) -> f64 {
        self.waits.len() as f64 / self.took.as_secs_f64()
    }

    fn percentile(&self, percent: usize) -> String {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let at = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        let wait = waits.get(at).copied().unwrap_or_default();
        format!("{:.1} ms", wait.as_secs_f64() * 1e3)
    }
}

/// How many programs waited for a processor.
pub fn busy() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Puts the table into the page, with the machine that it is of.
pub fn write(table: &str, busy: Option<f64>) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(FILE);
    let page = fs::read_to_string(&file).map_err(|error| format!("{FILE}: {error}"))?;
    let (before, rest) = page.split_once(MARKS.0).ok_or("the page has no mark")?;
    let (_, after) = rest.split_once(MARKS.1).ok_or("the page has no end of the mark")?;
    let page = [before, MARKS.0, &machine(busy), "\n\n", table, MARKS.1, after].concat();
    fs::write(&file, page).map_err(|error| format!("{FILE}: {error}"))?;
    println!("{FILE} is written");
    Ok(())
}

/// The machine in a sentence.
fn machine(busy: Option<f64>) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |line: &str| Some(line.strip_prefix("model name")?.split_once(": ")?.1.to_owned());
    let processor = processors.lines().find_map(named);
    let processor = processor.unwrap_or_else(|| "a processor without a name".to_owned());
    let today = time::OffsetDateTime::now_utc().date();
    let mut said = format!(
        "Measured on {today} with {cores} cores of {processor}, phones, server and database together."
    );
    if let Some(load) = busy.filter(|load| *load > 0.7) {
        let _ = write!(
            said,
            " The machine was busy with other things as well (load {load:.1}): read proportions."
        );
    }
    said
}
