//! Where somebody is being led to, as from the list of errors. Views that do not draw all that they
//! hold follow it: a closed row opens, a table that asks one question at a time shows the one that
//! is meant. The focus comes after.

use std::sync::Arc;

use eform::NodeId;
use leptos::prelude::*;

use crate::browser::after_render;
use crate::filling::Filling;
use crate::screens;

#[derive(Clone)]
struct Goal {
    /// Which form of the page.
    form: usize,
    node: NodeId,
    path: String,
}

thread_local! {
    static GOAL: ArcRwSignal<Option<Goal>> = ArcRwSignal::default();
}

fn number(filling: &Arc<Filling>) -> usize {
    Arc::as_ptr(filling) as usize
}

/// Leads to a node; `path` is that of the finding in its answer, if there is one. What is drawn in
/// this turn follows as well.
pub fn to(filling: &Arc<Filling>, node: NodeId, path: &str) {
    let goal = Goal { form: number(filling), node, path: path.to_owned() };
    GOAL.with(|known| known.set(Some(goal)));
    after_render(|| {
        // The goal may be further down a page than is drawn yet.
        screens::draw_rest();
        after_render(|| GOAL.with(|known| known.set(None)));
    });
}

/// The node that somebody is led to in this form, and the finding's path, followed.
pub fn followed(filling: &Arc<Filling>) -> Option<(NodeId, String)> {
    let goal = GOAL.with(Clone::clone).get()?;
    (goal.form == number(filling)).then_some((goal.node, goal.path))
}
