//! Some of the bytes that `fuzz/` takes without end. The same code runs here and there.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../fuzz/src/lib.rs"]
mod bodies;

use proptest::{collection::vec, prelude::*, sample::select};

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_reply(bytes in reply()) {
        bodies::reply(&bytes);
    }
}

fn reply() -> impl Strategy<Value = Vec<u8>> {
    let waits = [
        "",
        "0",
        "120",
        "99999999999999999999999",
        "-1",
        "1.5",
        "soon",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 9994 08:49:37 GMT",
        "Sun, 99 Nov 1994 99:99:99 GMT",
    ];
    let wait = prop_oneof![select(waits.to_vec()).prop_map(str::to_owned), "[ -~ก-๛]{0,40}"];
    let bodies = [
        r#"{"id":"ID","reference":"K7TQ","receivedAt":"2026-11-20T01:14:05Z","digest":"DIGEST","signature":"s"}"#,
        r#"{"id":"other","reference":"K7TQ","receivedAt":"","digest":"DIGEST","signature":"s"}"#,
        r#"{"type":"/problems/invalid-answers","status":422,"title":"t","errors":[{"pointer":"/a","code":"c","params":{"n":1e9}}]}"#,
        r#"{"errors":[[],{},null,{"pointer":7}],"title":[],"status":-1}"#,
        r#"{"schema":2,"id":"a","form":"f","url":"u","digest":"d","definition":"d","state":"sending","uploads":[{"sha256":"0","size":-1},7],"nextAt":1e300}"#,
    ];
    let body = (select(bodies.to_vec()), vec((any::<prop::sample::Index>(), any::<u8>()), 0..3));
    let body = body.prop_map(|(body, changes)| {
        let mut bytes = body.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    let body = prop_oneof![4 => body, 1 => vec(any::<u8>(), 0..100)];
    (any::<[u8; 2]>(), wait.clone(), wait, body).prop_map(|(chosen, wait, date, body)| {
        [&chosen[..], wait.as_bytes(), b"\n", date.as_bytes(), b"\n", &body].concat()
    })
}
