//! The files that the answers name, over the whole form: what they have together, and whether what
//! came with a submission is exactly them. The page and the agency ask the same.

use std::collections::HashMap;

use serde_json::Value;

use super::{NodeId, Session};
use crate::fields::attachment::{bytes_of, size_of, text_of, too_much_together};
use crate::{Enclosed, Finding, Uploaded};

/// A file that an answer names.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached<'a> {
    /// Where the answer names it, as an RFC 6901 pointer into the answers: `/photos/0`.
    pub pointer: String,
    /// Which of the answer's files it is, counted from 1.
    pub number: usize,
    /// What the answer says of it.
    file: &'a Value,
}

impl<'a> Attached<'a> {
    /// Its SHA-256 in 64 lower-case hexadecimal digits; empty where it has not been read yet.
    pub fn sha256(&self) -> &'a str {
        text_of(self.file, "sha256")
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        size_of(self.file)
    }

    /// An error about it.
    pub fn error(&self, code: &'static str) -> Finding {
        Finding::error(code).with("n", self.number).within(&self.pointer)
    }
}

impl Session {
    /// The files that the answers name, in the order of the form; of shown fields only.
    pub fn attached(&self) -> Vec<Attached<'_>> {
        let mut all = Vec::new();
        self.each_with_files(&mut |node, files| {
            let answer = self.pointer(node);
            for (index, file) in files.iter().enumerate() {
                let pointer = [answer.as_str(), "/", &index.to_string()].concat();
                all.push(Attached { pointer, number: index + 1, file });
            }
        });
        all
    }

    /// The bytes of all files that the answers name.
    pub fn attached_bytes(&self) -> u64 {
        let mut sum: u64 = 0;
        self.each_with_files(&mut |_, files| sum = sum.saturating_add(bytes_of(files)));
        sum
    }

    /// The most bytes that all files of the form may have together.
    pub fn attached_limit(&self) -> u64 {
        self.form.definition().submit.attached_bytes()
    }

    /// All files of the form are too large together: found at the answer with which they become so.
    pub(super) fn files_together(&self) -> Option<Finding> {
        let (mut sum, mut found, most) = (0_u64, None, self.attached_limit());
        self.each_with_files(&mut |node, files| {
            let (before, own) = (sum, bytes_of(files));
            sum = sum.saturating_add(own);
            if sum > most && before <= most {
                found = Some(too_much_together(most).within(&self.pointer(node)));
            }
        });
        found
    }

    fn each_with_files<'a>(&'a self, see: &mut dyn FnMut(NodeId, &'a [Value])) {
        // Most forms have no files at all: then their nodes need not be gone through.
        if self.form.fields().iter().any(|field| field.kind.files(&Value::Null).is_some()) {
            for page in 0..self.pages.len() {
                self.on_page(page).into_iter().for_each(|node| self.files_under(node, see));
            }
        }
    }

    fn files_under<'a>(&'a self, node: NodeId, see: &mut dyn FnMut(NodeId, &'a [Value])) {
        let here = self.node(node);
        here.children.iter().for_each(|child| self.files_under(*child, see));
        let kind = &self.form.field(here.place).kind;
        if let Some(files) = here.answer.as_ref().and_then(|answer| kind.files(answer)) {
            see(node, files);
        }
    }

    /// Finds where what came with the answers, inside the submission or before it, is not exactly the
    /// files that they name.
    pub fn check_enclosed(&self, enclosed: &[Enclosed], uploaded: &[Uploaded]) -> Vec<Finding> {
        let mut found = Vec::new();
        // By digest: the length of what is there, if it is of this digest.
        let mut there: HashMap<&str, Option<u64>> = HashMap::new();
        let mut unknown = 0;
        let inside =
            enclosed.iter().map(|one| (&one.sha256, one.bytes().map(|bytes| bytes.len() as u64)));
        for (sha256, length) in
            inside.chain(uploaded.iter().map(|one| (&one.sha256, Some(one.size))))
        {
            if there.insert(sha256, length).is_some() {
                unknown += 1;
            }
        }
        let attached = self.attached();
        for file in &attached {
            found.extend(match there.get(file.sha256()) {
                None => Some(file.error("attachment-missing")),
                Some(None) => Some(file.error("attachment-digest")),
                Some(Some(length)) if *length != file.size() => {
                    Some(file.error("attachment-length"))
                }
                Some(Some(_)) => None,
            });
        }
        attached.iter().for_each(|file| _ = there.remove(file.sha256()));
        unknown += there.len();
        if unknown > 0 {
            found.push(Finding::error("attachment-unknown").with("count", unknown));
        }
        found
    }
}
