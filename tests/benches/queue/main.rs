//! A phone with thousands of submissions that wait: how long «my submissions» takes to open, how long all
//! take to be sent, and in what memory. `cargo xtask bench --queue`. The kit as it is built, in Chromium,
//! and the real agency; what waits was put there by the outbox's own `submit`. Figures to look at, but for
//! one thing: every submission must be at the agency in the end, once.

use std::{
    collections::BTreeSet,
    env, fs,
    process::ExitCode,
    time::{Duration, Instant},
};

use eform::{Date, Form, Session, Submission};
use eform_journeys::{
    agency::{Agency, cases, definition, workspace},
    browser::Browser,
    engine::Engine,
    processes::mark_of_this_process,
    wait::wait_at_most,
};
use eform_outbox::Record;
use serde_json::{Value, json};

const FORM: &str = "farmer-registration";

/// Where the figures are kept, between two marks.
const FILE: &str = "docs/load.md";
const MARKS: (&str, &str) = ("<!-- queue -->\n", "<!-- end of queue -->");

/// How many are handed over to the browser at a time.
const BATCH: usize = 100;

/// Nothing here takes so long, unless it has got stuck.
const LONGEST: Duration = Duration::from_secs(30 * 60);

const SHOWS: &str = "return Boolean(window.watch?.listedAt)";

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|given| given != "--bench").collect();
    let write = arguments.iter().any(|given| given == "--write");
    let count = arguments.iter().find_map(|given| given.strip_prefix("--count=")?.parse().ok());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let right = runtime.block_on(measure(count.unwrap_or(10_000), write));
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(count: usize, write: bool) -> bool {
    let agency = Agency::start();
    agency.write("queue-fill.html", include_str!("fill.html"));
    agency.write("queue-fill.js", include_str!("fill.js"));
    let origin = format!("http://{}", agency.address());
    let busy = busy();
    let browser = Browser::start_with(Engine::Chromium, &["--enable-precise-memory-info"]).await;
    let version = browser.devtools("Browser.getVersion", json!({})).await;
    browser.devtools("Performance.enable", json!({})).await;

    browser.open("about:blank").await;
    let before = memory(&browser).await;
    let filling = Instant::now();
    browser.open(&format!("{origin}/queue-fill.html")).await;
    browser.wait_until("the outbox", "return Boolean(window.fill)", json!(null)).await;
    let mut next = records(&origin);
    for from in (0..count).step_by(BATCH) {
        let pairs: Vec<[String; 2]> = (from..count.min(from + BATCH)).map(&mut next).collect();
        browser.ask("return window.fill(args)", json!(pairs)).await;
    }
    eprintln!("{count} wait, after {:.0?}", filling.elapsed());

    let watch = json!({ "source": include_str!("watch.js") });
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", watch).await;
    let mut figures = Figures::default();
    // Once so that the browser has compiled the kit, as any phone has that was ever there.
    for round in 0..2 {
        browser.open("about:blank").await;
        browser.open(&format!("{origin}/?lang=en")).await;
        wait(&browser, SHOWS).await;
        if round == 1 {
            let at = number(&browser, "return window.watch.listedAt").await;
            figures.add("the first page, with the list on it, opened", seconds(at / 1e3));
        }
    }
    browser.open(&format!("{origin}/?form={FORM}&lang=en")).await;
    let ready = "return Boolean(all('[data-action=mine]').find(visible))";
    wait(&browser, ready).await;
    let opened = "const begin = performance.now();
        all('[data-action=mine]').find(visible).click();
        return new Promise((resolve) => {
          const look = () => window.watch.listedAt > begin
            ? resolve(window.watch.listedAt - begin) : requestAnimationFrame(look);
          look();
        })";
    let took = number(&browser, opened).await;
    figures.add("«my submissions» opened from the form", seconds(took / 1e3));
    let more = "const begin = performance.now();
        all('[data-action=more]').find(visible)?.click();
        return new Promise((resolve) => requestAnimationFrame(() =>
          setTimeout(() => resolve(performance.now() - begin))))";
    let took = number(&browser, more).await;
    figures.add("50 more shown", seconds(took / 1e3));
    figures.add("memory of the page with the list", memory(&browser).await.beyond(&before));

    browser
        .ask(
            "window.watch.busiest = 0; window.watch.letGo(); dispatchEvent(new Event('online'))",
            json!(null),
        )
        .await;
    let (begin, mut most) = (Instant::now(), Memory::default());
    let all_are_there = format!("return window.watch.received >= {count}");
    let sent = wait_at_most(LONGEST, async || {
        most = most.max(memory_as_it_is(&browser).await);
        let told = browser.js(&all_are_there, json!(null)).await.ok();
        (told == Some(Value::Bool(true))).then_some(())
    })
    .await;
    let took = begin.elapsed().as_secs_f64();
    let received = number(&browser, "return window.watch.received").await;
    figures.add("all sent and received", format!("{took:.0} s"));
    figures.add("submissions a second", format!("{:.0}", received / took));
    figures.add("the most memory meanwhile", most.beyond(&before));
    let busiest = number(&browser, "return window.watch.busiest").await;
    figures.add("the longest that the page was busy meanwhile", seconds(busiest / 1e3));
    drop(browser);

    let ids = agency.rows(FORM).into_iter().map(|row| row.receipt["id"].to_string());
    let mut twice = 0;
    let mut there = BTreeSet::new();
    ids.for_each(|id| twice += usize::from(!there.insert(id)));
    println!("\n{}", figures.table());
    if sent.is_none() || twice > 0 || there.len() != count {
        eprintln!("FAILED: {} of {count} are at the agency, {twice} twice", there.len());
        return false;
    }
    if write {
        let product = version["product"].as_str().unwrap_or_default().replace('/', " ");
        keep(&figures.table(), count, &product, busy);
    }
    true
}

/// Makes the records that wait, as the page makes them when somebody submits: an id and its JSON each.
fn records(origin: &str) -> impl FnMut(usize) -> [String; 2] + use<> {
    let text = definition_text();
    let form = Form::parse(text.as_bytes()).expect("a form of the kit's");
    let cases = cases(FORM);
    let today = cases["today"].as_str().expect("the cases have a day").to_owned();
    let day = Date::parse_iso(&today).expect("a day");
    let entered = cases["cases"].as_array().into_iter().flatten();
    let answers = entered.filter_map(|case| case["answers"].as_object()).find_map(|entered| {
        let session = Session::new(form.clone(), entered, day);
        let files = session.check_enclosed(&[], &[]);
        session.submission().filter(|_| files.is_empty()).cloned()
    });
    let answers = answers.expect("a case that can be submitted without files");
    let title = definition(FORM)["title"].clone();
    let url = format!("{origin}/api/submissions");
    move |number| {
        let submission = Submission {
            id: format!("0197a1b2-c3d4-7e5f-8a6b-{number:012x}"),
            form: FORM.to_owned(),
            version: form.definition().version.clone(),
            definition: form.digest().to_owned(),
            language: "th".to_owned(),
            completed_at: format!("{today}T08:00:00+07:00"),
            replaces: None,
            answers: Some(answers.clone()),
            sealed: None,
            attachments: Vec::new(),
            uploads: Vec::new(),
        };
        let now = 1_795_000_000_000 + i64::try_from(number).unwrap_or_default();
        let record = Record::new(&submission, title.clone(), url.clone(), now);
        [record.id.clone(), record.to_json()]
    }
}

/// The definition as the agency serves it, byte for byte.
fn definition_text() -> String {
    let kit = env::var_os("EFORM_DIST").map_or_else(|| workspace().join("dist"), Into::into);
    let file = kit.join(format!("forms/{FORM}.json"));
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

async fn wait(browser: &Browser, script: &str) {
    let came = wait_at_most(LONGEST, async || {
        let answer = browser.js(script, json!(null)).await.ok();
        (answer == Some(Value::Bool(true))).then_some(())
    });
    came.await.unwrap_or_else(|| panic!("it never came: {script}"));
}

async fn number(browser: &Browser, script: &str) -> f64 {
    browser.ask(script, json!(null)).await.as_f64().unwrap_or_else(|| panic!("no number: {script}"))
}

/// In bytes: what scripts hold, and what the system gives the process of the page, with the modules.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    heap: f64,
    resident: f64,
}

impl Memory {
    fn max(self, other: Self) -> Self {
        Self { heap: self.heap.max(other.heap), resident: self.resident.max(other.resident) }
    }

    fn beyond(&self, empty: &Self) -> String {
        let [mb, more, heap] =
            [self.resident, self.resident - empty.resident, self.heap].map(|bytes| bytes / 1e6);
        format!("{mb:.0} MB ({more:.0} MB more than an empty page), of which scripts {heap:.0} MB")
    }
}

/// Once what is not needed any more is gone.
async fn memory(browser: &Browser) -> Memory {
    browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
    memory_as_it_is(browser).await
}

async fn memory_as_it_is(browser: &Browser) -> Memory {
    let metrics = browser.devtools("Performance.getMetrics", json!({})).await;
    let metrics = metrics["metrics"].as_array().into_iter().flatten();
    let heap = metrics.filter(|metric| metric["name"] == "JSHeapUsedSize");
    let heap = heap.filter_map(|metric| metric["value"].as_f64()).next().unwrap_or_default();
    Memory { heap, resident: largest_renderer() }
}

/// The memory of the largest process that draws pages, of the browser that this process has started.
fn largest_renderer() -> f64 {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    let is_renderer = |id: &u32| contains(*id, "cmdline", "--type=renderer") && is_ours(*id);
    let memory = ids.filter(is_renderer).filter_map(|id| status(id, "VmRSS:"));
    memory.fold(0.0, f64::max) * 1024.0
}

/// It, or whoever started it, has the mark. Chromium writes over the environment of some.
fn is_ours(mut id: u32) -> bool {
    let mark = mark_of_this_process();
    while id > 1 {
        if contains(id, "environ", &mark) {
            return true;
        }
        let Some(parent) = status(id, "PPid:") else { return false };
        // Numbers of processes are far below 2^32.
        id = parent as u32;
    }
    false
}

fn contains(id: u32, name: &str, what: &str) -> bool {
    let bytes = fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).contains(what)
}

/// A number of `/proc/ID/status`.
fn status(id: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[derive(Default)]
struct Figures(Vec<(&'static str, String)>);

impl Figures {
    fn add(&mut self, what: &'static str, figure: String) {
        eprintln!("{what}: {figure}");
        self.0.push((what, figure));
    }

    fn table(&self) -> String {
        let lines = self.0.iter().map(|(what, figure)| format!("| {what} | {figure} |\n"));
        ["| | |\n|---|---|\n".to_owned(), lines.collect()].concat()
    }
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.2} s")
}

/// How many programs waited for a processor when it began.
fn busy() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Puts the table into the page, with the machine that it is of.
fn keep(table: &str, count: usize, browser: &str, busy: Option<f64>) {
    let file = workspace().join(FILE);
    let page = fs::read_to_string(&file).expect(FILE);
    let (before, rest) = page.split_once(MARKS.0).expect("the page has a mark");
    let (_, after) = rest.split_once(MARKS.1).expect("the page has an end of the mark");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut machine =
        format!("{count} submissions, in {browser} with {cores} cores, and the agency beside it.");
    if let Some(load) = busy.filter(|load| *load > 0.7) {
        machine += &format!(" The machine was busy with other things as well (load {load:.1}).");
    }
    let page = [before, MARKS.0, &machine, "\n\n", table, MARKS.1, after].concat();
    fs::write(&file, page).expect(FILE);
    println!("{FILE} is written");
}
