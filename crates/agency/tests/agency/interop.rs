//! A client of tus that others wrote and that runs in many pages, tus-js-client, against our endpoint.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{
    ID, Place,
    files::{FORM, bytes, claim, sha256},
    program::{put, serve},
};

#[test]
fn tus_js_client_uploads_goes_on_and_takes_back() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/tus-js-client");
    if !package.is_dir() {
        assert!(env::var_os("CI").is_none(), "tus-js-client is not installed: run `npm ci`");
        println!("skipped: tus-js-client is not installed (`npm ci`)");
        return;
    }
    let place = Place::new().with_files();
    let (_server, address) = serve(&place);
    let file = bytes(1, 1_000_000);
    fs::write(place.path("file"), &file).unwrap();
    let metadata = json!({ "submission": ID, "sha256": sha256(&file),
                           "definition": eform::digest(FORM.as_bytes()), "filename": "card.pdf" });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tus-js-client.mjs");
    let mut client = Command::new("node");
    client.arg(script).arg(format!("http://{address}/api/uploads")).arg(place.path("file"));
    let output = client.arg(metadata.to_string()).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    let mut said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let url = said["url"].take();
    assert!(url.as_str().unwrap().starts_with(&format!("http://{address}/api/uploads/")));
    assert_eq!(
        said,
        json!({ "url": null, "same": true, "other": true, "found": true, "patches": 4,
                "refused": 400 })
    );
    assert_eq!(put(&address, ID, &claim(ID, &[&file]).to_json()).unwrap().0, 201);
}
