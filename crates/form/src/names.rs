//! Where every field of a form stands, and how a rule's names are found.

use crate::fields::Shape;
use crate::{DefinitionError, Field, order};

/// The fields of a form by name and by place.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// What is known of each field, in the order of the form.
    known: Vec<Known>,
    /// The places in the order of container and name: a map of its own would be twice the code.
    sorted: Vec<usize>,
}

#[derive(Debug)]
struct Known {
    id: String,
    parent: Option<usize>,
    shape: Shape,
}

/// A field that a rule reads, as far as the rule spells it out.
pub(crate) struct Target {
    pub place: usize,
    /// Which of the reader's scopes the first name was found in.
    pub level: usize,
}

impl Names {
    /// Lists the fields; gives the place of one whose name is there already.
    pub fn of(fields: &[Field]) -> Result<Self, usize> {
        let known = fields.iter().map(|field| Known {
            id: field.id.clone(),
            parent: field.parent,
            shape: field.kind.shape(),
        });
        let mut names = Self { known: known.collect(), sorted: (0..fields.len()).collect() };
        let Self { known, sorted } = &mut names;
        // Fields of the same name stay in the order of the form.
        order::sort(sorted, &|a, b| {
            let key = |place: usize| (known[place].parent, known[place].id.as_str());
            key(a) < key(b)
        });
        let same = |pair: &&[usize]| {
            let (a, b) = (&known[pair[0]], &known[pair[1]]);
            a.parent == b.parent && a.id == b.id
        };
        match sorted.windows(2).find(same) {
            Some(pair) => Err(pair[1]),
            None => Ok(names),
        }
    }

    /// The field of this name in a group, in the rows of a repeat, or, for none, in the form.
    pub fn find(&self, container: Option<usize>, id: &str) -> Option<usize> {
        let key = |place: &usize| {
            let known = &self.known[*place];
            known.parent.cmp(&container).then_with(|| known.id.as_str().cmp(id))
        };
        self.sorted.binary_search_by(key).ok().map(|rank| self.sorted[rank])
    }

    /// The group or repeat that a field stands in.
    pub fn parent(&self, place: usize) -> Option<usize> {
        self.known[place].parent
    }

    /// The containers from a place outwards, ending with none, which is the form.
    pub fn outwards(&self, from: Option<usize>) -> Vec<Option<usize>> {
        let mut scopes = vec![from];
        let mut at = from;
        while let Some(place) = at {
            at = self.known[place].parent;
            scopes.push(at);
        }
        scopes
    }

    /// How many repeats there are among these containers.
    pub fn repeats(&self, containers: &[Option<usize>]) -> usize {
        let is_repeat = |place: &usize| matches!(self.known[*place].shape, Shape::Rows { .. });
        containers.iter().flatten().filter(|place| is_repeat(place)).count()
    }

    /// The field that a path leads to, seen from `scopes`.
    pub fn resolve(&self, scopes: &[Option<usize>], path: &str) -> Result<Target, DefinitionError> {
        let mut steps = path.split('.');
        let first = steps.next().unwrap_or_default();
        if first.is_empty() {
            return Err(DefinitionError::new("expected the name of a field"));
        }
        let mut levels = scopes.iter().enumerate();
        let found = levels.find_map(|(level, scope)| Some((self.find(*scope, first)?, level)));
        let Some((mut place, level)) = found else { return Err(no_field(first)) };
        while let Some(step) = steps.next() {
            let name = match self.known[place].shape {
                // A part of an answer, as `address.postcode`: the type's own business.
                Shape::Answer => break,
                Shape::Note => return Err(no_field(step)),
                Shape::Group => Some(step),
                Shape::Rows { .. } if step.parse::<usize>().is_ok() => steps.next(),
                Shape::Rows { .. } => {
                    let words = "the rows of a repeat are a list: use `sum`, `count` or `map`";
                    return Err(DefinitionError::new(words));
                }
            };
            let Some(name) = name else { break };
            place = self.find(Some(place), name).ok_or_else(|| no_field(name))?;
        }
        Ok(Target { place, level })
    }

    /// The field that `member` names in each row of a repeat; another field is read as a whole.
    pub fn column(&self, place: usize, member: &str) -> Result<usize, DefinitionError> {
        match self.known[place].shape {
            Shape::Rows { .. } => self.find(Some(place), member).ok_or_else(|| no_field(member)),
            _ => Ok(place),
        }
    }
}

fn no_field(name: &str) -> DefinitionError {
    DefinitionError::new(["there is no field `", name, "`"].concat())
}
