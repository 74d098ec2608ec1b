//! What must be received, once, and the receipts that come for it.

use std::{thread, time::Duration};

use axum::http::Method;
use eform::limits::SUBMISSION_BYTES;
use serde_json::Value;

use super::{Probe, Sending, of_size, receipt_of};
use crate::conformance::{Amiss, Outcome, receipts};

/// How many that are the same come at once.
const AT_ONCE: usize = 8;

pub(super) fn first(probe: &mut Probe) -> Outcome {
    let sending = probe.new_one(|_| {})?;
    probe.first = Some(probe.is_received(&sending)?);
    Ok(())
}

pub(super) fn again(probe: &mut Probe) -> Outcome {
    let first = probe.first()?;
    let again = probe.is_received(&first.sent)?;
    same(&first.receipt, &again.receipt)
}

pub(super) fn created(probe: &mut Probe) -> Outcome {
    match probe.first()?.status {
        201 => Ok(()),
        status => Err(Amiss::Fails(status.to_string())),
    }
}

fn same(first: &Value, again: &Value) -> Outcome {
    if first == again {
        return Ok(());
    }
    let references = [first, again].map(|receipt| receipts::text(receipt, "reference"));
    Err(Amiss::Fails(format!("another receipt: {} and {}", references[0], references[1])))
}

pub(super) fn at_once(probe: &mut Probe) -> Outcome {
    probe.first()?;
    let sending = probe.new_one(|_| {})?;
    let Sending { method, url, headers, body, .. } = &sending;
    let headers: Vec<_> = headers.iter().map(|(name, v)| (*name, v.as_str())).collect();
    let all = probe.client.send_at_once(AT_ONCE, method, url, &headers, body);
    all.iter().for_each(|came| probe.note(&sending.id, came));
    let mut receipts: Vec<Value> = Vec::new();
    for came in all {
        let answer = came.map_err(Amiss::Fails)?;
        // «Not now» is an honest answer to the second of two.
        if matches!(answer.status, 425 | 429 | 503) {
            continue;
        }
        receipts.push(receipt_of(&answer, &sending).map_err(Amiss::Fails)?);
    }
    // What it comes to once it is quiet.
    receipts.push(probe.is_received(&sending)?.receipt);
    receipts.windows(2).try_for_each(|two| same(&two[0], &two[1]))
}

/// Cut in the spaces behind it: what came reads as a submission, and is not the one that was sent.
pub(super) fn cut(probe: &mut Probe) -> Outcome {
    probe.first()?;
    let right = probe.new_one(|_| {})?;
    let length = right.body.len();
    let sending = of_size(probe, right, 2 * length);
    let Sending { method, url, headers, body, .. } = &sending;
    let headers: Vec<_> = headers.iter().map(|(name, v)| (*name, v.as_str())).collect();
    probe.client.send_cut(method, url, &headers, body, length + length / 2);
    // As long as the page waits at least. Meanwhile the endpoint does what it does with a half.
    thread::sleep(Duration::from_secs(1));
    probe.is_received(&sending).map(drop)
}

pub(super) fn other_body(probe: &mut Probe) -> Outcome {
    let first = probe.first()?;
    let mut body = first.sent.body.clone();
    body.push(b' ');
    let other = Sending::put(probe.client, &first.sent.id, body);
    probe.refused("other-body", &other, &[409])?;
    let again = probe.is_received(&first.sent)?;
    same(&first.receipt, &again.receipt)
}

pub(super) fn post(probe: &mut Probe) -> Outcome {
    probe.first()?;
    let put = probe.new_one(|_| {})?;
    let by_post = probe.is_received(&put.clone().post(probe.client))?;
    let by_put = probe.is_received(&put)?;
    same(&by_post.receipt, &by_put.receipt)
}

pub(super) fn large(probe: &mut Probe) -> Outcome {
    probe.first()?;
    let right = probe.new_one(|_| {})?;
    let sending = of_size(probe, right, SUBMISSION_BYTES);
    probe.is_received(&sending).map(drop)
}

pub(super) fn replaces(probe: &mut Probe) -> Outcome {
    let first = probe.first()?.sent.id;
    let sending = probe.new_one(|submission| submission.replaces = Some(first))?;
    probe.is_received(&sending).map(drop)
}

pub(super) fn cache(probe: &mut Probe) -> Outcome {
    match probe.first()?.cache {
        cache if cache.to_ascii_lowercase().contains("no-store") => Ok(()),
        cache => Err(Amiss::Fails(format!("Cache-Control «{cache}»"))),
    }
}

pub(super) fn verifies(probe: &mut Probe) -> Outcome {
    let first = probe.first()?;
    let usual = format!("{}/.well-known/eform-keys.json", probe.client.origin());
    let url = probe.keys.unwrap_or(&usual);
    let keys = match probe.client.send(&Method::GET, url, &[], &[]) {
        Ok(answer) if answer.status == 200 => answer.json(),
        _ => None,
    };
    match (keys, probe.keys) {
        (Some(keys), _) => receipts::verifies(&first.receipt, &keys),
        (None, Some(_)) => Err(Amiss::Fails(format!("no JWK Set at {url}"))),
        (None, None) => Err(Amiss::NotTried(format!("no key is published at {url}"))),
    }
}
