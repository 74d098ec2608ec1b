//! A photograph is kept upright and small, and says neither where nor when it was taken; it is shown
//! where it is attached, after a flat battery too, and where the answers are checked. Where the
//! browser cannot do that, the list says so.

use std::{collections::BTreeSet, fs, path::PathBuf};

use eform_journeys::{
    axe::assert_accessible, engine::Engine, form::Form, journeys, sample::Sample, stage::Stage,
};
use serde_json::{Value, json};

use crate::views::{becomes, open};
use crate::way::{is_on, kept};

/// As a camera held upright writes it: the picture lies on its side, and where it was taken is said.
const PLACE: &str = "13 deg 45' 22.68\" N, 100 deg 30' 6.48\" E";

/// A picture from the browser's own hand: the upper left quarter red, the upper right one green, the
/// lower ones blue, with `noise` over it so that it does not become small by itself.
pub(crate) async fn picture(
    stage: &Stage,
    media: &str,
    width: u32,
    height: u32,
    noise: u8,
) -> Vec<u8> {
    let script = "
      const canvas = Object.assign(document.createElement('canvas'), { width: args.width, height: args.height });
      const pen = canvas.getContext('2d');
      const pixels = pen.createImageData(args.width, args.height);
      let state = 1;
      for (let at = 0; at < pixels.data.length; at += 4) {
        const left = (at / 4) % args.width < args.width / 2, upper = at / 4 / args.width < args.height / 2;
        state = (state * 1103515245 + 12345) % 2147483648;
        const noise = (state / 65536) % (args.noise + 1);
        pixels.data[at] = upper && left ? 255 - noise : noise;
        pixels.data[at + 1] = upper && !left ? 255 - noise : noise;
        pixels.data[at + 2] = upper ? noise : 255 - noise;
        pixels.data[at + 3] = 255;
      }
      pen.putImageData(pixels, 0, 0);
      return new Promise((done) => canvas.toBlob(async (blob) => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        done([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
      }, args.media, 0.9));";
    let asked = json!({ "media": media, "width": width, "height": height, "noise": noise });
    let hex = stage.browser.ask(script, asked).await;
    let hex = hex.as_str().expect("a picture").as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    hex.chunks(2).filter_map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// A JPEG as a phone's camera leaves it: with this orientation, a place, and so many bytes of a film
/// behind it.
fn taken_by_a_camera(jpeg: &[u8], orientation: u8, film: usize) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    // The first directory begins at 8 and has two entries; that of GPS stands behind it, at 38.
    let tiff = [
        &b"MM\0*\0\0\0\x08\0\x02"[..],
        &entry(0x0112, 3, 1, [0, orientation, 0, 0]),
        &entry(0x8825, 4, 1, 38_u32.to_be_bytes()),
        &[0; 4],
        &[0, 1],
        &entry(0x0001, 2, 2, *b"N\0\0\0"),
        &[0; 4],
        PLACE.as_bytes(),
    ]
    .concat();
    let exif = [b"Exif\0\0", &tiff[..]].concat();
    let size = u16::try_from(exif.len() + 2).expect("it is short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &size, &exif, &jpeg[2..], &vec![7; film]].concat()
}

pub(crate) fn write(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.path().join(name);
    fs::write(&file, bytes).expect("a temporary folder is writable");
    file
}

/// What the browser sees in a file that the agency got: width, height, and which colour is strongest
/// in three quarters.
async fn seen(stage: &Stage, bytes: &[u8]) -> Value {
    let script = "
      return (async () => {
        const bytes = Uint8Array.from(args.match(/../g), (pair) => parseInt(pair, 16));
        const type = bytes[0] === 0xFF ? 'image/jpeg' : 'image/png';
        const image = await createImageBitmap(new Blob([bytes], { type }));
        const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        const at = (across, down) => {
          const [...rgb] = pen.getImageData(image.width * across, image.height * down, 1, 1).data.slice(0, 3);
          return ['red', 'green', 'blue'][rgb.indexOf(Math.max(...rgb))];
        };
        return [image.width, image.height, at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75)];
      })()";
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    stage.browser.ask(script, json!(hex)).await
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

/// Width and height of the pictures that are shown, once there is something on them.
const SHOWN: &str = "[...root.querySelectorAll('canvas:not([hidden])')].map((it) =>
    [it.width, it.height, it.getAttribute('role'), it.getAttribute('aria-label')])";

async fn open_photos(stage: &Stage, more: Value) -> Sample {
    let mut field = json!({ "id": "photos", "type": "attachment", "max": 3 });
    field.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    open(stage, json!([field])).await
}

pub(crate) async fn attach(stage: &Stage, files: &[PathBuf]) {
    stage.browser.choose_files("input[type=file]", files).await;
}

async fn submitted(stage: &Stage, form: &Form<'_>) -> Vec<(String, Vec<u8>)> {
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    stage.agency.files("views").into_iter().collect()
}

async fn a_large_photograph_becomes_upright_small_and_bare(stage: &Stage) {
    let sample = open_photos(stage, json!({ "accept": ["image/*", "application/pdf"] })).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 1800, 1350, 90).await;
    // More than a form can carry at all.
    let camera = taken_by_a_camera(&jpeg, 6, 9_000_000 - jpeg.len());
    assert!(camera.len() > 8 << 20 && contains(&camera, PLACE));
    attach(stage, &[write(&folder, "DSC 1.JPG", &camera)]).await;
    form.says("Attached: DSC 1.JPG").await;
    let shown = json!([[240, 320, "img", "Preview of DSC 1.JPG"]]);
    becomes(stage, SHOWN, shown.clone()).await;
    assert_accessible(&stage.browser, "a photograph is attached").await;

    let kept = "return kept('drafts').then((drafts) => drafts.join().includes('\"sha256\":\"'))";
    stage.browser.wait_until("the draft names the file", kept, json!(null)).await;
    stage.browser.kill();
    stage.browser.start_again().await;
    stage.browser.open(&format!("{}/?form=views&lang=en", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    becomes(stage, SHOWN, shown.clone()).await;
    form.go_to_submit().await;
    becomes(stage, SHOWN, shown).await;
    assert_accessible(&stage.browser, "a photograph is checked").await;

    let files = submitted(stage, &form).await;
    let (name, bytes) = &files[0];
    assert!(name.ends_with("photos-1-DSC 1.JPG"), "{name}");
    assert!(bytes.len() <= 500 << 10, "{} bytes", bytes.len());
    for word in ["Exif", "13 deg", "GPS"] {
        assert!(!contains(bytes, word), "{word}");
    }
    // On its side, the left became the top.
    assert_eq!(seen(stage, bytes).await, json!([1200, 1600, "blue", "red", "blue"]));
    let answer = &stage.agency.rows("views")[0].submission["answers"]["photos"][0];
    assert_eq!((&answer["type"], &answer["size"]), (&json!("image/jpeg"), &json!(bytes.len())));
}

/// All that a camera took of one field, 8 MiB each, chosen together: none is left out.
async fn ten_large_ones_at_once_all_arrive(stage: &Stage) {
    let sample = open_photos(stage, json!({ "max": 10 })).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let camera = [
        picture(stage, "image/jpeg", 3200, 2400, 50).await,
        picture(stage, "image/jpeg", 2000, 1500, 50).await,
    ];
    let files: Vec<PathBuf> = (0..10_u8)
        .map(|nth| {
            let jpeg = &camera[usize::from(nth / 8)];
            let film = (8_usize << 20).saturating_sub(jpeg.len());
            let taken = taken_by_a_camera(jpeg, nth % 8 + 1, film);
            write(&folder, &format!("{nth}.jpg"), &taken)
        })
        .collect();
    attach(stage, &files).await;
    let ready = "root.querySelectorAll('canvas:not([hidden])').length";
    becomes(stage, ready, json!(10)).await;
    let named = "return kept('drafts').then((drafts) => drafts.join().match(/\"sha256\":\"[0-9a-f]{64}/g)?.length === 10)";
    stage.browser.wait_until("the draft names all ten", named, json!(null)).await;
    let files = submitted(stage, &form).await;
    let different: BTreeSet<&Vec<u8>> = files.iter().map(|(_, bytes)| bytes).collect();
    assert_eq!((files.len(), different.len()), (10, 10));
    for (name, bytes) in &files {
        assert!(bytes.len() <= 500 << 10, "{name}: {} bytes", bytes.len());
    }
    // As it was held.
    for (end, width) in [("-0.jpg", 1600), ("-5.jpg", 1200)] {
        let (_, bytes) = files.iter().find(|(name, _)| name.ends_with(end)).expect("it arrived");
        assert_eq!(seen(stage, bytes).await[0], width);
    }
}

async fn what_is_small_already_loses_nothing_but_its_place(stage: &Stage) {
    let sample = open_photos(stage, json!({})).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 300, 200, 30).await;
    let png = picture(stage, "image/png", 64, 48, 30).await;
    let upright = taken_by_a_camera(&jpeg, 1, 500);
    let upside_down = taken_by_a_camera(&jpeg, 3, 0);
    attach(
        stage,
        &[
            write(&folder, "a.jpg", &upright),
            write(&folder, "b.png", &png),
            write(&folder, "c.jpg", &upside_down),
        ],
    )
    .await;
    form.says("Attached: a.jpg, b.png, c.jpg").await;
    let files = submitted(stage, &form).await;
    let bytes: Vec<&Vec<u8>> = files.iter().map(|(_, bytes)| bytes).collect();
    assert!(*bytes[0] == jpeg, "the picture of the camera, byte for byte");
    // Firefox signs its own, which goes.
    assert!(
        bytes[1].starts_with(&png[..40])
            && bytes[1].len() <= png.len()
            && !contains(bytes[1], "deBG")
    );
    assert!(!contains(bytes[2], "Exif"));
    assert_eq!(seen(stage, bytes[2]).await, json!([300, 200, "blue", "blue", "green"]));
}

/// Waits until the picture is there, which moves what is below.
async fn is_seen(stage: &Stage) {
    let seen = "return all('.preview').some(visible)";
    stage.browser.wait_until("the picture", seen, json!(null)).await;
}

async fn a_field_without_jpeg_keeps_png_and_originals_stay(stage: &Stage) {
    let sample = open_photos(stage, json!({ "accept": ["image/png"] })).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 1800, 900, 0).await;
    let camera = write(&folder, "field.jpg", &taken_by_a_camera(&jpeg, 8, 0));
    attach(stage, std::slice::from_ref(&camera)).await;
    form.says("Attached: field.png").await;
    is_seen(stage).await;
    // What is no picture, whatever it is called, stays as it is; so it is not taken here.
    attach(stage, &[write(&folder, "fake.jpg", b"no picture")]).await;
    form.says("fake.jpg: File 2 is of a kind that this form does not take; attach: PNG").await;
    let files = submitted(stage, &form).await;
    assert_eq!(files.len(), 1);
    assert!(files[0].0.ends_with("field.png") && files[0].1.starts_with(b"\x89PNG"));
    assert_eq!(seen(stage, &files[0].1).await, json!([800, 1600, "green", "blue", "red"]));
}

async fn originals_are_kept_where_the_form_asks_for_them(stage: &Stage) {
    let sample = open_photos(stage, json!({ "original": true })).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 1800, 900, 0).await;
    let camera = taken_by_a_camera(&jpeg, 6, 10);
    attach(stage, &[write(&folder, "a.jpg", &camera)]).await;
    form.says("Attached: a.jpg").await;
    is_seen(stage).await;
    assert!(submitted(stage, &form).await[0].1 == camera);
}

/// The camera is in front of the page, and the phone may end it: what was typed is safe before.
async fn the_draft_is_written_when_the_camera_is_opened(stage: &Stage) {
    let fields = json!([
        { "id": "name", "type": "text" },
        { "id": "photos", "type": "attachment" }
    ]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    // The phone ends the page before anything that waits a while has its turn.
    let no_time = "
      const real = window.setTimeout;
      window.setTimeout = (act, wait, ...more) => (wait < 300 ? real(act, wait, ...more) : 0);";
    stage.browser.ask(no_time, json!(null)).await;
    form.enter("name", None, "Somying").await;
    let opened = "
      const control = all('input[type=file]')[0];
      // The dialogue of the system would stop the journey.
      control.addEventListener('click', (event) => event.preventDefault());
      control.dispatchEvent(new MouseEvent('click', { cancelable: true }));
      return true";
    stage.browser.ask(opened, json!(null)).await;
    // Before that there may be no database, and looking would make one.
    form.says("Draft saved on this phone").await;
    let kept = "return kept('drafts').then((drafts) => drafts.join().includes('Somying'))";
    stage.browser.wait_until("the draft", kept, json!(null)).await;
}

/// An iPhone calls every photograph image.jpg: one that is taken out while it is read leaves the
/// place of the other alone.
async fn photographs_of_one_name_are_not_taken_for_each_other(stage: &Stage) {
    let sample = open_photos(stage, json!({})).await;
    let form = Form::on(&stage.browser, &sample);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let large = picture(stage, "image/jpeg", 1800, 1350, 90).await;
    let small = picture(stage, "image/jpeg", 300, 200, 30).await;
    // As long as the other, so that nothing but the order tells them apart before they are read.
    let first = taken_by_a_camera(&large, 1, 1_000_000);
    let second = taken_by_a_camera(&small, 1, 1_000_000);
    // No photograph is looked at until both are in the entry and the first is out again.
    let held = "
      const real = Blob.prototype.arrayBuffer;
      window.goOn = null;
      const gate = new Promise((done) => { window.goOn = done; });
      Blob.prototype.arrayBuffer = async function () { await gate; return real.call(this); };";
    stage.browser.ask(held, json!(null)).await;
    attach(stage, &[write(&folders[0], "image.jpg", &first)]).await;
    attach(stage, &[write(&folders[1], "image.jpg", &second)]).await;
    becomes(stage, "root.querySelectorAll('[data-action=remove-file]').length", json!(2)).await;
    stage.browser.tap("[data-action=remove-file]").await;
    becomes(stage, "root.querySelectorAll('[data-action=remove-file]').length", json!(1)).await;
    stage.browser.ask("window.goOn()", json!(null)).await;
    becomes(stage, SHOWN, json!([[300, 200, "img", "Preview of image.jpg"]])).await;
    let files = submitted(stage, &form).await;
    assert_eq!(files.len(), 1);
    // An engine may have drawn it anew; that it is this one, its preview has said.
    assert!(files[0].1.len() < large.len(), "the one that was left");
}

/// What the list says of the files that may say where they were taken, each by its name.
const WARNED: &str = "[...root.querySelectorAll('.files li')]
    .filter((row) => row.querySelector('[aria-live=polite] .found.warning')?.textContent.includes('where it was taken'))
    .map((row) => row.querySelector(':scope > span').textContent)";

/// The beginning of what an iPhone's camera writes, which no engine of the journeys decodes.
fn heic() -> Vec<u8> {
    [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PLACE.as_bytes()].concat()
}

async fn what_the_phone_cannot_open_goes_as_it_is_and_the_list_says_so(stage: &Stage) {
    let sample = open_photos(stage, json!({})).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 300, 200, 30).await;
    let camera = taken_by_a_camera(&jpeg, 1, 0);
    // Nothing of the picture has arrived.
    let broken = &camera[..camera.len() - jpeg.len() + 2];
    assert!(contains(broken, PLACE));
    let files = [
        write(&folder, "IMG_1.heic", &heic()),
        write(&folder, "broken.jpg", broken),
        write(&folder, "whole.jpg", &camera),
    ];
    attach(stage, &files).await;
    form.says("Attached: IMG_1.heic, broken.jpg, whole.jpg").await;
    let warned = json!(["IMG_1.heic (1 KB)", "broken.jpg (1 KB)"]);
    becomes(stage, WARNED, warned.clone()).await;
    // It is said where the file can be taken out, and is no mistake.
    let told = "[...root.querySelectorAll('[data-action=remove-file]')].map((it) =>
        root.getElementById(it.getAttribute('aria-describedby')).textContent !== '')";
    becomes(stage, told, json!([true, true, false])).await;
    becomes(stage, "root.querySelectorAll('.error, [aria-invalid=true]').length", json!(0)).await;
    assert_accessible(&stage.browser, "a photograph that cannot be opened").await;

    form.says("Draft saved on this phone").await;
    form.draft_is_kept(&serde_json::Map::new()).await;
    let named = "return kept('drafts').then((drafts) => drafts.join().match(/\"sha256\":\"[0-9a-f]{64}/g)?.length >= 3)";
    stage.browser.wait_until("the draft names all three", named, json!(null)).await;
    stage.browser.reload().await;
    form.is_open().await;
    becomes(stage, WARNED, warned).await;
    let files = submitted(stage, &form).await;
    assert!(files[0].1 == heic() && files[1].1 == broken && files[2].1 == jpeg);
    let submission = &stage.agency.rows("views")[0].submission;
    for file in submission["answers"]["photos"].as_array().unwrap() {
        let mut members: Vec<&String> = file.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["name", "sha256", "size", "type"]);
    }
}

async fn a_form_that_asks_for_originals_does_not_warn_of_them(stage: &Stage) {
    let sample = open_photos(stage, json!({ "original": true })).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    attach(stage, &[write(&folder, "IMG_1.heic", &heic())]).await;
    form.says("Attached: IMG_1.heic").await;
    becomes(stage, WARNED, json!([])).await;
}

/// Which bytes are the picture needs no decoder. How it is turned stays said, or it would lie on its
/// side at the agency.
async fn what_cannot_be_decoded_is_kept_bare(stage: &Stage) {
    let sample = open_photos(stage, json!({})).await;
    let form = Form::on(&stage.browser, &sample);
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 1800, 900, 90).await;
    let png = picture(stage, "image/png", 64, 48, 30).await;
    let upright = taken_by_a_camera(&jpeg, 1, 2_000_000);
    let on_its_side = taken_by_a_camera(&jpeg, 6, 0);
    let no_decoder = "
      window.realBitmap = window.createImageBitmap;
      window.createImageBitmap = () => Promise.reject(new DOMException('no', 'InvalidStateError'));
      HTMLImageElement.prototype.decode = () => Promise.reject(new DOMException('no', 'EncodingError'));";
    stage.browser.ask(no_decoder, json!(null)).await;
    let files = [
        write(&folder, "a.jpg", &upright),
        write(&folder, "b.jpg", &on_its_side),
        write(&folder, "c.png", &png),
    ];
    attach(stage, &files).await;
    form.says("Attached: a.jpg, b.jpg, c.png").await;
    becomes(stage, WARNED, json!([])).await;
    let files = submitted(stage, &form).await;
    stage.browser.ask("window.createImageBitmap = window.realBitmap", json!(null)).await;
    assert!(files[0].1 == jpeg, "the picture, byte for byte, without the film");
    assert!(!contains(&files[1].1, PLACE) && files[1].1.len() < on_its_side.len());
    assert_eq!(seen(stage, &files[1].1).await, json!([900, 1800, "blue", "red", "blue"]));
    assert!(files[2].1.starts_with(&png[..40]) && !contains(&files[2].1, "deBG"));
}

/// Some browsers let nobody read what is drawn, and give noise in its place.
async fn a_canvas_that_gives_noise_takes_no_photographs_place(stage: &Stage) {
    _ = open_photos(stage, json!({})).await;
    let folder = tempfile::tempdir().unwrap();
    let jpeg = picture(stage, "image/jpeg", 1800, 900, 90).await;
    let webp = picture(stage, "image/webp", 1800, 900, 0).await;
    let camera = write(&folder, "a.jpg", &taken_by_a_camera(&jpeg, 8, 3_000_000));
    let firefox = stage.browser.engine() == Engine::Firefox;
    if firefox {
        stage.browser.kill();
        stage.browser.set_preference("privacy.resistFingerprinting", true);
        stage.browser.start_again().await;
    }
    let sample = open_photos(stage, json!({})).await;
    let form = Form::on(&stage.browser, &sample);
    let noise = "
      const real = CanvasRenderingContext2D.prototype.getImageData;
      CanvasRenderingContext2D.prototype.getImageData = function (...where) {
        const pixels = real.apply(this, where);
        pixels.data.forEach((_, at) => { pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 256; });
        return pixels;
      };
      const { toBlob } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.toBlob = function (...how) {
        const pen = this.getContext('2d');
        pen.putImageData(pen.getImageData(0, 0, this.width, this.height), 0, 0);
        toBlob.apply(this, how);
      };
      window.giveBack = () => Object.assign(CanvasRenderingContext2D.prototype, { getImageData: real });";
    if !firefox {
        stage.browser.ask(noise, json!(null)).await;
    }
    attach(stage, &[camera]).await;
    form.says("Attached: a.jpg").await;
    becomes(stage, WARNED, json!([])).await;
    // Not every engine makes such pictures, but each opens them.
    if contains(&webp, "WEBP") {
        attach(stage, &[write(&folder, "b.webp", &webp)]).await;
        form.says("Attached: b.webp").await;
        becomes(stage, "root.querySelectorAll('.files .found.warning').length", json!(1)).await;
    }
    let files = submitted(stage, &form).await;
    if firefox {
        stage.browser.kill();
        stage.browser.set_preference("privacy.resistFingerprinting", false);
        stage.browser.start_again().await;
        _ = open_photos(stage, json!({})).await;
    } else {
        stage.browser.ask("window.giveBack()", json!(null)).await;
    }
    assert!(!contains(&files[0].1, PLACE));
    // Drawn, it would be 800 pixels wide.
    assert_eq!(seen(stage, &files[0].1).await, json!([900, 1800, "green", "blue", "red"]));
    assert!(files.get(1).is_none_or(|(_, bytes)| *bytes == webp));
}

/// The list says so at once, and not only who goes on.
async fn a_file_that_was_being_read_as_the_page_was_closed_is_to_be_attached_again(stage: &Stage) {
    let (sample, folder) = (open_photos(stage, json!({})).await, tempfile::tempdir().unwrap());
    let form = Form::on(&stage.browser, &sample);
    let never = "Blob.prototype.arrayBuffer = () => new Promise(() => {})";
    stage.browser.ask(never, json!(null)).await;
    attach(stage, &[write(&folder, "deed.pdf", b"%PDF-1.4 a deed")]).await;
    form.says("Reading…").await;
    let said = "[...root.querySelectorAll('.files .found')].map((it) => it.textContent)";
    becomes(stage, said, json!([])).await;
    form.says("Draft saved on this phone").await;
    stage.browser.reload().await;
    let left = "The page was closed before this file had been read. Remove it and attach it again.";
    becomes(stage, said, json!([left])).await;
    assert_accessible(&stage.browser, "a file is to be attached again").await;
    form.press("remove-file").await;
    attach(stage, &[write(&folder, "deed.pdf", b"%PDF-1.4 a deed")]).await;
    form.says("Attached: deed.pdf").await;
    becomes(stage, said, json!([])).await;
    assert_eq!(submitted(stage, &form).await.len(), 1);
}

/// What is read for a draft that is no longer on the screen would stay on the phone with nobody to
/// take it away.
async fn a_file_of_a_draft_that_was_left_is_not_kept(stage: &Stage) {
    let definition = json!({
        "id": "views", "version": "1", "title": "Views", "languages": ["en"],
        "start": { "minutes": 1 }, "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": "Page", "fields": [
            { "id": "photos", "type": "attachment", "label": "Photos", "max": 3 }
        ] }]
    });
    stage.agency.write("forms/views.json", &definition.to_string());
    stage.browser.open(&format!("{}/?form=views&lang=en", stage.cable.origin())).await;
    let sample = Sample::new(definition);
    let form = Form::on(&stage.browser, &sample);
    form.press("start").await;
    is_on(stage, "Page").await;
    let held = "
      const real = Blob.prototype.arrayBuffer;
      const gate = new Promise((done) => { window.goOn = done; });
      Blob.prototype.arrayBuffer = async function () { await gate; return real.call(this); };
      const put = IDBObjectStore.prototype.put;
      window.putFiles = 0;
      IDBObjectStore.prototype.put = function (...row) {
        // A file, and not one of its pieces.
        if (this.name === 'files' && 'size' in row[0]) window.putFiles += 1;
        return put.apply(this, row);
      };";
    stage.browser.ask(held, json!(null)).await;
    let folder = tempfile::tempdir().unwrap();
    attach(stage, &[write(&folder, "first.pdf", b"first")]).await;
    form.says("Draft saved on this phone").await;
    stage.browser.back().await;
    form.press("anew").await;
    is_on(stage, "Page").await;
    becomes(stage, "root.querySelectorAll('.files li').length", json!(0)).await;
    attach(stage, &[write(&folder, "second.pdf", b"second")]).await;
    stage.browser.ask("window.goOn()", json!(null)).await;
    // One at a time, in turn: the first has been read by then.
    form.says("Attached: second.pdf").await;
    becomes(stage, "window.putFiles", json!(1)).await;
    // The file, and its one piece.
    assert_eq!(kept(stage, "files").await.len(), 2);
}

journeys!(
    a_file_that_was_being_read_as_the_page_was_closed_is_to_be_attached_again,
    what_the_phone_cannot_open_goes_as_it_is_and_the_list_says_so,
    a_form_that_asks_for_originals_does_not_warn_of_them,
    what_cannot_be_decoded_is_kept_bare,
    a_canvas_that_gives_noise_takes_no_photographs_place,
    a_file_of_a_draft_that_was_left_is_not_kept,
    photographs_of_one_name_are_not_taken_for_each_other,
    a_large_photograph_becomes_upright_small_and_bare,
    ten_large_ones_at_once_all_arrive,
    what_is_small_already_loses_nothing_but_its_place,
    a_field_without_jpeg_keeps_png_and_originals_stay,
    originals_are_kept_where_the_form_asks_for_them,
    the_draft_is_written_when_the_camera_is_opened,
);
