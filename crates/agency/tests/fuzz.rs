//! Some of the bytes that `fuzz/` takes without end: no panic, no status of 500 and more, and every refusal
//! as RFC 9457 has it. The same code runs here and there.

#[path = "../fuzz/src/lib.rs"]
mod bodies;

use proptest::{collection::vec, prelude::*, sample::select};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_request_with_a_submission(bytes in request()) {
        bodies::submission(&bytes);
    }

    #[test]
    fn any_request_about_an_upload(bytes in request()) {
        bodies::upload(&bytes);
    }
}

/// Bytes that are read as a request further than chance alone writes one.
fn request() -> impl Strategy<Value = Vec<u8>> {
    let values = [
        "",
        "=",
        "0",
        "-1",
        "18446744073709551616",
        "sha-256=:",
        "sha-256=:AAAA:, sha-512=:AAAA:",
        "sha1 AAAA",
        "sha256 ?",
        "submission",
        "submission ,sha256 ,definition ",
        "PATCH",
        "1.0",
        "application/json; charset=\"",
        "\"0197a1b2\"",
    ];
    let value = prop_oneof![
        select(values.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), 0..30),
    ];
    let line = (any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), value);
    let line = line.prop_map(|(first, value)| [vec![first], value, vec![b'\n']].concat());
    let json = "\\{\"[a-z]{1,9}\":\\PC{0,20}\\}".prop_map(String::into_bytes);
    let body = prop_oneof![6 => vec(any::<u8>(), 0..24), 1 => json];
    let lines = prop_oneof![2 => Just(Vec::new()), 3 => vec(line, 1..4)];
    (vec(any::<u8>(), 4), lines, body)
        .prop_map(|(throws, lines, body)| [throws, lines.concat(), vec![b'\n'], body].concat())
}

#[test]
fn what_the_bytes_change_is_well_without_them() {
    for throw in 0..=u8::MAX {
        bodies::submission(&[throw, 3]);
        bodies::upload(&[throw]);
    }
}
