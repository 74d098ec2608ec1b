//! A screen for an engine that cannot do without one: an X server in memory.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::processes::Processes;

/// A running Xvfb. It ends when the value is dropped.
pub struct Screen {
    display: String,
    _processes: Processes,
}

impl Screen {
    /// Starts one on a free display, and returns when it is ready.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x1600x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut processes = Processes::start(&mut command).expect("Xvfb starts");
        let output = processes.root().stdout.take().expect("stdout is piped");
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number).expect("Xvfb says its display");
        let display = format!(":{}", number.trim());
        assert!(display.len() > 1, "Xvfb found no free display");
        Self { display, _processes: processes }
    }

    /// For `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }
}
