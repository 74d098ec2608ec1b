//! `cargo xtask soak --kills N`: the whole browser is killed, N times, while citizens fill in, attach and
//! send on the kit's own page, and started again on the same profile. After each time: is the draft on
//! the screen of which the page had said that it is kept, and in the outbox every submission that it had
//! shown as saved? At the end the agency's own commands say whether each is there once, of the same bytes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::{Duration, Instant},
};

use eform_journeys::{
    agency::Agency,
    browser::Browser,
    cable::{Cable, Fault, Mode},
    engine::Engine,
    wait::{wait_at_most, wait_for},
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{chance::Chance, cut_now_and_then};

const FORM: &str = include_str!("kills.json");
const CITIZEN: &str = include_str!("citizen.js");

/// How long something may take that the browser should come to by itself.
const PATIENCE: Duration = Duration::from_secs(40);

/// After what the browser is killed, and how often of all.
const MOMENTS: [(Moment, u64); 6] = [
    (Moment::Opening, 12),
    (Moment::Typing, 22),
    (Moment::Attaching, 16),
    (Moment::Submitting, 25),
    (Moment::Sending, 20),
    (Moment::Received, 5),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// The page is asked for.
    Opening,
    /// Something was typed, for the first to fourth time.
    Typing,
    /// A file was chosen.
    Attaching,
    /// «Submit» was pressed.
    Submitting,
    /// A request has left the phone.
    Sending,
    /// The page says that the agency has it.
    Received,
}

/// Someone who fills in the form, over as many kills as it takes.
#[derive(Debug)]
struct Person {
    name: String,
    /// The number of what was entered last, and of what the page has said is kept.
    typed: u64,
    told: u64,
    /// What was attached, each with its number.
    attached: Vec<(String, u64)>,
    /// The numbers of all that was ever attached: they stand in no box.
    in_no_box: BTreeSet<u64>,
    /// At which numbers «submit» was pressed.
    pressed: BTreeSet<u64>,
    /// The submission that the page has shown as saved on this phone.
    kept: Option<String>,
    is_received: bool,
}

/// A file that somebody may attach; its bytes follow from these.
struct File {
    size: usize,
    seed: usize,
}

struct Soak {
    agency: Agency,
    cable: Cable,
    browser: Browser,
    chance: Chance,
    /// Every file that was ever chosen, by name.
    files: BTreeMap<String, File>,
    /// Everybody whose submission is on the phone, by its id.
    submitted: BTreeMap<String, Person>,
    /// The digest of each submission, as the phone has it.
    digests: BTreeMap<String, String>,
    people: u64,
}

type Found<T> = Result<T, String>;

/// Kills so many times; whether all was as it had been told.
pub async fn run(engine: Engine, kills: u64, seed: u64) -> bool {
    println!("{kills} kills of {engine}, seed {seed}");
    let agency = Agency::start();
    agency.write("forms/kills.json", FORM);
    agency.write(crate::CHANCE.0, crate::CHANCE.1);
    agency.write("citizen.js", CITIZEN);
    agency.start_again();
    let cable = Cable::to(agency.address());
    let mut soak = Soak {
        agency,
        cable,
        browser: Browser::start(engine).await,
        chance: Chance::new(seed),
        files: BTreeMap::new(),
        submitted: BTreeMap::new(),
        digests: BTreeMap::new(),
        people: 0,
    };
    let (begin, mut done) = (Instant::now(), BTreeMap::<Moment, (u64, u64)>::new());
    let mut person = soak.somebody();
    let mut failed = None;
    for number in 0..kills {
        match soak.round(&mut person).await {
            Ok((moment, was_told)) => {
                let (count, told) = done.entry(moment).or_default();
                *count += 1;
                *told += u64::from(was_told);
            }
            Err(error) => {
                failed = Some(format!("after {number} kills: {error}\n{person:#?}"));
                break;
            }
        }
    }
    let end = match failed {
        None => soak.end(person).await,
        Some(failed) => Err(failed),
    };
    for (moment, (count, told)) in &done {
        println!("  {:<12}{count:>5} kills, {told:>4} with something told", format!("{moment:?}"));
    }
    let took = begin.elapsed();
    if let Err(error) = &end {
        println!("FAILED: {error}");
        if let Some(file) = soak.browser.screenshot("kills").await {
            println!("the screen at the end: {}", file.display());
        }
    }
    println!(
        "{} in {engine}: {kills} kills (seed {seed}), {} submissions, in {took:.0?}",
        if end.is_ok() { "ok" } else { "FAILED" },
        soak.submitted.len(),
    );
    end.is_ok()
}

impl Soak {
    fn somebody(&mut self) -> Person {
        self.people += 1;
        Person {
            name: format!("คนที่ {}", self.people),
            typed: 0,
            told: 0,
            attached: Vec::new(),
            in_no_box: BTreeSet::new(),
            pressed: BTreeSet::new(),
            kept: None,
            is_received: false,
        }
    }

    /// One life of the browser: it is opened, looked into, used, and killed. The moment of its death,
    /// and whether the page had said by then that something is kept.
    async fn round(&mut self, person: &mut Person) -> Found<(Moment, bool)> {
        let moment = self.moment();
        self.cable.set(Mode::Pass).await;
        self.cable.forget_faults();
        if moment == Moment::Opening {
            let delay = Duration::from_millis(self.chance.below(900));
            // Whether it is loaded by then does not matter.
            let _ = timeout(delay, self.open()).await;
            self.die().await;
            return Ok((moment, person.told > 0));
        }
        self.open().await;
        self.look(person).await?;
        if self.chance.percent(40) {
            self.all_arrives().await?;
        }
        if self.chance.percent(30) {
            cut_now_and_then(&self.cable, self.chance.below(u64::MAX));
        }
        match self.chance.below(10) {
            0 => self.cable.set(Mode::Unplugged).await,
            1 => self.cable.next("PUT", Fault::HoldResponse),
            2 => self.cable.next("PATCH", Fault::HoldResponse),
            _ => {}
        }
        let files = self.files_for(person);
        let given = json!({
            "name": person.name, "seed": self.chance.below(u64::from(u32::MAX)), "files": files,
            "typed": person.typed, "told": person.told,
        });
        self.browser.ask("citizen.begin(args)", given).await;
        let reached = self.live(person, moment).await?;
        let was_told = person.told > 0 || person.kept.is_some();
        self.die().await;
        Ok((reached, was_told))
    }

    fn moment(&mut self) -> Moment {
        let mut left = self.chance.below(100);
        for (moment, often) in MOMENTS {
            if left < often {
                return moment;
            }
            left -= often;
        }
        Moment::Received
    }

    /// Up to two files that the person may attach in this life.
    fn files_for(&mut self, person: &Person) -> Value {
        let most = 3 - person.attached.len().min(3) as u64;
        let count = self.chance.below(3).min(most);
        let files: Vec<Value> = (0..count)
            .map(|_| {
                let number = self.files.len();
                let name = format!("{number}.pdf");
                // Some of two pieces.
                let most = if self.chance.percent(30) { 500_000 } else { 3_000 };
                let size = 1 + self.chance.below(most) as usize;
                let told = json!({ "name": name, "size": size, "seed": number });
                self.files.insert(name, File { size, seed: number });
                told
            })
            .collect();
        json!(files)
    }

    async fn open(&self) {
        self.browser.open(&format!("{}/?form=kills&lang=en", self.cable.origin())).await;
    }

    async fn die(&self) {
        self.browser.kill();
        self.browser.start_again().await;
    }

    /// Notes what the page says until this moment has come, and some time more, drawn by chance. Where
    /// it cannot come, as without a signal, the last one that did.
    async fn live(&mut self, person: &mut Person, moment: Moment) -> Found<Moment> {
        let nth = person.typed + 1 + self.chance.below(4);
        let delay = match self.chance.below(2) {
            0 => self.chance.below(60),
            _ => self.chance.below(600),
        };
        let requests = self.requests();
        let late = Instant::now() + Duration::from_secs(10);
        let (mut reached, mut end) = (Moment::Typing, None);
        loop {
            let left = end.unwrap_or(late).saturating_duration_since(Instant::now());
            // The pause leaves the browser some of the processor.
            let ask = async {
                sleep(Duration::from_millis(2)).await;
                self.browser.js("return citizen.noted", json!(null)).await
            };
            let Ok(noted) = timeout(left, ask).await else { return Ok(reached) };
            let noted = noted.map_err(|error| format!("the page does not answer: {error}"))?;
            person.note(&noted);
            if let Some(error) = noted["error"].as_str() {
                return Err(error.to_owned());
            }
            let event = noted["event"].as_str().unwrap_or_default();
            reached = match event {
                "received" => Moment::Received,
                _ if self.requests() > requests && !person.pressed.is_empty() => Moment::Sending,
                "pressed" | "kept" => Moment::Submitting,
                "attaching" | "attached" => Moment::Attaching,
                _ => Moment::Typing,
            };
            let has_come = match moment {
                Moment::Typing => person.typed >= nth || reached > moment,
                _ => reached >= moment,
            };
            if has_come && end.is_none() {
                end = Some(Instant::now() + Duration::from_millis(delay));
            }
        }
    }

    /// How many requests with a submission or a piece of a file there were.
    fn requests(&self) -> usize {
        ["PUT", "PATCH", "POST"].map(|method| self.cable.count(method)).iter().sum()
    }

    /// What the page shows after the browser was killed, against what it had told.
    async fn look(&mut self, person: &mut Person) -> Found<()> {
        let now = self.shown().await?;
        let records = now["records"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut there: BTreeMap<String, String> =
            records.iter().map(|record| (text(&record["id"]), text(&record["digest"]))).collect();
        if let Some(record) = records.iter().find(|record| !record["trouble"].is_null()) {
            return Err(format!("a submission needs attention: {record}"));
        }
        for id in self.submitted.keys() {
            let Some(digest) = there.remove(id) else {
                return Err(format!("{id} was said to be saved and is not there"));
            };
            let before = self.digests.entry(id.clone()).or_insert_with(|| digest.clone());
            if *before != digest {
                return Err(format!("{id} is another than it was"));
            }
        }
        // What is left is the person's: saved, and perhaps nobody had heard of it.
        if let Some((id, digest)) = there.pop_first() {
            if !there.is_empty() {
                return Err(format!("{id} and {there:?} of one person"));
            }
            if person.kept.as_ref().is_some_and(|kept| *kept != id) {
                return Err(format!("nobody has submitted {id}"));
            }
            if now["name"] == json!(person.name) {
                return Err(format!("{id} is a draft as well"));
            }
            let next = self.somebody();
            self.digests.insert(id.clone(), digest);
            self.submitted.insert(id, std::mem::replace(person, next));
        }
        if let Some(id) = &person.kept {
            return Err(format!("{id} was said to be saved and is not there"));
        }
        person.has_draft(&now)
    }

    /// What the form shows, looked at again where the draft was not read in time.
    async fn shown(&self) -> Found<Value> {
        let mut now = Value::Null;
        for _ in 0..3 {
            let load = "
              const script = Object.assign(document.createElement('script'), { type: 'module', src: 'citizen.js' });
              if (!document.querySelector('script[src=\"citizen.js\"]')) document.head.append(script);
              return Boolean(window.citizen) && window.citizen.look();";
            let asked = wait_at_most(PATIENCE, async || {
                let found = self.browser.js(load, json!(null)).await.ok();
                found.filter(Value::is_object)
            });
            now = asked.await.ok_or("the form does not open")?;
            if now["name"] != json!("") {
                break;
            }
            // A phone that is slow to say what it keeps shows an empty form.
            let has_draft = "return citizen.outbox.listDrafts().then((drafts) => drafts.length)";
            if self.browser.ask(has_draft, json!(null)).await == json!(0) {
                break;
            }
            self.browser.reload().await;
        }
        Ok(now)
    }

    /// With a signal and no more faults: everything that waits arrives.
    async fn all_arrives(&self) -> Found<()> {
        let send = "return (async () => {
          const { records } = (await citizen.look()) ?? {};
          const waiting = records?.filter(({ state }) => state !== 'received');
          for (const { id, state } of waiting ?? []) if (state === 'queued') await citizen.outbox.sendNow(id);
          return waiting?.length === 0;
        })()";
        let arrived = wait_at_most(PATIENCE, async || {
            let done = self.browser.js(send, json!(null)).await;
            done.is_ok_and(|done| done == json!(true)).then_some(())
        });
        arrived.await.ok_or_else(|| "what waits does not arrive".to_owned())
    }

    /// Everything is sent, and compared with what the agency has.
    async fn end(&mut self, mut person: Person) -> Found<()> {
        self.cable.set(Mode::Pass).await;
        self.cable.forget_faults();
        self.open().await;
        self.look(&mut person).await?;
        self.all_arrives().await?;
        let rows = self.agency.rows("kills");
        let files = self.agency.files("kills");
        let mut there = BTreeSet::new();
        for row in &rows {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let id = text(&row.receipt["id"]);
            let Some(person) = self.submitted.get(&id) else {
                return Err(format!("nobody was told of {id}, which the agency has"));
            };
            if !there.insert(id.clone()) {
                return Err(format!("the agency has {id} twice"));
            }
            if self.digests.get(&id) != Some(&text(&row.receipt["digest"])) {
                return Err(format!("the agency has other bytes of {id}"));
            }
            let named = person.has_sent(&row.submission["answers"])?;
            let reference = text(&row.receipt["reference"]);
            let mut of_it: Vec<&Vec<u8>> = files
                .iter()
                .filter(|(name, _)| name.starts_with(&reference))
                .map(|(_, bytes)| bytes)
                .collect();
            for name in named {
                let file = self.files.get(&name).ok_or_else(|| format!("a file {name}"))?;
                let at = of_it.iter().position(|bytes| **bytes == file.bytes());
                let at = at.ok_or_else(|| format!("{name} of {id} is not at the agency"))?;
                of_it.swap_remove(at);
            }
            if !of_it.is_empty() {
                return Err(format!("{} more files of {id}", of_it.len()));
            }
            self.is_signed(&row.receipt);
        }
        let lacking: Vec<&String> =
            self.submitted.keys().filter(|id| !there.contains(*id)).collect();
        if !lacking.is_empty() {
            return Err(format!("{lacking:?} are not at the agency"));
        }
        self.lists_them(rows.len()).await
    }

    fn is_signed(&self, receipt: &Value) {
        let file = self.agency.site().with_file_name("receipt.json");
        fs::write(&file, receipt.to_string()).expect("a temporary folder is writable");
        let (file, database) = (file.display().to_string(), self.agency.database());
        self.agency.command(&["verify", &file, "--db", &database.display().to_string()]);
    }

    /// As do the agency's own command, and the list of what this phone keeps.
    async fn lists_them(&self, count: usize) -> Found<()> {
        let database = self.agency.database().display().to_string();
        let list = self.agency.command(&["list", "--form", "kills", "--db", &database]);
        let listed = list.lines().count() - 1;
        if listed != count {
            return Err(format!("{listed} in the agency's list, and {count} in its database"));
        }
        self.browser.open(&format!("{}/", self.cable.origin())).await;
        let received = "[data-eform=submission][data-state=received]";
        // The newest fifty are shown, and fifty more where asked.
        let more = "all('[data-action=more]').find(visible)?.click(); return true";
        wait_for(&format!("{count} received in the list"), async || {
            self.browser.ask(more, json!(null)).await;
            (self.browser.count(received).await == count as u64).then_some(())
        })
        .await;
        Ok(())
    }
}

impl Person {
    /// What was entered with this number.
    fn story(&self, number: u64) -> String {
        format!("{} \u{1F33E} {number} {}", self.name, "ก".repeat(number as usize * 7))
    }

    /// Notes what has been done and told since.
    fn note(&mut self, noted: &Value) {
        let number = |name: &str| noted[name].as_u64().unwrap_or_default();
        (self.typed, self.told) = (number("typed"), number("told"));
        for one in noted["attached"].as_array().into_iter().flatten() {
            let attached = (one[0].as_str().unwrap_or_default().to_owned(), one[1].as_u64());
            let attached = (attached.0, attached.1.unwrap_or_default());
            self.in_no_box.insert(attached.1);
            if !self.attached.contains(&attached) {
                self.attached.push(attached);
            }
        }
        // It was never said to be attached.
        let is_out = |name: &str| {
            noted["removed"].as_array().is_some_and(|out| out.iter().any(|one| one == name))
        };
        self.attached.retain(|(name, number)| *number > 0 || !is_out(name));
        self.pressed
            .extend(noted["pressed"].as_array().into_iter().flatten().filter_map(Value::as_u64));
        self.kept = noted["kept"].as_str().map(str::to_owned);
        self.is_received |= noted["isReceived"] == json!(true);
    }

    /// Whether the draft is on the screen that was said to be kept, or a later one; goes on from it.
    fn has_draft(&mut self, now: &Value) -> Found<()> {
        let text = |name: &str| now[name].as_str().unwrap_or_default();
        if text("name").is_empty() && self.told == 0 {
            (self.typed, self.attached) = (0, Vec::new());
            return Ok(());
        }
        let number: u64 = text("times").parse().unwrap_or_default();
        let is_one = text("name") == self.name && text("story") == self.story(number);
        let told = self.last_typed(self.told).unwrap_or_default();
        if !is_one || number < told {
            return Err(format!("{} was said to be kept, and the form shows {now}", self.told));
        }
        let shown: Vec<String> = now["files"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|file| Some(file.as_str()?.split(' ').next()?.to_owned()))
            .collect();
        for (name, number) in &self.attached {
            if *number <= self.told && !shown.contains(name) {
                return Err(format!("{name} was said to be kept, and the form shows {now}"));
            }
        }
        self.attached.retain(|(name, _)| shown.contains(name));
        // The last that was done before a kill may not have been heard of.
        let unheard =
            shown.into_iter().filter(|name| self.attached.iter().all(|(of, _)| of != name));
        let unheard: Vec<_> = unheard.map(|name| (name, 0)).collect();
        self.attached.extend(unheard);
        (self.typed, self.told) = (self.typed.max(number), self.told.max(number));
        Ok(())
    }

    /// What stands in the boxes at this number.
    fn last_typed(&self, number: u64) -> Option<u64> {
        (1..=number).rev().find(|number| !self.in_no_box.contains(number))
    }

    /// Whether the agency has what was submitted; the names of its files.
    fn has_sent(&self, answers: &Value) -> Found<Vec<String>> {
        let text = |name: &str| answers[name].as_str().unwrap_or_default();
        let number: u64 = text("times").parse().unwrap_or_default();
        if text("name") != self.name || text("story") != self.story(number) {
            return Err(format!("{self:?} has submitted something else than {answers}"));
        }
        let named = answers["files"].as_array().into_iter().flatten();
        let named: Vec<String> =
            named.filter_map(|file| file["name"].as_str().map(str::to_owned)).collect();
        let is_of_pressing = |pressed: &u64| self.last_typed(*pressed) == Some(number);
        // Where the page had not said yet that it is saved, the pressing may not have been heard of.
        let is_right = match self.kept {
            Some(_) => self.pressed.iter().any(is_of_pressing),
            None => Some(number) >= self.last_typed(self.told),
        };
        if !is_right {
            return Err(format!("{self:?} has submitted another state than {number}"));
        }
        match self.attached.iter().find(|(name, _)| !named.contains(name)) {
            Some((name, _)) => Err(format!("{name} is missing in {answers}")),
            None => Ok(named),
        }
    }
}

impl File {
    fn bytes(&self) -> Vec<u8> {
        let byte = |at: usize| ((at * 31 + (at >> 8) + self.seed) & 255) as u8;
        (0..self.size).map(byte).collect()
    }
}
