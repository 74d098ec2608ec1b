//! Rows that come, go and come back. A row that was taken away can be put back where it was, with all
//! that was entered in it; it is another node then.

use serde_json::Value;

use super::{Changes, NodeId, Role, Session};

impl Session {
    /// Adds a row at the end of a repeat; none where there are as many as there may be.
    pub fn add_row(&mut self, repeat: NodeId) -> (Option<NodeId>, Changes) {
        if !self.is_there(repeat) || !self.has_room(repeat) {
            return (None, Changes::default());
        }
        self.answer_anew(repeat);
        let row = self.plant_row(repeat, &Value::Null);
        self.open_row(repeat, row);
        (Some(row), self.settle())
    }

    /// Puts a row with these entries (see [`Session::entry_of_row`]) at a place among the rows of a
    /// repeat, counted from 0; at the end where there are fewer. In a repeat that is full, the last
    /// row is one too many then, as in a draft that has more than the form takes. None where the
    /// node is no repeat.
    pub fn insert_row(
        &mut self,
        repeat: NodeId,
        at: usize,
        entry: &Value,
    ) -> (Option<NodeId>, Changes) {
        if !self.is_there(repeat) || !self.is_rows(repeat) {
            return (None, Changes::default());
        }
        self.answer_anew(repeat);
        while !self.has_room(repeat)
            && let Some(last) = self.node(repeat).children.last().copied()
        {
            self.push_out(repeat, last);
        }
        let row = self.plant_row(repeat, entry);
        if self.node(repeat).entry.is_array() {
            self.say_overfull(repeat);
        }
        let at = at.min(self.node(row).at);
        if at < self.node(row).at {
            self.node_mut(repeat).children.pop();
            let moved = self.node(repeat).children[at..].to_vec();
            for later in moved {
                self.node_mut(later).at += 1;
                self.mark_found(later);
            }
            self.node_mut(repeat).children.insert(at, row);
            self.node_mut(row).at = at;
            self.make_room(repeat, at);
        }
        self.open_row(repeat, row);
        (Some(row), self.settle())
    }

    /// Makes the last row one that is too many.
    fn push_out(&mut self, repeat: NodeId, last: NodeId) {
        let mut kept = vec![self.entry_under(last)];
        self.close_row(last);
        self.node_mut(repeat).children.pop();
        self.bury(last);
        if let Value::Array(more) = self.node_mut(repeat).entry.take() {
            more.into_iter().for_each(|row| kept.push(row));
        }
        self.node_mut(repeat).entry = Value::Array(kept);
        if !self.overfull.contains(&repeat) {
            self.overfull.push(repeat);
        }
    }

    /// Takes a row away, with all that was entered in it.
    pub fn remove_row(&mut self, row: NodeId) -> Changes {
        if self.node(row).role != Role::Row || !self.is_there(row) {
            return Changes::default();
        }
        self.close_row(row);
        let (repeat, at) = (self.node(row).parent, self.node(row).at);
        self.node_mut(repeat).children.remove(at);
        let later: Vec<NodeId> = self.node(repeat).children[at..].to_vec();
        for moved in later {
            self.node_mut(moved).at -= 1;
            self.mark_found(moved);
        }
        self.bury(row);
        self.answer_anew(repeat);
        self.refill();
        self.settle()
    }

    /// All that was entered in a row, as [`Session::insert_row`] takes it.
    pub fn entry_of_row(&self, row: NodeId) -> Value {
        self.entry_under(row)
    }

    fn bury(&mut self, node: NodeId) {
        self.node_mut(node).gone = true;
        self.there -= 1;
        let children = std::mem::take(&mut self.node_mut(node).children);
        children.into_iter().for_each(|child| self.bury(child));
    }
}
