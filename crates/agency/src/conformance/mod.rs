//! `eform-agency conformance URL`: is what answers there an endpoint that the page can send to? Each
//! line is one thing that `docs/protocol.md` asks for, tried from outside, in no agency's favour.
//!
//! What is right is received, for good: the ids and references are told so that they can be removed.

mod checks;
mod client;
mod receipts;
mod sample;

use std::{
    io::{self, Write},
    path::PathBuf,
};

pub use sample::SampleError;

use checks::Probe;
use client::Client;
use sample::Sample;

/// What is tested, and with what.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The address in the form's `submit.url`, whole: `https://HOST/api/submissions`.
    pub url: String,
    /// The definition, as the endpoint knows it. `NAME.cases.json` beside it gives right answers.
    #[arg(long)]
    pub form: Option<PathBuf>,
    /// Right answers instead of those of a case: JSON, by field id.
    #[arg(long, requires = "form")]
    pub answers: Option<PathBuf>,
    /// Ask only for what the page cannot do without; the rest is told and does not count.
    #[arg(long)]
    pub minimum: bool,
    /// The origin of the site with the form, `https://HOST`, where it is not the endpoint's own.
    #[arg(long)]
    pub origin: Option<String>,
    /// Where the public key is [default: /.well-known/eform-keys.json at the endpoint's origin].
    #[arg(long)]
    pub keys: Option<String>,
    /// Leave these checks out, as `large,too-large` on a slow line.
    #[arg(long, value_delimiter = ',', value_parser = known)]
    pub without: Vec<String>,
    /// Really send: six test submissions, or more, will be received for good; and where the form has
    /// `submit.uploads`, one more and some files that nothing names.
    #[arg(long)]
    pub yes: bool,
}

/// Why an endpoint was not tested, or did not pass.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    /// Nobody said that test submissions may be sent.
    #[error(
        "this puts six test submissions or more into {0}, which stay there until you remove them; \
         say --yes where that is right"
    )]
    NotAsked(String),
    /// Without a definition only the minimum can be tested.
    #[error("say which form by --form, or test only the --minimum")]
    NoForm,
    /// There is nothing right to send.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Not an address.
    #[error("{0} is not an http or https address")]
    Address(String),
    /// So many required lines failed.
    #[error("{0} of what is required is not as docs/protocol.md says")]
    Failed(usize),
    /// What was found cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// Why a check did not come out well.
pub(crate) enum Amiss {
    /// What came instead.
    Fails(String),
    /// Why it could not be tried.
    NotTried(String),
}

/// What came of one check.
pub(crate) type Outcome = Result<(), Amiss>;

/// One thing that is asked of an endpoint.
pub(crate) struct Check {
    /// The stable name at the beginning of its line.
    pub name: &'static str,
    /// What is expected, without «expected».
    pub expected: &'static str,
    /// Is it part of the minimum?
    pub least: bool,
    pub run: fn(&mut Probe) -> Outcome,
}

/// Tests the endpoint, a line for each check as it is done. It blocks.
///
/// # Errors
/// When it was not tested, or when something that is required failed.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), ConformanceError> {
    if options.form.is_none() && !options.minimum {
        return Err(ConformanceError::NoForm);
    }
    let client =
        Client::new(&options.url).ok_or_else(|| ConformanceError::Address(options.url.clone()))?;
    let sample = match &options.form {
        Some(form) => Sample::read(form, options.answers.as_deref())?,
        None => Sample::built_in()?,
    };
    if !options.yes {
        return Err(ConformanceError::NotAsked(options.url.clone()));
    }
    let mut probe =
        Probe::new(&client, &sample, options.origin.as_deref(), options.keys.as_deref());
    let mut failed = 0;
    for check in checks::ALL {
        let outcome = match options.without.iter().any(|name| name == check.name) {
            true => Err(Amiss::NotTried("left out".to_owned())),
            false => (check.run)(&mut probe),
        };
        let required = check.least || !options.minimum;
        let Check { name, expected, .. } = check;
        match outcome {
            Ok(()) => writeln!(out, "ok       {name}: {expected}")?,
            Err(Amiss::NotTried(why)) => writeln!(out, "-        {name}: not tried: {why}")?,
            Err(Amiss::Fails(came)) if required => {
                failed += 1;
                writeln!(out, "FAILS    {name}: expected {expected}; came {came}")?;
            }
            Err(Amiss::Fails(came)) => {
                writeln!(out, "not done {name}: it would be {expected}; came {came}")?;
            }
        }
    }
    if !probe.received.is_empty() {
        writeln!(out, "\nReceived by {}, to be removed there:", options.url)?;
    }
    for (id, reference) in &probe.received {
        writeln!(out, "{id}  {reference}")?;
    }
    out.flush()?;
    if failed == 0 { Ok(()) } else { Err(ConformanceError::Failed(failed)) }
}

/// The name of a check.
fn known(name: &str) -> Result<String, String> {
    let known = checks::ALL.iter().any(|check| check.name == name);
    if known { Ok(name.to_owned()) } else { Err("there is no check of this name".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::checks::ALL;

    /// The list of `docs/protocol.md`, where each check has a row.
    #[test]
    fn the_document_names_every_check_and_no_other_and_which_are_the_minimum() {
        let document = include_str!("../../../../docs/protocol.md");
        let (_, list) = document.split_once("<!-- checks -->").unwrap();
        let (list, _) = list.split_once("<!-- end -->").unwrap();
        let rows = list.lines().filter(|line| line.starts_with("| `"));
        let told: Vec<(&str, bool)> = rows
            .map(|row| {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                (cells[1].trim_matches('`'), cells[3] == "yes")
            })
            .collect();
        let known: Vec<(&str, bool)> = ALL.iter().map(|check| (check.name, check.least)).collect();
        assert_eq!(told, known);
    }
}
