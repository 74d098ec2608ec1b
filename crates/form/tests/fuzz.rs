//! Some hundred of the bytes that `fuzz/` takes without end: no panic, no hang, and what must always
//! hold. The same code runs here and there.

#[path = "../fuzz/src/lib.rs"]
mod bodies;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_definition(bytes in vec(any::<u8>(), 0..80)) {
        bodies::definition(&bytes);
    }

    #[test]
    fn any_answers(bytes in vec(any::<u8>(), 0..300)) {
        bodies::answers(&bytes);
    }

    #[test]
    fn any_rule(bytes in vec(any::<u8>(), 0..80)) {
        bodies::logic(&bytes);
    }

    #[test]
    fn any_json(tree in tree()) {
        let text = tree.to_string();
        bodies::definition(text.as_bytes());
        bodies::answers(text.as_bytes());
        bodies::logic(text.as_bytes());
    }
}

/// JSON that nobody meant: deep, wide, with huge numbers and long texts.
fn tree() -> impl Strategy<Value = Value> {
    const NAMES: &[&str] =
        &["id", "type", "fields", "pages", "rows", "all", "g0", "name", "var", "sum", "\0", ""];
    let name = prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), "\\PC{0,4}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        (0..200_000_usize).prop_map(|count| Value::from("ก".repeat(count / 3))),
        (1..120_usize).prop_map(|depth| (0..depth).fold(json!(1), |inside, _| json!([inside]))),
    ];
    leaf.prop_recursive(6, 60, 8, move |inside| {
        prop_oneof![
            vec(inside.clone(), 0..8).prop_map(Value::from),
            vec((name.clone(), inside), 0..8).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

#[test]
fn samples_themselves_are_well() {
    for first in (0..=u8::MAX).step_by(5) {
        bodies::definition(&[first]);
        bodies::answers(&[first]);
        bodies::logic(&[first]);
    }
}
