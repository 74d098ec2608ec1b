//! The checks of a page or of the form: they look at several answers together. Each is run again
//! only when something that it reads has changed.

use super::{NodeId, Session};
use crate::{Check, Finding, order};

/// What the checks of a page or of the form have found.
#[derive(Debug, Default)]
pub(super) struct Together {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
    /// Which check each of them is from.
    from: Vec<usize>,
    /// The checks that are to be run again.
    stale: Vec<usize>,
}

impl Together {
    /// Takes what one check finds now; whether it is other than before.
    fn put(&mut self, check: usize, found: Option<Finding>) -> bool {
        match (self.from.binary_search(&check), found) {
            (Ok(at), Some(found)) => {
                std::mem::replace(&mut self.findings[at], found) != self.findings[at]
            }
            (Ok(at), None) => {
                self.from.remove(at);
                self.findings.remove(at);
                true
            }
            (Err(at), Some(found)) => {
                self.from.insert(at, check);
                self.findings.insert(at, found);
                true
            }
            (Err(_), None) => false,
        }
    }
}

impl Session {
    fn together(&mut self, page: Option<usize>) -> &mut Together {
        match page {
            Some(page) => &mut self.pages[page].together,
            None => &mut self.together,
        }
    }

    fn checks_of(&self, page: Option<usize>) -> &[Check] {
        match page {
            Some(page) => &self.form.page(page).checks,
            None => &self.form.definition().checks,
        }
    }

    /// Puts a check of a page, or, for none, of the form, on the list of what is to be run.
    pub(super) fn doubt(&mut self, page: Option<usize>, check: usize) {
        let together = self.together(page);
        together.stale.push(check);
        if together.stale.len() == 1 {
            self.doubtful.push(page);
        }
    }

    /// The same for all checks of a page or of the form.
    pub(super) fn doubt_all(&mut self, page: Option<usize>) {
        for check in 0..self.checks_of(page).len() {
            self.doubt(page, check);
        }
    }

    /// Runs what is on the list.
    pub(super) fn check_together(&mut self) {
        for page in std::mem::take(&mut self.doubtful) {
            let mut stale = std::mem::take(&mut self.together(page).stale);
            order::sort(&mut stale, &|a, b| a < b);
            stale.dedup();
            let shown = page.is_none_or(|page| self.pages[page].shown);
            let mut changed = false;
            for check in stale {
                let run = |check| self.run(check, NodeId::FORM, NodeId::FORM);
                let found = if shown { run(&self.checks_of(page)[check]) } else { None };
                changed |= self.together(page).put(check, found);
            }
            if let (Some(page), true) = (page, changed) {
                self.changes.pages.push(page);
            }
        }
    }
}
