//! schemathesis, which others wrote, asks the real server all that `docs/openapi.json` allows and what it
//! does not: no answer has a status, a media type, a header or a shape that the document does not have, and
//! none is 500 or more.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    ID, Place,
    files::{OCTETS, TUS, bytes, metadata_of},
    program::{run, serve},
    right, submission,
};

/// Where `cargo xtask test` installs it.
fn program() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("schemathesis/bin/schemathesis")
}

#[test]
fn schemathesis_meets_no_answer_that_the_document_does_not_have() {
    let program = program();
    if !program.is_file() {
        assert!(env::var_os("CI").is_none(), "schemathesis is not installed: `cargo xtask setup`");
        println!("skipped: schemathesis is not installed (`cargo xtask setup`)");
        return;
    }
    let place = Place::new().with_files();
    let (_server, address) = serve(&place);
    // One that is there, and where half has arrived.
    let upload = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let client = place.start().await;
        let file = bytes(1, 1000);
        let upload = client.announce(ID, &file).await.header("location").to_owned();
        let headers = [TUS, OCTETS, ("upload-offset", "0")];
        let half = client.send(Method::PATCH, &upload, &headers, file[..500].to_vec()).await;
        assert_eq!(half.status.as_u16(), 204);
        upload.rsplit_once('/').unwrap().1.to_owned()
    });
    fs::write(place.path("openapi.json"), with_examples(&upload).to_string()).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut command = Command::new(program);
    command.env("SCHEMATHESIS_HOOKS", data.join("schemathesis.py"));
    command.arg("--config-file").arg(data.join("schemathesis.toml")).args(["run", "openapi.json"]);
    command.args(["--url", &format!("http://{address}")]).current_dir(place.path("."));
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    println!("{said}");
    // Otherwise little of it was tried.
    let received = run(&place, &["list"]);
    assert!(received.stdout.len() > 100, "nothing was received: {said}");
}

/// The document with examples that this server takes: chance alone writes none.
fn with_examples(upload: &str) -> Value {
    let mut document: Value =
        serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    let body = "/components/requestBodies/Submission/content/application~1json";
    let example = serde_json::to_value(submission(right())).unwrap();
    for member in ["form", "version", "definition"] {
        let known = json!({ "const": example[member] });
        document["components"]["schemas"]["Submission"]["properties"][member] = known;
    }
    document.pointer_mut(body).unwrap()["example"] = example;
    let metadata = metadata_of(ID, &bytes(1, 1000));
    for (place, name, example) in [
        ("/paths/~1api~1submissions~1{id}/parameters", "id", json!(ID)),
        ("/paths/~1api~1uploads/post/parameters", "Upload-Length", json!(1000)),
        ("/paths/~1api~1uploads/post/parameters", "Upload-Metadata", json!(metadata)),
        ("/paths/~1api~1uploads~1{id}/parameters", "id", json!(upload)),
    ] {
        let parameters = document.pointer_mut(place).unwrap().as_array_mut().unwrap();
        let parameter = parameters.iter_mut().find(|parameter| parameter["name"] == name);
        parameter.unwrap()["example"] = example;
    }
    document
}
