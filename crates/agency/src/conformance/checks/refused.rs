//! What must be refused, and how.

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::{Enclosed, limits::SUBMISSION_BYTES};
use serde_json::Value;

use super::{Probe, Sending, of_size};
use crate::conformance::{Amiss, Outcome, client::Answer, receipts, sample::new_id};

pub(super) fn too_large(probe: &mut Probe) -> Outcome {
    let right = probe.new_one(|_| {})?;
    let sending = of_size(probe, right, SUBMISSION_BYTES + 1);
    probe.refused("too-large", &sending, &[413]).map(drop)
}

pub(super) fn broken_json(probe: &mut Probe) -> Outcome {
    let whole = probe.new_one(|_| {})?;
    let half = &whole.body[..whole.body.len() / 2];
    let sending = Sending::put(probe.client, &whole.id, half);
    probe.refused("broken-json", &sending, &[400]).map(drop)
}

pub(super) fn other_id(probe: &mut Probe) -> Outcome {
    let body = probe.new_one(|_| {})?.body;
    let id = new_id().map_err(Amiss::NotTried)?;
    let sending = Sending::put(probe.client, &id, body);
    probe.refused("other-id", &sending, &[400, 422]).map(drop)
}

pub(super) fn other_key(probe: &mut Probe) -> Outcome {
    let id = new_id().map_err(Amiss::NotTried)?;
    let sending = probe.new_one(|_| {})?.with("idempotency-key", &format!("\"{id}\""));
    probe.refused("other-key", &sending, &[400, 422]).map(drop)
}

pub(super) fn no_key(probe: &mut Probe) -> Outcome {
    let sending = probe.new_one(|_| {})?.without("idempotency-key").post(probe.client);
    probe.refused("no-key", &sending, &[400]).map(drop)
}

pub(super) fn digest(probe: &mut Probe) -> Outcome {
    let other = format!("sha-256=:{}:", STANDARD.encode(eform::sha256(b"another body")));
    let sending = probe.new_one(|_| {})?.with("content-digest", &other);
    probe.refused("digest", &sending, &[400]).map(drop)
}

pub(super) fn wrong_answers(probe: &mut Probe) -> Outcome {
    if probe.sample.seal_to().is_some() {
        return Err(Amiss::NotTried("no endpoint can read sealed answers".to_owned()));
    }
    let id = new_id().map_err(Amiss::NotTried)?;
    let (submission, pointer) = probe.sample.wrong(&id);
    let sending = Sending::put(probe.client, &id, submission.to_json());
    let (problem, _) = probe.refused("wrong-answers", &sending, &[422])?;
    let errors = problem.as_ref().and_then(|problem| problem.get("errors")?.as_array());
    let errors = errors.map(Vec::as_slice).unwrap_or_default();
    let told: Vec<&str> = errors
        .iter()
        .filter(|error| !receipts::text(error, "code").is_empty())
        .map(|error| receipts::text(error, "pointer"))
        .collect();
    if told.contains(&pointer.as_str()) {
        return Ok(());
    }
    Err(Amiss::Fails(format!("422 with {told:?} instead of {pointer}")))
}

pub(super) fn other_file(probe: &mut Probe) -> Outcome {
    let other = Enclosed::new(b"another file");
    let mut has_files = false;
    let sending = probe.new_one(|submission| {
        for file in &mut submission.attachments {
            has_files = true;
            file.content.clone_from(&other.content);
        }
    })?;
    if !has_files {
        return Err(Amiss::NotTried("the answers name no files".to_owned()));
    }
    probe.refused("other-file", &sending, &[400, 422]).map(drop)
}

pub(super) fn unknown_form(probe: &mut Probe) -> Outcome {
    let sending = probe.new_one(|submission| {
        submission.form = "no-such-form".to_owned();
        submission.definition = eform::digest(b"no such definition");
    })?;
    probe.refused("unknown-form", &sending, &[404, 422]).map(drop)
}

pub(super) fn media_type(probe: &mut Probe) -> Outcome {
    let sending = probe.new_one(|_| {})?.with("content-type", "text/plain");
    probe.refused("media-type", &sending, &[415]).map(drop)
}

pub(super) fn method(probe: &mut Probe) -> Outcome {
    let sending = Sending { method: Method::PATCH, ..probe.new_one(|_| {})? };
    let (_, allow) = probe.refused("method", &sending, &[405])?;
    if allow.is_empty() { Err(Amiss::Fails("405 without Allow".to_owned())) } else { Ok(()) }
}

pub(super) fn problems(probe: &mut Probe) -> Outcome {
    let is_problem = |answer: &Answer| {
        let Some(problem) = answer.json() else { return false };
        answer.media() == "application/problem+json"
            && ["type", "title"].iter().all(|member| !receipts::text(&problem, member).is_empty())
            && problem.get("status").and_then(Value::as_u64) == Some(answer.status.into())
    };
    let others: Vec<String> = probe
        .refusals
        .iter()
        .filter(|(_, answer)| !is_problem(answer))
        .map(|(name, answer)| format!("{} at {name}", answer.said()))
        .collect();
    match (others.is_empty(), probe.refusals.is_empty()) {
        (true, true) => Err(Amiss::NotTried("nothing was refused".to_owned())),
        (true, false) => Ok(()),
        (false, _) => Err(Amiss::Fails(others.join(", "))),
    }
}
