//! What must be received, once, and the receipts that come for it.

use axum::http::Method;
use eform::limits::SUBMISSION_BYTES;
use serde_json::Value;

use super::{Probe, Received, Sending, of_size, receipt_of, verdict};
use crate::conformance::{Verdict, receipts};

/// How many that are the same come at once.
const AT_ONCE: usize = 8;

pub(super) fn first(probe: &mut Probe) -> Verdict {
    verdict((|| {
        let sending = probe.new_one(|_| {})?;
        probe.first = Some(probe.is_received(&sending, &[200, 201])?);
        Ok(())
    })())
}

pub(super) fn again(probe: &mut Probe) -> Verdict {
    verdict((|| {
        let first = probe.first()?;
        let again = probe.is_received(&first.sent, &[200, 201])?;
        same(&first.receipt, &again.receipt)
    })())
}

pub(super) fn created(probe: &mut Probe) -> Verdict {
    match probe.first() {
        Ok(Received { status: 201, .. }) => Verdict::Ok,
        Ok(first) => Verdict::Fails(first.status.to_string()),
        Err(verdict) => verdict,
    }
}

fn same(first: &Value, again: &Value) -> Result<(), Verdict> {
    if first == again {
        return Ok(());
    }
    let references = [first, again].map(|receipt| receipts::text(receipt, "reference"));
    Err(Verdict::Fails(format!("another receipt: {} and {}", references[0], references[1])))
}

pub(super) fn at_once(probe: &mut Probe) -> Verdict {
    verdict((|| {
        probe.first()?;
        let sending = probe.new_one(|_| {})?;
        let Sending { method, url, headers, body, .. } = &sending;
        let headers: Vec<_> = headers.iter().map(|(name, v)| (*name, v.as_str())).collect();
        let all = probe.client.send_at_once(AT_ONCE, method, url, &headers, body);
        let mut receipts: Vec<Value> = Vec::new();
        for came in all {
            probe.note(&came);
            let answer = came.map_err(Verdict::Fails)?;
            // «Not now» is an honest answer to the second of two.
            if matches!(answer.status, 425 | 429 | 503) {
                continue;
            }
            receipts.push(receipt_of(&answer, &sending, &[200, 201]).map_err(Verdict::Fails)?);
        }
        // What it comes to once it is quiet.
        receipts.push(probe.is_received(&sending, &[200, 201])?.receipt);
        receipts.windows(2).try_for_each(|two| same(&two[0], &two[1]))
    })())
}

pub(super) fn other_body(probe: &mut Probe) -> Verdict {
    verdict((|| {
        let first = probe.first()?;
        let mut body = first.sent.body.clone();
        body.push(b' ');
        let other = Sending::put(probe.client, &first.sent.id, body);
        probe.refusal("other-body", &other, &[409])?;
        let again = probe.is_received(&first.sent, &[200, 201])?;
        same(&first.receipt, &again.receipt)
    })())
}

pub(super) fn post(probe: &mut Probe) -> Verdict {
    verdict((|| {
        probe.first()?;
        let put = probe.new_one(|_| {})?;
        let by_post = probe.is_received(&put.clone().post(probe.client), &[200, 201])?;
        let by_put = probe.is_received(&put, &[200, 201])?;
        same(&by_post.receipt, &by_put.receipt)
    })())
}

pub(super) fn large(probe: &mut Probe) -> Verdict {
    verdict((|| {
        probe.first()?;
        let sending = of_size(probe, SUBMISSION_BYTES)?;
        probe.is_received(&sending, &[200, 201]).map(drop)
    })())
}

pub(super) fn replaces(probe: &mut Probe) -> Verdict {
    verdict((|| {
        let first = probe.first()?.sent.id;
        let sending = probe.new_one(|submission| submission.replaces = Some(first))?;
        probe.is_received(&sending, &[200, 201]).map(drop)
    })())
}

pub(super) fn cache(probe: &mut Probe) -> Verdict {
    match probe.first() {
        Ok(first) if first.cache.to_ascii_lowercase().contains("no-store") => Verdict::Ok,
        Ok(first) if first.cache.is_empty() => Verdict::Fails("no Cache-Control".to_owned()),
        Ok(first) => Verdict::Fails(first.cache),
        Err(verdict) => verdict,
    }
}

pub(super) fn verifies(probe: &mut Probe) -> Verdict {
    verdict((|| {
        let first = probe.first()?;
        let usual = format!("{}/.well-known/eform-keys.json", probe.client.origin());
        let url = probe.keys.unwrap_or(&usual);
        let keys = match probe.client.send(&Method::GET, url, &[], &[]) {
            Ok(answer) if answer.status == 200 => answer.json(),
            _ => None,
        };
        match (keys, probe.keys) {
            (Some(keys), _) => Err(receipts::verifies(&first.receipt, &keys)),
            (None, Some(_)) => Err(Verdict::Fails(format!("no JWK Set at {url}"))),
            (None, None) => Err(Verdict::NotTried(format!("no key is published at {url}"))),
        }
    })())
}
