//! The program `eform`: what form authors do on a command line. It reads arguments and files and
//! writes what the library `eform::tools` says.
//!
//! It ends with 0 where there is nothing to say, with 1 where something was found, and with 2 where
//! a file cannot be read or the command line is wrong.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use eform::paper::{self, Sheet};
use eform::{Date, Form, tools};
use serde_json::{Value, json};

/// Tools for people who write forms.
#[derive(Debug, Parser)]
#[command(name = "eform", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say everything that is wrong or odd with forms.
    Check {
        /// The forms' files; files of cases (`NAME.cases.json`) among them are passed over.
        #[arg(required = true)]
        forms: Vec<PathBuf>,
        /// Write one JSON list for programs.
        #[arg(long)]
        json: bool,
        /// The day to look at the forms on, as 2026-11-20; today unless told.
        #[arg(long, value_parser = day)]
        today: Option<Date>,
    },
    /// Print the JSON Schema of a form's answers.
    Schema {
        /// The form's file.
        form: PathBuf,
    },
    /// Run the cases that a form's author has written.
    Test {
        /// The form's file.
        form: PathBuf,
        /// The file of cases; `NAME.cases.json` beside the form unless told.
        cases: Option<PathBuf>,
    },
    /// Say in words what a field is, when it is shown and required, and what depends on it.
    Explain {
        /// The form's file.
        form: PathBuf,
        /// The field's id, or its place in the answers as `/plots/area`.
        field: String,
        /// The language of labels; the form's first unless told.
        #[arg(long)]
        lang: Option<String>,
    },
    /// Write the empty form for paper, as an HTML file to print on A4.
    Blank {
        /// The form's file.
        form: PathBuf,
        /// The language; the form's first unless told.
        #[arg(long)]
        lang: Option<String>,
        /// The file to write; standard output without it.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Where the kit's `blank.css` is, as `../blank.css`; without it the styles are in the file.
        #[arg(long)]
        styles: Option<String>,
    },
    /// Work out a rule. Without one, read `{"rule": …, "data": …}` a line, and write
    /// `{"result": …}` or `{"error": …}` a line.
    Logic {
        /// The rule, as JSON.
        rule: Option<String>,
        /// The data, as JSON.
        data: Option<String>,
        /// What `today` is, as 2026-11-20; today unless told.
        #[arg(long, value_parser = day)]
        today: Option<Date>,
    },
    /// Print the JSON Schema of the form language, for editors.
    Language {
        /// That of files of cases instead.
        #[arg(long)]
        cases: bool,
    },
}

/// Why a command could not be carried out: the text is what the author sees.
type Failure = String;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("eform: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Runs a command; whether there was nothing to say.
fn run(command: Command) -> Result<bool, Failure> {
    match command {
        Command::Check { forms, json, today } => check(&forms, json, today.unwrap_or_else(now)),
        Command::Schema { form } => print_json(&tools::schema(&parse(&form, &read(&form)?)?)),
        Command::Test { form, cases } => {
            let cases = cases.unwrap_or_else(|| form.with_extension("cases.json"));
            test(&form, &cases)
        }
        Command::Explain { form, field, lang } => {
            let bytes = read(&form)?;
            let language = match lang {
                Some(lang) => lang,
                None => parse(&form, &bytes)?.summary().languages.swap_remove(0),
            };
            let words = tools::explain(&bytes, &field, &language);
            print(&words.map_err(|error| format!("{}: {error}", form.display()))?)
        }
        Command::Blank { form, lang, out, styles } => {
            let parsed = parse(&form, &read(&form)?)?;
            let page = blank(&parsed, lang.as_deref(), styles)?;
            match out {
                Some(out) => fs::write(&out, page)
                    .map(|()| true)
                    .map_err(|error| format!("cannot write {}: {error}", out.display())),
                None => print(&page),
            }
        }
        Command::Logic { rule: Some(rule), data, today } => {
            let json = |text: &str| {
                serde_json::from_str(text).map_err(|error| format!("not JSON: {error}: {text}"))
            };
            let data = json(data.as_deref().unwrap_or("null"))?;
            let today = Some(today.unwrap_or_else(now));
            let result = tools::evaluate(json(&rule)?, &data, today)?;
            print(&format!("{}\n", eform::json::write(&result)))
        }
        Command::Logic { rule: None, today, .. } => logic_lines(today.unwrap_or_else(now)),
        Command::Language { cases: false } => print_json(&tools::language()),
        Command::Language { cases: true } => print_json(&tools::cases_language()),
    }
}

fn check(forms: &[PathBuf], as_json: bool, today: Date) -> Result<bool, Failure> {
    let (mut all, mut lines, mut good) = (Vec::new(), String::new(), true);
    let is_cases = |path: &&PathBuf| path.to_string_lossy().ends_with(".cases.json");
    if let (Some(cases), true) = (forms.first(), forms.iter().all(|form| is_cases(&form))) {
        return Err(format!("{} holds cases, which `eform test` reads", cases.display()));
    }
    for form in forms.iter().filter(|form| !is_cases(form)) {
        for issue in tools::check(&read(form)?, today) {
            good &= !issue.fails();
            lines += &format!("{}:{issue}\n", form.display());
            let mut issue = serde_json::to_value(&issue).map_err(|error| error.to_string())?;
            issue["file"] = json!(form.display().to_string());
            all.push(issue);
        }
    }
    if as_json {
        print_json(&Value::Array(all))?
    } else {
        print(&lines)?
    };
    Ok(good)
}

fn blank(form: &Form, lang: Option<&str>, styles: Option<String>) -> Result<String, Failure> {
    let languages = &form.definition().languages;
    let language = lang.unwrap_or(&languages[0]);
    if !languages.iter().any(|known| known == language) {
        return Err(format!("the form is not in `{language}`, only in {}", languages.join(", ")));
    }
    Ok(paper::blank(form, language, &styles.map_or(Sheet::Inside, Sheet::At)))
}

fn test(form: &Path, cases: &Path) -> Result<bool, Failure> {
    let parsed = parse(form, &read(form)?)?;
    let outcomes = tools::test(&parsed, &read(cases)?)
        .map_err(|issue| format!("{}:{issue}", cases.display()))?;
    let mut out = String::new();
    let mut failed = 0;
    for outcome in outcomes.iter().filter(|outcome| !outcome.failures.is_empty()) {
        failed += 1;
        let tools::Outcome { name, line, column, failures } = outcome;
        out += &format!("{}:{line}:{column}: failed: {name}\n", cases.display());
        for failure in failures {
            out += &format!("    {failure}\n");
        }
    }
    out += &format!("{} passed, {failed} failed\n", outcomes.len() - failed);
    print(&out)?;
    Ok(failed == 0)
}

/// Every line is answered before the next is read, so that another program can ask and wait.
fn logic_lines(today: Date) -> Result<bool, Failure> {
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Err(error) => return Err(format!("cannot read: {error}")),
            Ok(0) => return Ok(true),
            Ok(_) => {
                let answer = tools::answer_line(&String::from_utf8_lossy(&line), Some(today));
                if !write(&format!("{answer}\n"))? {
                    return Ok(true);
                }
            }
        }
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Form, Failure> {
    Form::parse(bytes).map_err(|error| {
        let (path, error) = (path.display(), error.to_string());
        format!("{path}: {error}\nsee all that is wrong with: eform check {path}")
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn print_json(value: &Value) -> Result<bool, Failure> {
    print(&format!("{value:#}\n"))
}

/// A reader such as `head` that closes the pipe early has what it wanted.
fn print(text: &str) -> Result<bool, Failure> {
    write(text).map(|_| true)
}

/// Writes; whether there is still somebody who reads.
fn write(text: &str) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("cannot write: {error}")),
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).ok_or_else(|| "expected a day as 2026-11-20".to_owned())
}

/// Today in Thailand, where the sun is seven hours ahead of UTC.
fn now() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    tools::day_since_1970(((since.as_secs() + 7 * 3600) / 86_400) as u32)
}
