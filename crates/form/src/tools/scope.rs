//! All rules of a form, each with the names that it sees.

pub(crate) use crate::scope::*;

use crate::fields::Shape;
use crate::{Check, Field, Form, Rule};

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Field(usize),
    Page(usize),
    Form,
}

/// A rule of a form.
pub(crate) struct Placed<'a> {
    pub owner: Owner,
    /// The member that holds it, within its owner: `showIf`, `checks/0/assert`.
    pub member: String,
    pub rule: &'a Rule,
    pub scope: Scope,
}

/// All rules of a form, each with the scopes that it sees.
pub(crate) fn rules(form: &Form) -> Vec<Placed<'_>> {
    let mut all = Vec::new();
    for (place, field) in form.fields().iter().enumerate() {
        rules_of(form, place, field, &mut all);
    }
    for (at, page) in form.definition().pages.iter().enumerate() {
        let owner = Owner::Page(at);
        if let Some(rule) = &page.show_if {
            all.push(Placed { owner, member: "showIf".to_owned(), rule, scope: vec![None] });
        }
        checks(owner, &page.checks, "checks", &vec![None], &mut all);
    }
    checks(Owner::Form, &form.definition().checks, "checks", &vec![None], &mut all);
    all
}

fn rules_of<'a>(form: &Form, place: usize, field: &'a Field, all: &mut Vec<Placed<'a>>) {
    let owner = Owner::Field(place);
    let outside = outwards(form, field.parent);
    let inside = outwards(form, Some(place));
    for (member, rule) in [
        ("showIf", &field.show_if),
        ("requiredIf", &field.required_if),
        ("readOnlyIf", &field.read_only_if),
        ("calculate", &field.calculate),
        ("default", &field.default),
    ] {
        if let Some(rule) = rule {
            all.push(Placed { owner, member: member.to_owned(), rule, scope: outside.clone() });
        }
    }
    for (at, option) in field.kind.options().iter().enumerate() {
        if let Some(rule) = &option.show_if {
            let member = format!("options/{at}/showIf");
            all.push(Placed { owner, member, rule, scope: outside.clone() });
        }
    }
    let is_group = field.kind.shape() == Shape::Group;
    checks(owner, &field.checks, "checks", if is_group { &inside } else { &outside }, all);
    checks(owner, &field.row_checks, "rowChecks", &inside, all);
}

fn checks<'a>(
    owner: Owner,
    checks: &'a [Check],
    name: &str,
    scope: &Scope,
    all: &mut Vec<Placed<'a>>,
) {
    for (at, check) in checks.iter().enumerate() {
        let member = format!("{name}/{at}/assert");
        all.push(Placed { owner, member, rule: &check.assert, scope: scope.clone() });
    }
}
