//! Files in a bucket: the program beside a server that speaks as S3 does.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use hyper::{Method, Request, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::support::{
    ID, Place,
    files::{OCTETS, TUS, announce, bytes, claim, head},
    program::{Server, listening, make_key, program, put, said, serving_with},
    wire::{ask, begin},
};

on_both![no runtime:
    files_go_into_a_bucket_and_come_out_again,
    what_the_database_comes_to_know_during_a_sweep_stays,
];

const BUCKET: &str = "s3://forms/before/2569";
const SECRET: &str = "s3cret";
const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

/// Serves the folders in a folder as buckets, for as long as there is the runtime.
fn s3(runtime: &Runtime, root: &Path) -> String {
    s3_with(runtime, root, None)
}

/// The same; before it removes the object whose name ends so, this happens to the database.
fn s3_with(
    runtime: &Runtime,
    root: &Path,
    change: Option<(&'static str, Arc<Place>, &'static str)>,
) -> String {
    let files = s3s_fs::FileSystem::new(root).unwrap();
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single("officer", SECRET));
    let service = service.build();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let http = hyper::server::conn::http1::Builder::new();
            let (service, change) = (service.clone(), change.clone());
            let answer = service_fn(move |request: Request<Incoming>| {
                let (service, change) = (service.clone(), change.clone());
                async move {
                    let removes = request.method() == Method::DELETE;
                    let is_it = |end| removes && request.uri().path().ends_with(end);
                    if let Some((_, place, sql)) = change.filter(|(end, ..)| is_it(*end)) {
                        place.change(sql).await;
                    }
                    service.call(request.map(s3s::Body::from)).await
                }
            });
            let connection = http.serve_connection(TokioIo::new(stream), answer);
            // It ends as its client wants.
            tokio::spawn(async move { drop(connection.await) });
        }
    });
    format!("http://{address}")
}

fn with_bucket(mut command: Command, endpoint: &str, secret: &str) -> Command {
    command.env("AWS_ENDPOINT", endpoint).env("AWS_ALLOW_HTTP", "true");
    command.env("AWS_ACCESS_KEY_ID", "officer").env("AWS_SECRET_ACCESS_KEY", secret);
    command
}

fn start(place: &Place, endpoint: &str) -> (Server, String) {
    let command = with_bucket(serving_with(place, BUCKET.as_ref()), endpoint, SECRET);
    let mut server = Server({ command }.spawn().unwrap());
    let address = listening(&mut server).expect("the server's address");
    (server, address)
}

/// The sizes of the objects there, but the one that says whose place it is.
fn sizes(folder: &Path) -> Vec<u64> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let entries = entries.filter(|entry| entry.as_ref().unwrap().file_name() != "database");
    // What the store writes for a moment may be gone by now.
    let mut sizes: Vec<u64> =
        entries.filter_map(|entry| Some(entry.unwrap().metadata().ok()?.len())).collect();
    sizes.sort_unstable();
    sizes
}

fn files_go_into_a_bucket_and_come_out_again(place: Place) {
    let place = place.with_files();
    if place.is_postgres() {
        make_key(&place);
    }
    fs::create_dir_all(place.path("s3/forms")).unwrap();
    let there = place.path("s3/forms/before/2569");
    let runtime = Runtime::new().unwrap();
    let endpoint = s3(&runtime, &place.path("s3"));
    let (server, address) = start(&place, &endpoint);

    // Of several pieces, more than a bucket takes at a time; of one; and one that nobody claims.
    let files = [bytes(1, 6_500_000), bytes(2, 90_000)];
    let left = bytes(3, 80_000);
    for (id, file) in [(ID, &files[0]), (ID, &files[1]), (OTHER_ID, &left)] {
        let location = announce(&address, id, file).unwrap().header("location").to_owned();
        let headers = [TUS, OCTETS, ("upload-offset", "0")];
        let half = file.len() / 2;
        drop(begin(&address, "PATCH", &location, &headers, file.len(), &file[..half]).unwrap());
        let begun = Instant::now();
        while head(&address, &location).unwrap().offset() < half as u64 {
            assert!(begun.elapsed() < Duration::from_secs(60), "what was cut does not arrive");
        }
        let at = half.to_string();
        let headers = [TUS, OCTETS, ("upload-offset", &*at)];
        let came = ask(&address, "PATCH", &location, &headers, &file[half..]).unwrap();
        assert_eq!((came.status, came.offset()), (204, file.len() as u64));
    }
    assert_eq!(sizes(&there), [80_000, 90_000, 6_500_000]);
    let sent = claim(ID, &[&files[0], &files[1]]).to_json();
    let (status, receipt) = put(&address, ID, &sent).unwrap();
    assert_eq!(status, 201, "{receipt}");

    let out = place.path("files");
    let arguments =
        ["attachments", "--form", "claim", "--uploads", BUCKET, "--out", out.to_str().unwrap()];
    let output = with_bucket(program(&place, &arguments), &endpoint, SECRET).output().unwrap();
    assert_eq!(said(&output).0, "2\n", "{output:?}");
    let reference = receipt["reference"].as_str().unwrap();
    for (n, file) in files.iter().enumerate() {
        let written = out.join(format!("{reference}-scans-{}-ลับมาก7f3a.pdf", n + 1));
        assert!(fs::read(written).unwrap() == *file);
    }

    // Over its time; swept at the next start.
    drop(server);
    runtime.block_on(place.change("UPDATE upload SET expires = 0 WHERE claimed = 0"));
    let (_server, address) = start(&place, &endpoint);
    let begun = Instant::now();
    while sizes(&there) != [90_000, 6_500_000] {
        assert!(begun.elapsed() < Duration::from_secs(60), "what is over its time stays");
        std::thread::yield_now();
    }
    assert_eq!(put(&address, ID, &sent).unwrap(), (200, receipt));

    // What is not as it should be is said at the start, without the secret.
    for (bucket, secret) in [("s3://none/x", SECRET), (BUCKET, "another s3cret")] {
        let mut command = serving_with(&place, bucket.as_ref());
        command.stderr(Stdio::piped());
        let output = with_bucket(command, &endpoint, secret).output().unwrap();
        let (_, error) = said(&output);
        assert!(error.contains(&format!("the place of uploads {bucket}: ")), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

/// While the first of three goes, there is a row for the second.
fn what_the_database_comes_to_know_during_a_sweep_stays(place: Place) {
    if place.is_postgres() {
        make_key(&place);
    }
    let there = place.path("s3/forms/before/2569");
    fs::create_dir_all(&there).unwrap();
    let names = ["a", "b", "c"].map(|letter| letter.repeat(32));
    for name in &names {
        fs::write(there.join(name), "x").unwrap();
        let file = fs::File::options().write(true).open(there.join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(15 * 24 * 60 * 60)).unwrap();
    }
    let (runtime, place) = (Runtime::new().unwrap(), Arc::new(place));
    let row = "INSERT INTO upload VALUES
         ('1', '1', '1', 1, '1', 1, 0, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 0)";
    let change = ("aaaa", Arc::clone(&place), row);
    let endpoint = s3_with(&runtime, &place.path("s3"), Some(change));
    // Many in one request would not say which.
    let mut command = with_bucket(serving_with(&place, BUCKET.as_ref()), &endpoint, SECRET);
    let mut server = Server(command.env("AWS_DISABLE_BULK_DELETE", "true").spawn().unwrap());
    listening(&mut server).expect("the server's address");
    let begun = Instant::now();
    while there.join(&names[2]).exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "what nobody needs stays");
        std::thread::yield_now();
    }
    assert_eq!(names.map(|name| there.join(name).exists()), [false, true, false]);
}
