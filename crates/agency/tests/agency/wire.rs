//! Uploads over a real port: connections that are cut or fall silent in the middle, as on one bar of
//! signal.

use std::{
    io::Write as _,
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

use crate::support::{
    ID, Place,
    files::{OCTETS, TUS, announce, bytes, claim, head},
    program::{put, run, said, serve},
    wire::{begin, end},
};

on_both![no runtime:
    cut_in_the_middle_it_goes_on_byte_for_byte,
    on_a_silent_line_what_came_counts_before_the_line_is_given_up,
];

/// As behind a load balancer: each piece to another process, and now and then the same to both at once.
#[test]
fn the_pieces_of_a_file_may_come_to_several_processes() {
    let Some(place) = Place::on_postgres() else { return };
    let place = place.with_files();
    let servers = [serve(&place), serve(&place)];
    let addresses = [&servers[0].1, &servers[1].1];
    for n in 0..6 {
        let id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
        let file = bytes(n, 400_000);
        let locations = addresses
            .map(|address| announce(address, &id, &file).unwrap().header("location").to_owned());
        assert_eq!(locations[0], locations[1]);
        let mut offset = 0;
        while offset < file.len() {
            let end = offset + 100_000;
            let at = offset.to_string();
            let headers = [TUS, OCTETS, ("upload-offset", &*at)];
            let piece = &file[offset..end];
            let both = addresses.map(|address| {
                begin(address, "PATCH", &locations[0], &headers, piece.len(), piece).unwrap()
            });
            let mut statuses = both.map(|sent| {
                let came = end_of(sent);
                assert_eq!(came.1, end as u64);
                came.0
            });
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 409]);
            offset = end;
        }
        let sent = claim(&id, &[&file]).to_json();
        let receipts = addresses.map(|address| put(address, &id, &sent).unwrap());
        assert_eq!((receipts[0].0, receipts[1].0), (201, 200));
        assert_eq!(receipts[0].1, receipts[1].1);
    }
}

/// The status and the offset of the answer.
fn end_of(sent: TcpStream) -> (u16, u64) {
    let came = end(sent).unwrap();
    (came.status, came.offset())
}

/// Nothing here takes so long, unless it has got stuck.
const LONGEST: Duration = Duration::from_secs(30);

/// Asks until so much has arrived: the server hears of a cut when it does.
fn arrives(address: &str, location: &str, offset: u64) {
    let start = Instant::now();
    loop {
        let asked = head(address, location).unwrap();
        assert_eq!(asked.status, 200);
        if asked.offset() == offset {
            return;
        }
        assert!(start.elapsed() < LONGEST, "{} of {offset}", asked.offset());
    }
}

fn cut_in_the_middle_it_goes_on_byte_for_byte(place: Place) {
    let place = place.with_files();
    let (_server, address) = serve(&place);
    let file = bytes(1, 5_000_000);
    let location = announce(&address, ID, &file).unwrap().header("location").to_owned();
    let mut offset = 0;
    for (more, how) in [(70_001, Some(Shutdown::Write)), (1_500_000, None), (1_300_000, None)] {
        let at = offset.to_string();
        let headers = [TUS, OCTETS, ("upload-offset", &*at)];
        let rest = &file[offset..];
        let sent =
            begin(&address, "PATCH", &location, &headers, rest.len(), &rest[..more]).unwrap();
        // In order, or as when the phone is gone.
        match how {
            Some(how) => sent.shutdown(how).unwrap(),
            None => drop(sent),
        }
        offset += more;
        arrives(&address, &location, offset as u64);
    }
    // What was begun long ago and is beside the point now is told so, and does no harm.
    let old = [TUS, OCTETS, ("upload-offset", "70001")];
    let old = begin(&address, "PATCH", &location, &old, 10, &file[70_001..70_011]).unwrap();
    let old = end(old).unwrap();
    assert_eq!((old.status, old.offset()), (409, offset as u64));
    let at = offset.to_string();
    let headers = [TUS, OCTETS, ("upload-offset", &*at)];
    let rest = &file[offset..];
    let last = begin(&address, "PATCH", &location, &headers, rest.len(), rest).unwrap();
    let last = end(last).unwrap();
    assert_eq!((last.status, last.offset()), (204, 5_000_000));
    assert!(last.header("repr-digest").starts_with("sha-256=:"));

    let (status, receipt) = put(&address, ID, &claim(ID, &[&file]).to_json()).unwrap();
    assert_eq!(status, 201, "{receipt}");
    let (out, uploads) = (place.path("files"), place.uploads());
    let [out_text, uploads] = [&out, &uploads].map(|path| path.to_str().unwrap());
    let arguments = ["attachments", "--form", "claim", "--out", out_text];
    let output = run(&place, &[&arguments[..], &["--uploads", uploads]].concat());
    assert_eq!(said(&output).0, "1\n", "{output:?}");
    let reference = receipt["reference"].as_str().unwrap();
    let written = out.join(format!("{reference}-scans-1-ลับมาก7f3a.pdf"));
    assert!(std::fs::read(written).unwrap() == file);
    if place.is_postgres() {
        let without = run(&place, &arguments);
        assert!(said(&without).1.contains("--uploads PLACE says where files are"), "{without:?}");
    }
}

fn on_a_silent_line_what_came_counts_before_the_line_is_given_up(place: Place) {
    let place = place.with_files();
    let (_server, address) = serve(&place);
    let file = bytes(2, 100_000);
    let location = announce(&address, ID, &file).unwrap().header("location").to_owned();
    let headers = [TUS, OCTETS, ("upload-offset", "0")];
    let mut silent =
        begin(&address, "PATCH", &location, &headers, file.len(), &file[..40_000]).unwrap();
    arrives(&address, &location, 40_000);
    // The phone is on another line, and then the first one speaks again.
    let headers = [TUS, OCTETS, ("upload-offset", "40000")];
    let other = begin(&address, "PATCH", &location, &headers, 60_000, &file[40_000..]).unwrap();
    assert_eq!(end(other).unwrap().status, 204);
    silent.write_all(&file[40_000..]).unwrap();
    let told = end(silent).unwrap();
    assert_eq!((told.status, told.offset()), (409, 100_000));
    assert_eq!(put(&address, ID, &claim(ID, &[&file]).to_json()).unwrap().0, 201);
}
