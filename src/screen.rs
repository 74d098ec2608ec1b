//! The screens of a form, and the names under which the session history keeps them.

use eform::Form;

/// What a form shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// What it is for and what to have ready, before the first page.
    Start,
    /// A page of the form, by its index.
    Page(usize),
    /// A page of the form to change an answer; «continue» leads back to the check.
    Change(usize),
    /// All parts of the form and where each stands.
    Tasks,
    /// All answers, before they are submitted.
    Check,
    /// One submission and its two states, by its id.
    Done(String),
    /// Everything of this form on this phone.
    Mine,
}

impl Screen {
    /// The name in the session history.
    pub fn name(&self, form: &Form) -> String {
        match self {
            Self::Page(index) => "page:".to_owned() + &form.page(*index).id,
            Self::Change(index) => "change:".to_owned() + &form.page(*index).id,
            Self::Start => "start".to_owned(),
            Self::Tasks => "tasks".to_owned(),
            Self::Check => "check".to_owned(),
            Self::Done(id) => "done:".to_owned() + id,
            Self::Mine => "mine".to_owned(),
        }
    }

    /// The screen of this name, if this version of the form has it.
    pub fn named(name: &str, form: &Form) -> Option<Self> {
        // What follows is the draft that it is about.
        let name = name.split_once('\n').map_or(name, |(name, _)| name);
        let page = |id: &str| form.definition().pages.iter().position(|page| page.id == id);
        match name.split_once(':') {
            Some(("page", id)) => page(id).map(Self::Page),
            Some(("change", id)) => page(id).map(Self::Change),
            Some(("done", id)) => Some(Self::Done(id.to_owned())),
            _ if name == "start" => form.definition().start.as_ref().map(|_| Self::Start),
            _ if name == "tasks" => Some(Self::Tasks),
            _ if name == "check" => Some(Self::Check),
            _ if name == "mine" => Some(Self::Mine),
            _ => None,
        }
    }

    /// The page of the form that is shown, if one is.
    pub fn page(&self) -> Option<usize> {
        match self {
            Self::Page(index) | Self::Change(index) => Some(*index),
            _ => None,
        }
    }

    /// Whether it shows answers that can still be changed.
    pub fn is_filling(&self) -> bool {
        !matches!(self, Self::Done(_) | Self::Mine)
    }
}
