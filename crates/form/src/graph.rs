//! What depends on what, worked out once for a form: which rules read which fields, and an order in
//! which every rule comes after what it reads. So one changed answer costs what depends on it and
//! not what the form holds.
//!
//! A field has two knots in the graph: whether it is shown, and its value. A group's value needs its
//! fields' values, and whether a field is shown needs whether its group is, so the two must be kept
//! apart.

use crate::definition::Page;
use crate::names::Names;
use crate::{Check, DefinitionError, Field, Rule};

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Field(usize),
    Page(usize),
    Form,
}

/// What the rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// Whether its owner is shown.
    Show,
    /// What its owner's answer is.
    Value,
    /// What is found about its owner.
    Rest,
    /// What is found about the rows of its owner, a repeat.
    Rows,
    /// What one of the checks of its owner finds, a page or the form: its place in their list.
    Check(usize),
}

/// A rule that reads a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    pub owner: Owner,
    pub aspect: Aspect,
    /// How many repeats around the field that is read are the reader's as well: the rule reads the
    /// field in its own row of these, and in every row of the others.
    pub common: usize,
}

/// Who reads what, and in which order all is worked out.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// For each field the rules that read it; for a group or repeat those that read it as a whole.
    pub uses: Vec<Vec<Use>>,
    /// For each field how many uses there are of the fields before it, and last how many in all.
    pub uses_before: Vec<usize>,
    /// When each knot is worked out: a field's first whether it is shown, then its value; after
    /// those of all fields, whether each page is shown.
    pub ranks: Vec<u32>,
}

/// The knot of whether a field is shown.
pub(crate) fn shown(place: usize) -> usize {
    place * 2
}

/// The knot of a field's value.
pub(crate) fn value(place: usize) -> usize {
    place * 2 + 1
}

impl Graph {
    /// The knot of whether a page is shown.
    pub fn page(&self, page: usize) -> usize {
        self.uses.len() * 2 + page
    }

    /// Binds every rule of the form to the fields that it reads, and orders them.
    ///
    /// # Errors
    /// Where a rule reads what is not there, or rules go round in a circle.
    pub fn build(
        names: &Names,
        fields: &mut [Field],
        pages: &mut [Page],
        checks: &mut [Check],
    ) -> Result<Self, DefinitionError> {
        let count = fields.len();
        let mut draft = Draft {
            names,
            graph: Self { uses: vec![Vec::new(); count], ..Self::default() },
            needs: vec![Vec::new(); count * 2 + pages.len()],
        };
        for (place, field) in fields.iter().enumerate() {
            let container = field.parent.map_or(count * 2 + field.page, shown);
            draft.needs[shown(place)].push(container);
            draft.needs[value(place)].push(shown(place));
            if let Some(parent) = field.parent {
                draft.needs[value(parent)].push(value(place));
            }
        }
        for place in 0..count {
            let bound = draft.bind_field(place, &mut fields[place]);
            bound.map_err(|error| at_field(fields, place, error))?;
        }
        for (at, page) in pages.iter_mut().enumerate() {
            let owner = Owner::Page(at);
            let bound = draft.bind_page(owner, page);
            bound.map_err(|error| error.under_index(at).under("pages"))?;
        }
        draft.bind_checks(Owner::Form, Aspect::Check, &[None], checks, "checks")?;
        draft.order(fields)
    }
}

/// An error in a field, at its place in the definition.
pub(crate) fn at_field(fields: &[Field], place: usize, error: DefinitionError) -> DefinitionError {
    let (mut error, mut at) = (error, Some(place));
    while let Some(place) = at {
        error = error.under_index(fields[place].listed_at).under("fields");
        at = fields[place].parent;
    }
    error.under_index(fields[place].page).under("pages")
}

struct Draft<'a> {
    names: &'a Names,
    graph: Graph,
    /// For each knot, what must be worked out before it.
    needs: Vec<Vec<usize>>,
}

impl Draft<'_> {
    fn bind_field(&mut self, place: usize, field: &mut Field) -> Result<(), DefinitionError> {
        let owner = Owner::Field(place);
        let outside = self.names.outwards(field.parent);
        let rules = [
            (&mut field.show_if, Aspect::Show, "showIf"),
            (&mut field.calculate, Aspect::Value, "calculate"),
            (&mut field.default, Aspect::Value, "default"),
            (&mut field.required_if, Aspect::Rest, "requiredIf"),
            (&mut field.read_only_if, Aspect::Rest, "readOnlyIf"),
        ];
        for (rule, aspect, name) in rules {
            if let Some(rule) = rule {
                let bound = self.bind(owner, aspect, &outside, rule);
                bound.map_err(|error| error.under(name))?;
            }
        }
        for (at, option) in field.kind.options_mut().iter_mut().enumerate() {
            if let Some(rule) = &mut option.show_if {
                let bound = self.bind(owner, Aspect::Value, &outside, rule);
                bound.map_err(|error| error.under("showIf").under_index(at).under("options"))?;
            }
        }
        let inside = self.names.outwards(Some(place));
        // A group's check looks at its fields, a repeat's at all its rows.
        let is_group = field.kind.shape() == crate::fields::Shape::Group;
        let scopes = if is_group { &inside } else { &outside };
        self.bind_checks(owner, |_| Aspect::Rest, scopes, &mut field.checks, "checks")?;
        self.bind_checks(owner, |_| Aspect::Rows, &inside, &mut field.row_checks, "rowChecks")
    }

    fn bind_page(&mut self, owner: Owner, page: &mut Page) -> Result<(), DefinitionError> {
        if let Some(rule) = &mut page.show_if {
            let bound = self.bind(owner, Aspect::Show, &[None], rule);
            bound.map_err(|error| error.under("showIf"))?;
        }
        self.bind_checks(owner, Aspect::Check, &[None], &mut page.checks, "checks")
    }

    fn bind_checks(
        &mut self,
        owner: Owner,
        aspect: fn(usize) -> Aspect,
        scopes: &[Option<usize>],
        checks: &mut [Check],
        name: &str,
    ) -> Result<(), DefinitionError> {
        for (at, check) in checks.iter_mut().enumerate() {
            let bound = self.bind(owner, aspect(at), scopes, &mut check.assert);
            bound.map_err(|error| error.under("assert").under_index(at).under(name))?;
            if let Some(id) = &check.at
                && self.names.find(scopes[0], id).is_none()
            {
                let words = ["there is no field `", id, "` here"].concat();
                let error = DefinitionError::new(words).under("at");
                return Err(error.under_index(at).under(name));
            }
        }
        Ok(())
    }

    /// Binds one rule, and notes what it reads.
    fn bind(
        &mut self,
        owner: Owner,
        aspect: Aspect,
        scopes: &[Option<usize>],
        rule: &mut Rule,
    ) -> Result<(), DefinitionError> {
        if rule.reads_unknown() {
            let words = "expected the names of fields to be written out: a form must know what a \
                         rule reads";
            return Err(DefinitionError::new(words));
        }
        rule.bind(&mut |path| self.names.resolve(scopes, path).map(|target| target.level))?;
        for read in rule.reads() {
            let target = self.names.resolve(scopes, read.path)?;
            let place = match read.member {
                Some(member) => self.names.column(target.place, member)?,
                None => target.place,
            };
            let common = self.names.repeats(&scopes[target.level..]);
            let one = Use { owner, aspect, common };
            self.note(place, one);
            // Another row may become the one that is read by its number: the rows are read as well.
            let around = self.names.outwards(self.names.parent(target.place));
            for repeat in around.iter().take_while(|around| **around != scopes[target.level]) {
                if let (Some(repeat), 1..) = (*repeat, self.names.repeats(&[*repeat])) {
                    self.note(repeat, one);
                }
            }
            let knot = match (owner, aspect) {
                (Owner::Field(reader), Aspect::Show) => shown(reader),
                (Owner::Field(reader), Aspect::Value) => value(reader),
                (Owner::Page(page), Aspect::Show) => self.graph.page(page),
                _ => continue,
            };
            self.needs[knot].push(value(place));
        }
        Ok(())
    }

    /// Notes that a rule reads a field.
    fn note(&mut self, place: usize, one: Use) {
        let uses = &mut self.graph.uses[place];
        // An owner is bound in one go: what it reads twice stands at the end.
        if !uses.iter().rev().take_while(|earlier| earlier.owner == one.owner).any(|u| *u == one) {
            uses.push(one);
        }
    }

    /// Numbers the knots so that each comes after all it needs.
    fn order(mut self, fields: &[Field]) -> Result<Graph, DefinitionError> {
        const NEW: u32 = 0;
        const OPEN: u32 = u32::MAX;
        let mut marks = vec![NEW; self.needs.len()];
        let mut next = 1;
        // A stack of our own: a chain of rules may be as long as the form.
        let mut stack: Vec<usize> = Vec::new();
        for start in 0..marks.len() {
            if marks[start] != NEW {
                continue;
            }
            marks[start] = OPEN;
            stack.push(start);
            while let Some(knot) = stack.last().copied() {
                match self.needs[knot].pop() {
                    Some(need) if marks[need] == NEW => {
                        marks[need] = OPEN;
                        stack.push(need);
                    }
                    Some(need) if marks[need] == OPEN => {
                        let from = stack.iter().position(|knot| *knot == need).unwrap_or_default();
                        return Err(circle(fields, &stack[from..]));
                    }
                    Some(_) => {}
                    None => {
                        marks[knot] = next;
                        next += 1;
                        stack.pop();
                    }
                }
            }
        }
        self.graph.ranks = marks;
        let mut before = 0;
        self.graph.uses_before.push(before);
        for uses in &self.graph.uses {
            before += uses.len();
            self.graph.uses_before.push(before);
        }
        Ok(self.graph)
    }
}

/// Rules that go round in a circle, told at the first field of it.
fn circle(fields: &[Field], knots: &[usize]) -> DefinitionError {
    let mut places: Vec<usize> =
        knots.iter().map(|knot| knot / 2).filter(|place| *place < fields.len()).collect();
    places.dedup();
    let Some(first) = places.first().copied() else {
        return DefinitionError::new("the conditions of the pages go round in a circle");
    };
    if places.len() < 2 || places.last() != Some(&first) {
        places.push(first);
    }
    let names: Vec<String> =
        places.iter().map(|place| ["`", &fields[*place].id, "`"].concat()).collect();
    let words = ["its rules go round in a circle: ", &names.join(" needs ")].concat();
    at_field(fields, first, DefinitionError::new(words))
}
