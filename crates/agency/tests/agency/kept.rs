//! How long files stay that go before their submission, whatever crashes or is restored, and how officers
//! find them.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, chown},
    path::Path,
    time::{Duration, SystemTime},
};

use eform_agency::{
    Contents, Format, Lookup, NoPlace, UPLOAD_LIMIT, Uploads, UploadsError, attachments,
    cli::CliError, export, show, sweep,
};
use serde_json::{Value, json};

use crate::support::{
    ID, Place, Settings,
    files::{bytes, claim, objects, sha256},
    program::{run, said},
};

on_both![
    what_no_submission_claims_expires_and_what_one_claims_does_not,
    of_a_claim_and_a_sweep_at_once_either_has_all_of_it,
    what_a_crash_leaves_is_put_in_order,
    what_is_not_there_any_more_is_asked_for_again,
    a_place_is_of_one_database,
    a_database_that_has_files_takes_no_empty_place_for_its_own,
    a_place_is_of_one_user,
    a_file_that_cannot_be_had_holds_up_no_other,
    officers_find_what_went_before_as_what_came_inside,
];

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

async fn what_no_submission_claims_expires_and_what_one_claims_does_not(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let [claimed, whole, half] = [bytes(12, 70_000), bytes(13, 80_000), bytes(14, 90_000)];
    client.upload(ID, &claimed).await;
    client.upload(OTHER_ID, &whole).await;
    assert_eq!(client.put_claim(&[&claimed]).await.status.as_u16(), 201);
    let location = client.announce(OTHER_ID, &half).await.is(201).header("location").to_owned();
    client.patch(&location, 0, half[..30_000].to_vec()).await.is(204);
    sweep(&client.agency).await.unwrap();
    assert_eq!(objects(&place).len(), 3);

    // Their time is over as soon as their last byte is there.
    let hasty = place.start_with(Settings { keep: Duration::ZERO, ..Settings::default() }).await;
    let first = hasty.patch(&location, 30_000, half[30_000..60_000].to_vec()).await;
    first.refused(410, "upload-expired");
    for _ in 0..2 {
        hasty.head(&location).await.is(410);
        hasty.patch(&location, 60_000, "x").await.refused(410, "upload-expired");
        assert_eq!(objects(&place).len(), 4);
    }
    // Another one takes its place.
    let announced = client.announce(OTHER_ID, &half).await.is(201);
    assert!(announced.header("location") != location && announced.offset() == 0);
    hasty.head(&location).await.is(404);
    let left = hasty.announce(OTHER_ID, b"left").await;
    left.is(201);
    sweep(&hasty.agency).await.unwrap();
    // What was whole, and not claimed, is of the time when it came.
    client.put(OTHER_ID, &claim(OTHER_ID, &[&whole]).to_json()).await;
    // Pieces that no row names any more go when they are as old, and what was never finished; what is not
    // ours stays, whatever its age.
    let (ours, other) = ("0123456789abcdef0123456789abcdef.part", "list of 2569.txt");
    for name in [ours, other] {
        fs::write(place.uploads().join(name), "x").unwrap();
    }
    let sizes = || {
        let size = |name: &String| fs::metadata(place.uploads().join(name)).unwrap().len();
        let mut sizes: Vec<u64> = objects(&place).iter().map(size).collect();
        sizes.sort_unstable();
        sizes
    };
    for (days, expected) in
        [(13, &[1, 1, 30_000, 30_000, 70_000, 80_000][..]), (15, &[1, 70_000, 80_000])]
    {
        for name in objects(&place) {
            let file = fs::File::options().write(true).open(place.uploads().join(name)).unwrap();
            let age = Duration::from_secs(days * 24 * 60 * 60);
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        sweep(&client.agency).await.unwrap();
        assert_eq!(sizes(), expected);
    }
    assert!(place.uploads().join(other).exists());
    assert_eq!(client.put_claim(&[&claimed]).await.status.as_u16(), 200);
}

async fn of_a_claim_and_a_sweep_at_once_either_has_all_of_it(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let (mut received, mut missing) = (0, 0);
    for n in 0..40 {
        let id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
        let (one, two) = (bytes(n, 3000), bytes(n + 1000, 4000));
        client.upload(&id, &one).await;
        client.upload(&id, &two).await;
        place.change("UPDATE upload SET expires = 0 WHERE claimed = 0").await;
        let sent = claim(&id, &[&one, &two]).to_json();
        let put = tokio::spawn({
            let (client, id, sent) = (client.clone(), id.clone(), sent.clone());
            async move { client.put(&id, &sent).await.status.as_u16() }
        });
        // Each time at another moment.
        tokio::time::sleep(Duration::from_micros(n * 300)).await;
        sweep(&client.agency).await.unwrap();
        match put.await.unwrap() {
            201 => received += 1,
            424 => missing += 1,
            other => panic!("{other}"),
        }
        sweep(&client.agency).await.unwrap();
        // Nothing is left of what was not received, and all of what was.
        assert_eq!(objects(&place).len(), 2 * received);
        let again = client.put(&id, &sent).await.status.as_u16();
        assert!(matches!(again, 200 | 424), "{again}");
        for file in [&one, &two].into_iter().filter(|_| again == 200) {
            let is_file = |name: &String| fs::read(place.uploads().join(name)).unwrap() == *file;
            assert!(objects(&place).iter().any(is_file), "a receipt without its file");
        }
    }
    println!("{received} received, {missing} missing");
}

async fn what_a_crash_leaves_is_put_in_order(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    // All bytes are there, and it was not put together: as when the process died after the last.
    let file = bytes(15, 1_200_000);
    let location = client.upload(ID, &file).await;
    let [object] = &objects(&place)[..] else { panic!("{:?}", objects(&place)) };
    let [one, two] = ["aa", "bb"].map(|name| name.repeat(16));
    let parts = [(&one, &file[..700_000]), (&two, &file[700_000..])];
    for (name, bytes) in parts {
        fs::write(place.uploads().join(name), bytes).unwrap();
    }
    fs::remove_file(place.uploads().join(object)).unwrap();
    let id = location.rsplit('/').next().unwrap();
    place
        .change(&format!(
            "UPDATE upload SET object = NULL WHERE id = '{id}';
         INSERT INTO upload_part VALUES ('{id}', 0, 700000, '{one}'), ('{id}', 700000, 500000, '{two}')"
        ))
        .await;
    // Whoever asks first puts it together; here several at once, and the submission.
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let (client, location) = (client.clone(), location.clone());
            tokio::spawn(async move { client.head(&location).await })
        })
        .collect();
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
    for asked in asked {
        let asked = asked.await.unwrap().is(200);
        assert!(!asked.header("repr-digest").is_empty());
    }
    let [object] = &objects(&place)[..] else { panic!("{:?}", objects(&place)) };
    assert_eq!(fs::read(place.uploads().join(object)).unwrap(), file);
}

async fn what_is_not_there_any_more_is_asked_for_again(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let [whole, half] = [bytes(16, 30_000), bytes(17, 1_300_000)];
    client.upload(ID, &whole).await;
    let location = client.announce(ID, &half).await.is(201).header("location").to_owned();
    client.patch(&location, 0, half[..1_100_000].to_vec()).await.is(204);
    // As a disk that is not mounted: it is the agency's trouble, and nothing is given up.
    fs::rename(place.uploads(), place.path("away")).unwrap();
    fs::create_dir(place.uploads()).unwrap();
    let waits = client.put_claim(&[&whole]).await;
    assert_eq!((waits.status.as_u16(), waits.header("retry-after")), (503, "30"));
    fs::remove_dir(place.uploads()).unwrap();
    fs::rename(place.path("away"), place.uploads()).unwrap();
    // As after a restore that had an older copy of the folder.
    for name in objects(&place) {
        fs::remove_file(place.uploads().join(name)).unwrap();
    }
    assert_eq!(client.put_claim(&[&whole]).await.status.as_u16(), 424);
    let again = client.announce(ID, &whole).await.is(201);
    assert_eq!((again.offset(), again.header("repr-digest")), (0, ""));
    client.patch(&location, 1_100_000, half[1_100_000..].to_vec()).await.is(460);
    assert_eq!(client.head(&location).await.is(200).offset(), 0);
    client.upload(ID, &whole).await;
    client.upload(ID, &half).await;
    assert_eq!(client.put_claim(&[&whole, &half]).await.status.as_u16(), 201);
}

async fn a_place_is_of_one_database(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    client.upload(ID, &bytes(18, 10_000)).await;
    // Another process on the same one, also at the same time.
    let both = tokio::join!(place.start(), place.start());
    drop(both);
    let other = Place::new();
    let database = other.database().await;
    let here = place.uploads().into();
    let refused = Uploads::open(&database, &here, UPLOAD_LIMIT, Duration::ZERO).await;
    assert!(matches!(refused, Err(UploadsError::OfAnother)));
    // What was moved goes on where it is now.
    fs::rename(place.uploads(), other.uploads()).unwrap();
    let moved = Settings { uploads: Some(other.uploads().into()), ..Settings::default() };
    let client = place.start_with(moved).await;
    assert_eq!(client.put_claim(&[&bytes(18, 10_000)]).await.status.as_u16(), 201);
}

async fn a_database_that_has_files_takes_no_empty_place_for_its_own(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let file = bytes(21, 10_000);
    client.upload(ID, &file).await;
    let here = place.uploads().into();
    let open = async || Uploads::open(&client.database, &here, UPLOAD_LIMIT, Duration::ZERO).await;
    // Its disk is not mounted, with and without a folder to mount it at.
    fs::rename(place.uploads(), place.path("away")).unwrap();
    let name = fs::read_to_string(place.path("away/database")).unwrap();
    let told = open().await.err().expect("an error").to_string();
    assert!(told.contains("is its disk mounted") && told.contains(&name), "{told}");
    assert!(!place.uploads().exists());
    fs::create_dir(place.uploads()).unwrap();
    assert!(matches!(open().await, Err(UploadsError::NothingThere(told)) if told == name));
    assert_eq!(fs::read_dir(place.uploads()).unwrap().count(), 0);
    fs::remove_dir(place.uploads()).unwrap();
    fs::rename(place.path("away"), place.uploads()).unwrap();
    assert!(open().await.is_ok());
    // Gone for good, which has to be said; as people write it.
    fs::remove_dir_all(place.uploads()).unwrap();
    fs::create_dir(place.uploads()).unwrap();
    fs::write(place.uploads().join("database"), format!("{name}\n")).unwrap();
    let client = place.start().await;
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 424);
    client.upload(ID, &file).await;
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
}

async fn a_place_is_of_one_user(place: Place) {
    drop(place.start().await);
    let owner = place.uploads().join("database");
    let inode = || fs::metadata(&owner).unwrap().ino();
    let before = inode();
    let client = place.start().await;
    assert_eq!(inode(), before);
    assert!(objects(&place).is_empty());
    // Only root may give it to another, and only root can then read it.
    if fs::metadata(&owner).unwrap().uid() == 0 {
        chown(&owner, Some(1), None).unwrap();
        let here = place.uploads().into();
        let refused = Uploads::open(&client.database, &here, UPLOAD_LIMIT, Duration::ZERO).await;
        assert!(matches!(refused, Err(UploadsError::OfAnotherUser(1))));
        assert_eq!((inode(), fs::metadata(&owner).unwrap().uid()), (before, 1));
        assert!(objects(&place).is_empty());
    }
}

async fn a_file_that_cannot_be_had_holds_up_no_other(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let files = [22, 23, 24, 25].map(|seed| bytes(seed, 300_000));
    let mut references = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
        client.upload(&id, file).await;
        let receipt = client.put(&id, &claim(&id, &[file]).to_json()).await.json();
        references.push(receipt["reference"].as_str().unwrap().to_owned());
    }
    let [earlier, now] = ["earlier", "now"].map(|folder| place.path(folder));
    let write = |out: &Path| {
        let (to, from) = (out.to_str().unwrap(), place.uploads());
        let from = from.to_str().unwrap();
        run(&place, &["attachments", "--form", "claim", "--out", to, "--uploads", from])
    };
    assert!(write(&earlier).status.success());
    // One is not there, of another no byte can be read, and the third breaks off.
    for name in objects(&place) {
        let path = place.uploads().join(name);
        let file = fs::read(&path).unwrap();
        match files.iter().position(|other| *other == file).unwrap() {
            0 => fs::remove_file(&path).unwrap(),
            1 => fs::remove_file(&path).and_then(|()| fs::create_dir(&path)).unwrap(),
            2 => fs::write(&path, &file[..290_000]).unwrap(),
            _ => {}
        }
    }
    let name = |n: usize| format!("{}-scans-1-ลับมาก7f3a.pdf", references[n]);
    // What another run, which was killed, has left.
    fs::write(earlier.join(name(2) + ".part"), "half").unwrap();
    for (out, there) in [(now, &[3][..]), (earlier, &[0, 1, 2, 3])] {
        let written = write(&out);
        let (printed, errors) = said(&written);
        assert_eq!((written.status.code(), &*printed), (Some(1), ""), "{errors}");
        for (reference, file) in references.iter().zip(&files).take(3) {
            let told = format!("{reference} {}: ", sha256(file));
            assert!(errors.contains(&told), "{told}: {errors}");
        }
        assert!(errors.contains("3 of 4 files were not written"), "{errors}");
        assert!(!errors.contains("ลับ"), "{errors}");
        // All of a file or nothing, and never less than there was.
        assert_eq!(fs::read_dir(&out).unwrap().count(), there.len());
        for n in there {
            assert!(fs::read(out.join(name(*n))).unwrap() == files[*n], "{n}");
        }
    }
}

/// What officers are shown of files that went before.
async fn officers_find_what_went_before_as_what_came_inside(place: Place) {
    let place = place.with_files();
    let client = place.start().await;
    let files = [bytes(19, 10_000), bytes(20, 20_001)];
    let all: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    for file in &all {
        client.upload(ID, file).await;
    }
    let mut sent = claim(ID, &all);
    sent.uploads.remove(0);
    sent.attachments.push(eform::Enclosed::new(all[0]));
    let receipt = client.put(ID, &sent.to_json()).await.json();
    let reference = receipt["reference"].as_str().unwrap();

    let mut shown = Vec::new();
    show(&client.database, ID, &mut shown).await.unwrap();
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(
        shown["files"][1],
        json!({ "file": format!("{reference}-scans-2-ลับมาก7f3a.pdf"), "pointer": "/scans/1",
                "size": 20_001, "sha256": sha256(all[1]) })
    );

    let uploads = Lookup::new(Ok(place.uploads().into()));
    let exported = async |contents: Contents<'_>| {
        let mut out = Vec::new();
        export(&client.database, "claim", Format::Jsonl, contents, &mut out).await.unwrap();
        serde_json::from_slice::<Value>(&out).unwrap()
    };
    let whole = exported(Contents::Whole(&uploads)).await;
    let content = eform::base64::encode(all[1]);
    assert_eq!(
        whole,
        json!({ "submission": sent, "receipt": receipt,
                "files": [{ "sha256": sha256(all[1]), "content": content }] })
    );
    let short = exported(Contents::LeftOut).await;
    assert_eq!(short["submission"]["uploads"], whole["submission"]["uploads"]);
    assert!(short.get("files").is_none());

    let out = place.path("files");
    let written = attachments(&client.database, &uploads, "claim", Some(reference), &out).await;
    assert_eq!(written.unwrap(), 2);
    for (n, file) in all.iter().enumerate() {
        let name = format!("{reference}-scans-{}-ลับมาก7f3a.pdf", n + 1);
        assert_eq!(fs::read(out.join(name)).unwrap(), *file);
    }
    // Who looks in the wrong place is told so.
    for wrong in [Lookup::new(Ok(place.path("nowhere").into())), Lookup::new(Err(NoPlace))] {
        let result = attachments(&client.database, &wrong, "claim", None, &out).await;
        assert!(matches!(
            result,
            Err(CliError::NotWritten { failed: 1, of: 2 } | CliError::NoPlace(_))
        ));
    }
}
