//! `/api/uploads`, and the submissions that name what arrived there.

use std::fs;

use axum::{body::Body, http::Method};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::stream;
use serde_json::json;

use crate::support::{
    ID, Place, Settings,
    files::{FORM, OCTETS, TUS, bytes, claim, metadata, metadata_of, objects, sha256},
};

on_both![
    a_file_goes_in_pieces_and_its_submission_claims_it,
    a_file_may_come_with_its_announcement_and_an_empty_one_is_there_at_once,
    the_same_announcement_is_the_same_upload,
    what_came_before_a_connection_broke_is_kept,
    of_two_that_add_at_the_same_place_one_is_told_where_to_go_on,
    another_file_than_was_announced_is_not_kept,
    a_piece_that_is_not_what_its_checksum_says_is_not_kept,
    a_submission_waits_for_its_files,
    what_is_refused_of_uploads_is_a_problem,
    a_form_and_the_server_say_how_large_a_file_may_be,
];

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

async fn a_file_goes_in_pieces_and_its_submission_claims_it(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(1, 2_500_000);
    let announced = client.announce(ID, &file).await.is(201);
    assert_eq!((announced.offset(), announced.header("repr-digest")), (0, ""));
    assert!(announced.header("upload-expires").ends_with(" GMT"));
    let location = announced.header("location").to_owned();
    let id = location.strip_prefix("/api/uploads/").unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");

    let first = client.patch(&location, 0, file[..1_234_567].to_vec()).await.is(204);
    assert_eq!((first.offset(), first.header("repr-digest")), (1_234_567, ""));
    let asked = client.head(&location).await.is(200);
    assert_eq!((asked.offset(), asked.header("upload-length")), (1_234_567, "2500000"));
    assert_eq!(asked.header("upload-metadata"), metadata_of(ID, &file));
    assert!(!asked.header("upload-expires").is_empty());

    let last = client.patch(&location, 1_234_567, file[1_234_567..].to_vec()).await.is(204);
    let digest = format!("sha-256=:{}:", STANDARD.encode(eform::sha256(&file)));
    assert_eq!((last.offset(), last.header("repr-digest")), (2_500_000, &*digest));
    assert_eq!(client.head(&location).await.is(200).header("repr-digest"), digest);
    // The pieces are one object now, for its owner only.
    let [object] = &objects(&place)[..] else { panic!("{:?}", objects(&place)) };
    let object = place.uploads().join(object);
    assert_eq!(fs::read(&object).unwrap(), file);
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(object), mode(place.uploads())), (0o600, 0o700));

    let received = client.put_claim(&[&file]).await;
    assert_eq!(received.status.as_u16(), 201, "{}", received.json());
    let again = client.put_claim(&[&file]).await;
    assert_eq!((again.status.as_u16(), again.body), (200, received.body));
    // Claimed for good.
    let asked = client.head(&location).await.is(200);
    assert_eq!((asked.offset(), asked.header("upload-expires")), (2_500_000, ""));
    client.send(Method::DELETE, &location, &[TUS], "").await.refused(409, "upload-claimed");
    let announced = client.announce(ID, &file).await.is(201);
    assert_eq!((announced.header("location"), announced.offset()), (&*location, 2_500_000));
}

async fn a_file_may_come_with_its_announcement_and_an_empty_one_is_there_at_once(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(2, 300_000);
    let length = file.len().to_string();
    let metadata = metadata_of(ID, &file);
    let headers = [TUS, OCTETS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
    let half = file[..100_000].to_vec();
    let announced = client.send(Method::POST, "/api/uploads", &headers, half.clone()).await.is(201);
    assert_eq!(announced.offset(), 100_000);
    // The answer was lost: it goes on where it is, and what comes with it is not added again.
    let again = client.send(Method::POST, "/api/uploads", &headers, half).await.is(201);
    assert_eq!(again.offset(), 100_000);
    let location = again.header("location").to_owned();
    client.patch(&location, 100_000, file[100_000..].to_vec()).await.is(204);

    let empty = client.announce(ID, b"").await.is(201);
    assert_eq!(empty.offset(), 0);
    assert!(empty.header("repr-digest").starts_with("sha-256=:47DEQpj8HBSa"));
    // A file of no bytes that is said to be another.
    let (zero, metadata) = (("upload-length", "0"), metadata_of(OTHER_ID, &file));
    let headers = [TUS, zero, ("upload-metadata", &*metadata)];
    let wrong = client.send(Method::POST, "/api/uploads", &headers, "").await;
    wrong.refused(460, "upload-digest");
    assert_eq!(
        client.put_claim(&[&file, b""]).await.json()["errors"][0]["code"],
        "attachment-empty"
    );
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
}

async fn the_same_announcement_is_the_same_upload(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(3, 50_000);
    let mut all = Vec::new();
    for _ in 0..16 {
        let (client, file) = (client.clone(), file.clone());
        all.push(tokio::spawn(async move { client.announce(ID, &file).await }));
    }
    let mut locations = Vec::new();
    for announced in all {
        locations.push(announced.await.unwrap().is(201).header("location").to_owned());
    }
    locations.dedup();
    let [location] = &locations[..] else { panic!("{locations:?}") };
    client.patch(location, 0, file[..20_000].to_vec()).await.is(204);
    let again = client.announce(ID, &file).await.is(201);
    assert_eq!((again.header("location"), again.offset()), (&**location, 20_000));
    // Of another submission, or another file, it is another one.
    for (submission, file) in [(OTHER_ID, &file[..]), (ID, &file[..49_999])] {
        let other = client.announce(submission, file).await.is(201);
        assert!(other.header("location") != location && other.offset() == 0);
    }
    client.send(Method::DELETE, location, &[TUS], "").await.is(204);
    client.send(Method::DELETE, location, &[TUS], "").await.refused(404, "not-found");
    client.head(location).await.is(404);
    assert_eq!(client.announce(ID, &file).await.is(201).offset(), 0);
}

/// A body that brings these bytes, and then breaks.
fn broken(bytes: &[u8]) -> Body {
    let pieces: Vec<_> = bytes.chunks(10_000).map(|piece| Ok(piece.to_vec())).collect();
    let cut = Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    Body::from_stream(stream::iter(pieces.into_iter().chain([cut])))
}

async fn what_came_before_a_connection_broke_is_kept(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(4, 3_000_000);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    let mut offset = 0;
    for more in [1, 999_999, 1_048_576, 500_000] {
        let end = offset + more;
        client.patch(&location, offset as u64, broken(&file[offset..end])).await.is(400);
        assert_eq!(client.head(&location).await.is(200).offset(), end as u64);
        offset = end;
    }
    // No more of it was in memory at a time than a piece has.
    let size = |name: &String| fs::metadata(place.uploads().join(name)).unwrap().len();
    assert!(objects(&place).iter().all(|name| size(name) <= 1 << 20));
    // Of one whose checksum could not be looked at nothing is.
    let checksum = format!("sha256 {}", STANDARD.encode(eform::sha256(&file[offset..])));
    let at = offset.to_string();
    let headers = [TUS, OCTETS, ("upload-offset", &*at), ("upload-checksum", &*checksum)];
    let cut = broken(&file[offset..2_900_000]);
    client.send(Method::PATCH, &location, &headers, cut).await.is(400);
    assert_eq!(client.head(&location).await.is(200).offset(), offset as u64);
    // The last byte, and then it broke: it is whole all the same.
    client.patch(&location, offset as u64, broken(&file[offset..])).await.is(400);
    let asked = client.head(&location).await.is(200);
    assert_eq!(asked.offset(), 3_000_000);
    assert!(!asked.header("repr-digest").is_empty());
    let [object] = &objects(&place)[..] else { panic!("{:?}", objects(&place)) };
    assert_eq!(fs::read(place.uploads().join(object)).unwrap(), file);
}

async fn of_two_that_add_at_the_same_place_one_is_told_where_to_go_on(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(5, 400_000);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    let mut offset = 0;
    while offset < file.len() {
        let end = offset + 100_000;
        let piece = file[offset..end].to_vec();
        let add = || {
            let (client, location, piece) = (client.clone(), location.clone(), piece.clone());
            tokio::spawn(async move { client.patch(&location, offset as u64, piece).await })
        };
        let mut statuses = Vec::new();
        for added in [add(), add(), add(), add()] {
            let added = added.await.unwrap();
            assert_eq!(added.offset(), end as u64);
            statuses.push(added.status.as_u16());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409, 409, 409]);
        offset = end;
    }
    client.patch(&location, 100_000, "").await.refused(409, "upload-offset");
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
    assert_eq!(objects(&place).len(), 1);
}

async fn another_file_than_was_announced_is_not_kept(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(6, 1_500_000);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    let mut other = file.clone();
    other[700_000] ^= 1;
    client.patch(&location, 0, other[..1_200_000].to_vec()).await.is(204);
    let refused = client.patch(&location, 1_200_000, other[1_200_000..].to_vec()).await;
    refused.refused(460, "upload-digest");
    let asked = client.head(&location).await.is(200);
    assert_eq!((asked.offset(), asked.header("repr-digest")), (0, ""));
    assert!(objects(&place).is_empty());
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 424);
    client.patch(&location, 0, file.clone()).await.is(204);
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
}

async fn a_piece_that_is_not_what_its_checksum_says_is_not_kept(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(7, 2_300_000);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    let add = async |offset: &str, checksum: &str, piece: &[u8]| {
        let headers = [TUS, OCTETS, ("upload-offset", offset), ("upload-checksum", checksum)];
        client.send(Method::PATCH, &location, &headers, piece.to_vec()).await
    };
    let right = format!("sha256 {}", STANDARD.encode(eform::sha256(&file[..2_200_000])));
    add("0", &right, &file[..2_200_001]).await.refused(460, "upload-checksum");
    assert_eq!(client.head(&location).await.is(200).offset(), 0);
    assert!(objects(&place).is_empty());
    for wrong in ["md5 AAAA", "sha256", "sha1 AAAA"] {
        add("0", wrong, &file).await.refused(400, "upload-malformed");
    }
    assert_eq!(add("0", &right, &file[..2_200_000]).await.is(204).offset(), 2_200_000);
    // SHA-1 of the rest, by another hand.
    let rest = <sha1::Sha1 as sha1::Digest>::digest(&file[2_200_000..]);
    let rest = format!("sha1 {}", STANDARD.encode(rest));
    let whole = add("2200000", &rest, &file[2_200_000..]).await.is(204);
    assert!(!whole.header("repr-digest").is_empty());
}

async fn a_submission_waits_for_its_files(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let files = [bytes(8, 40_000), bytes(9, 50_000), bytes(10, 60_000)];
    let all: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    client.upload(ID, all[0]).await;
    // Of another submission; and half of it.
    client.upload(OTHER_ID, all[1]).await;
    let announced = client.announce(ID, all[2]).await.is(201);
    let half = announced.header("location").to_owned();
    client.patch(&half, 0, all[2][..30_000].to_vec()).await.is(204);

    let waits = client.put_claim(&all).await;
    assert_eq!(waits.status.as_u16(), 424);
    let problem = waits.json();
    assert_eq!(problem["type"], "/problems/uploads-missing");
    let missing = |file: &[u8]| {
        json!({ "pointer": "", "code": "upload-missing", "detail": "this file has not arrived in full",
                "params": { "sha256": sha256(file) } })
    };
    assert_eq!(problem["errors"], json!([missing(all[1]), missing(all[2])]));
    // Nothing of it is claimed.
    client.upload(ID, all[1]).await;
    assert_eq!(client.put_claim(&all).await.json()["errors"], json!([missing(all[2])]));
    client.patch(&half, 30_000, all[2][30_000..].to_vec()).await.is(204);
    // What answers name and nobody uploads is wrong, not missing.
    let mut wrong = claim(ID, &all);
    wrong.uploads.pop();
    assert_eq!(client.put(ID, &wrong.to_json()).await.status.as_u16(), 422);
    // One inside, the others before it.
    let mut mixed = claim(ID, &all);
    mixed.uploads.remove(0);
    mixed.attachments.push(eform::Enclosed::new(all[0]));
    assert_eq!(client.put(ID, &mixed.to_json()).await.status.as_u16(), 201);
    let receipt = client.put(ID, &mixed.to_json()).await;
    assert_eq!(receipt.status.as_u16(), 200);
}

async fn what_is_refused_of_uploads_is_a_problem(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(11, 1000);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    let right = metadata_of(ID, &file);
    let definition = eform::digest(FORM.as_bytes());
    let digest = sha256(&file);
    let visit = eform::digest(crate::support::FORM.as_bytes());
    let (post, patch) = (Method::POST, Method::PATCH);
    let length = ("upload-length", "1000");
    let zero = ("upload-offset", "0");
    let wrong_metadata = [
        String::new(),
        metadata("1", &digest, &definition),
        metadata(ID, "00", &definition),
        metadata(ID, &digest.to_uppercase(), &definition),
        right.replace("submission ", "other "),
        right.replace(' ', " ?"),
    ];
    let unknown = metadata(ID, &digest, "sha256:00");
    let without = metadata(ID, &digest, &visit);
    fn with(value: &str) -> (&str, &str) {
        ("upload-metadata", value)
    }
    type Case<'a> = (Method, &'a str, Vec<(&'a str, &'a str)>, &'a [u8], u16, &'a str);
    let mut cases: Vec<Case> = vec![
        (post.clone(), "/api/uploads", vec![length, with(&right)], b"", 412, "tus-version"),
        (post.clone(), "/api/uploads", vec![("tus-resumable", "0.2.2")], b"", 412, "tus-version"),
        (post.clone(), "/api/uploads", vec![TUS, with(&right)], b"", 400, "upload-malformed"),
        (
            post.clone(),
            "/api/uploads",
            vec![TUS, ("upload-defer-length", "1"), with(&right)],
            b"",
            400,
            "upload-malformed",
        ),
        (
            post.clone(),
            "/api/uploads",
            vec![TUS, ("upload-length", "-1"), with(&right)],
            b"",
            400,
            "upload-malformed",
        ),
        (post.clone(), "/api/uploads", vec![TUS, length, with(&unknown)], b"", 404, "unknown-form"),
        (post.clone(), "/api/uploads", vec![TUS, length, with(&without)], b"", 422, "no-uploads"),
        (
            post.clone(),
            "/api/uploads",
            vec![
                TUS,
                length,
                with(&right),
                ("content-length", "1"),
                ("content-type", "text/plain"),
            ],
            b"x",
            415,
            "not-octets",
        ),
        (patch.clone(), &location, vec![OCTETS, zero], b"x", 412, "tus-version"),
        (patch.clone(), &location, vec![TUS, zero], b"x", 415, "not-octets"),
        (
            patch.clone(),
            &location,
            vec![TUS, OCTETS, zero, ("content-encoding", "gzip")],
            b"x",
            415,
            "not-octets",
        ),
        (patch.clone(), &location, vec![TUS, OCTETS], b"x", 400, "upload-malformed"),
        (
            patch.clone(),
            &location,
            vec![TUS, OCTETS, ("upload-offset", "x")],
            b"x",
            400,
            "upload-malformed",
        ),
        (
            patch.clone(),
            &location,
            vec![TUS, OCTETS, ("upload-offset", "1")],
            b"x",
            409,
            "upload-offset",
        ),
        (patch.clone(), &location, vec![TUS, OCTETS, zero], &[7; 1001], 413, "beyond-length"),
        (patch.clone(), "/api/uploads/none", vec![TUS, OCTETS, zero], b"x", 404, "not-found"),
        (patch.clone(), "/api/uploads/%00", vec![TUS, OCTETS, zero], b"x", 404, "not-found"),
        (patch.clone(), "/api/uploads/%FF", vec![TUS, OCTETS, zero], b"x", 404, "not-found"),
        (Method::DELETE, "/api/uploads/%00", vec![TUS], b"", 404, "not-found"),
        (Method::GET, &location, vec![TUS], b"", 405, "method-not-allowed"),
        (Method::PUT, "/api/uploads", vec![TUS], b"", 405, "method-not-allowed"),
        (post.clone(), &location, vec![TUS], b"", 405, "method-not-allowed"),
        (
            post.clone(),
            &location,
            vec![TUS, ("x-http-method-override", "ก")],
            b"",
            405,
            "method-not-allowed",
        ),
    ];
    for wrong in &wrong_metadata {
        let headers = vec![TUS, length, with(wrong)];
        cases.push((post.clone(), "/api/uploads", headers, b"", 400, "upload-malformed"));
    }
    for (method, path, headers, body, status, kind) in cases {
        let answer = client.send(method, path, &headers, body.to_vec()).await;
        let answer = answer.refused(status, kind);
        assert_eq!(answer.header("tus-version"), if status == 412 { "1.0.0" } else { "" });
        assert_eq!(answer.header("upload-offset"), if status == 409 { "0" } else { "" });
        assert_eq!(answer.headers.contains_key("allow"), status == 405);
    }
    assert_eq!(client.head(&location).await.is(200).offset(), 0);

    for path in ["/api/uploads", &location] {
        let able = client.send(Method::OPTIONS, path, &[], "").await.is(204);
        let said = ["tus-version", "tus-extension", "tus-max-size", "tus-checksum-algorithm"];
        assert_eq!(
            said.map(|name| able.header(name)),
            [
                "1.0.0",
                "creation,creation-with-upload,termination,checksum,expiration",
                "1073741824",
                "sha1,sha256"
            ]
        );
    }
    // Through what lets only POST pass.
    let over = |method| ("x-http-method-override", method);
    let headers = [TUS, OCTETS, zero, over("PATCH")];
    client.send(post.clone(), &location, &headers, file).await.is(204);
    client.send(post.clone(), &location, &[TUS, over("DELETE")], "").await.is(204);
    client.send(post, &location, &[TUS, over("HEAD")], "").await.is(404);
}

async fn a_form_and_the_server_say_how_large_a_file_may_be(place: Place) {
    let place = place.with_files();
    let announce = async |settings, length: &str| {
        let client = place.start_with(settings).await;
        let metadata = metadata_of(ID, length.as_bytes());
        let headers = [TUS, ("upload-length", length), ("upload-metadata", &*metadata)];
        client.send(Method::POST, "/api/uploads", &headers, "").await
    };
    announce(Settings::default(), "20000000").await.is(201);
    announce(Settings::default(), "20000001").await.refused(413, "upload-too-large");
    let small = || Settings { upload_limit: 1000, ..Settings::default() };
    announce(small(), "1000").await.is(201);
    announce(small(), "1001").await.refused(413, "upload-too-large");
}
