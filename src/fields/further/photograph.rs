//! Photographs on the phone: made upright and small and without what the camera wrote into them,
//! and shown again. How large, and which bytes are the picture, the engine says
//! (`eform::fields::photograph`); here the browser decodes, draws and encodes. One at a time: a
//! photograph of 12 megapixels takes 48 MB while it is decoded, and an old phone ends the page that
//! takes two. What the browser cannot decode, or gives back otherwise than it was drawn, is left as
//! it lies in the file, without the rest where the engine finds the picture.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::Range;
use std::slice::from_ref;
use std::task::{Poll, Waker};

use eform::fields::photograph::{self, Bare};
use eform::hex;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::member;
use crate::by_name::{call, called, list, make, window};
use crate::dom::{El, div, el};
use crate::outbox::outbox;

/// Bytes at the beginning of a file in which the picture is looked for. What cameras put before it
/// is seldom a tenth of that.
const BEGINNING: f64 = 1_048_576.0;

/// The most bytes of a file whose picture is looked for because it cannot be drawn: all of it is read.
const WHOLE: f64 = 16_777_216.0;

/// The longest side of a picture of what is attached, in pixels.
const PREVIEW_SIDE: u32 = 320;

thread_local! {
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<VecDeque<Waker>> = RefCell::default();
}

/// The turn of who works on a photograph; it ends when this is dropped.
pub struct Turn(());

impl Turn {
    /// Waits until nobody else works on one.
    pub async fn wait() -> Self {
        poll_fn(|context| {
            if BUSY.replace(true) {
                WAITING.with_borrow_mut(|waiting| waiting.push_back(context.waker().clone()));
                return Poll::Pending;
            }
            Poll::Ready(Self(()))
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        BUSY.set(false);
        if let Some(next) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            next.wake();
        }
    }
}

/// A photograph as it is kept, with its media type: what is small already as it lies in the file, if
/// such files are taken; else one of type `media`, of at most so many bytes if that can be done; else
/// the picture as it lies in the file, however large. None where none of it can be done.
pub async fn made_small(
    file: &JsValue,
    media: &'static str,
    most: u64,
    takes: &dyn Fn(&str) -> bool,
) -> Option<(&'static str, Uint8Array)> {
    let (media, picture) = match drawn_small(file, media, most as f64, takes).await {
        Some(made) => made,
        None => {
            let bare = find(file, WHOLE).await.filter(|bare| takes(bare.media))?;
            (bare.media, pieces(file, &bare, &bare.turning()?)?)
        }
    };
    Some((media, bytes(&picture).await?))
}

/// A Blob of it, with its media type.
async fn drawn_small(
    file: &JsValue,
    media: &'static str,
    most: f64,
    takes: &dyn Fn(&str) -> bool,
) -> Option<(&'static str, JsValue)> {
    let bare = find(file, BEGINNING).await;
    let picture = match &bare {
        Some(bare) => pieces(file, bare, &[])?,
        None => file.clone(),
    };
    let decoded = Decoded::from(&picture).await?;
    if let Some(bare) = &bare
        && bare.is_small()
        && takes(bare.media)
        && member(&picture, "size").as_f64()? <= most
    {
        return Some((bare.media, picture));
    }
    if !gives_back_what_is_drawn() {
        return None;
    }
    let orientation = bare.map_or(1, |bare| bare.orientation);
    let mut canvas: Option<(u32, Scratch)> = None;
    let mut made = None;
    for (side, quality) in photograph::attempts(media) {
        if canvas.as_ref().is_none_or(|(drawn, _)| *drawn != side) {
            // The old one first: two are too much for some phones.
            drop(canvas.take());
            canvas = Some((side, Scratch::of(&decoded, orientation, side)?));
        }
        let file = canvas.as_ref()?.1.0.encoded(media, quality).await?;
        let is_small = member(&file, "size").as_f64()? <= most;
        made = Some(file);
        if is_small {
            break;
        }
    }
    Some((media, made?))
}

/// Looks for the picture in the first so many bytes of a file.
async fn find(file: &JsValue, most: f64) -> Option<Bare> {
    let size = member(file, "size").as_f64()?;
    let beginning = call(file, "slice", &[0.into(), size.min(most).into()]).ok()?;
    let beginning = bytes(&beginning).await?.to_vec();
    // Far below 2^53.
    Bare::find(&beginning, size as usize)
}

/// Whether the browser's canvas can be trusted with a photograph; tried once. What a browser gives
/// back when it is asked for pixels it gives in files too.
fn gives_back_what_is_drawn() -> bool {
    thread_local! {
        static FOUND: Cell<Option<bool>> = const { Cell::new(None) };
    }
    FOUND.get().unwrap_or_else(|| {
        let found = trial().is_some_and(|pixels| photograph::is_as_drawn(&pixels));
        FOUND.set(Some(found));
        found
    })
}

/// What comes back of the picture of the trial.
fn trial() -> Option<Vec<u8>> {
    let side = f64::from(photograph::TRIAL_SIDE);
    let length = photograph::TRIAL_SIDE.to_string();
    let canvas = Scratch(Canvas(el("canvas").attr("width", &length).attr("height", &length)));
    let (pen, half) = (canvas.0.pen()?, side / 2.0);
    for (at, colour) in photograph::TRIAL.iter().enumerate() {
        set(&pen, "fillStyle", &["#", &hex(colour)].concat());
        let corner = numbers(&[(at % 2) as f64 * half, (at / 2) as f64 * half, half, half]);
        call(&pen, "fillRect", &corner).ok()?;
    }
    let pixels = call(&pen, "getImageData", &numbers(&[0.0, 0.0, side, side])).ok()?;
    Some(Uint8Array::new(&member(&pixels, "data")).to_vec())
}

/// The room for a picture of a file of this media type, which takes as much before the picture is
/// there, and where the browser cannot decode it: what is below stays where it is. `picture` is in it.
pub fn frame(media: &str, picture: impl Fn() -> Option<El> + 'static) -> El {
    let name = media.split(['/', '+']).nth(1).unwrap_or_default().to_uppercase();
    let name = el("span").attr("aria-hidden", "true").text(&name);
    div("frame").child(name).part(picture)
}

/// A picture of a file that is kept beside the draft, once it is there; nothing for what the browser
/// cannot decode. It is drawn and not loaded, so no `img-src` of a page's policy is in its way.
pub fn preview(draft_key: String, digest: String, media: String, label: &str) -> El {
    let canvas = el("canvas")
        .class("preview")
        .attr("role", "img")
        .attr("aria-label", label)
        .flag("hidden", true);
    let drawn = canvas.clone();
    spawn_local(async move {
        let _turn = Turn::wait().await;
        // A page that has been turned meanwhile needs none.
        if drawn.element().is_connected() {
            _ = show(&drawn, &draft_key, &digest, &media).await;
        }
    });
    canvas
}

async fn show(canvas: &El, draft_key: &str, digest: &str, media: &str) -> Option<()> {
    let kept = outbox().await.ok()?.file_bytes(draft_key, digest).await.ok()??;
    let decoded = Decoded::from(&blob(&[kept.into()], media)?).await?;
    let canvas = Canvas::on(canvas.clone(), &decoded, 1, PREVIEW_SIDE)?;
    canvas.0.element().remove_attribute("hidden").ok()
}

/// All bytes of a Blob.
async fn bytes(blob: &JsValue) -> Option<Uint8Array> {
    let buffer = called(blob, "arrayBuffer", &[]).await.ok()?;
    let bytes = Uint8Array::new(&buffer);
    (f64::from(bytes.length()) == member(blob, "size").as_f64()?).then_some(bytes)
}

/// A Blob of the picture in a file and nothing else but `turning` (see [`Bare::turning`]).
fn pieces(file: &JsValue, bare: &Bare, turning: &[u8]) -> Option<JsValue> {
    let piece = |range: &Range<usize>| {
        call(file, "slice", &[(range.start as f64).into(), (range.end as f64).into()]).ok()
    };
    let (first, rest) = bare.kept.split_first()?;
    let turning: Vec<JsValue> = turning.iter().map(|byte| JsValue::from(*byte)).collect();
    let mut pieces =
        vec![piece(&(0..2))?, Uint8Array::new(&list(&turning)).into(), piece(&(2..first.end))?];
    for range in rest {
        pieces.push(piece(range)?);
    }
    blob(&pieces, bare.media)
}

/// Firefox decodes by the media type that a Blob has.
fn blob(pieces: &[JsValue], media: &str) -> Option<JsValue> {
    let options = Object::new();
    // Setting a member of a fresh object cannot fail.
    _ = Reflect::set(&options, &"type".into(), &media.into());
    make("Blob", &[list(pieces), options.into()]).ok()
}

/// A picture that can be drawn.
struct Decoded {
    source: JsValue,
    width: u32,
    height: u32,
    /// The address under which it is loaded.
    url: Option<JsValue>,
}

impl Decoded {
    async fn from(blob: &JsValue) -> Option<Self> {
        match called(&window(), "createImageBitmap", from_ref(blob)).await {
            Ok(source) => Self::of(source, "width", "height", None),
            // Safari before 15 has no such function, and others know more types as images.
            Err(_) => {
                let url =
                    call(&member(&window(), "URL"), "createObjectURL", from_ref(blob)).ok()?;
                let image: JsValue = el("img").attr("src", &url.as_string()?).element().into();
                let loaded = called(&image, "decode", &[]).await;
                let decoded = Self::of(image, "naturalWidth", "naturalHeight", Some(url))?;
                loaded.is_ok().then_some(decoded)
            }
        }
    }

    fn of(source: JsValue, width: &str, height: &str, url: Option<JsValue>) -> Option<Self> {
        let pixels = |name| member(&source, name).as_f64().map_or(0, |pixels| pixels as u32);
        let (width, height) = (pixels(width), pixels(height));
        let decoded = Self { source, width, height, url };
        (width > 0 && height > 0).then_some(decoded)
    }
}

impl Drop for Decoded {
    fn drop(&mut self) {
        // One of them is there, and neither throws.
        _ = match &self.url {
            Some(url) => call(&member(&window(), "URL"), "revokeObjectURL", from_ref(url)),
            None => call(&self.source, "close", &[]),
        };
    }
}

/// A canvas that is not shown.
struct Scratch(Canvas);

impl Scratch {
    fn of(decoded: &Decoded, orientation: u8, side: u32) -> Option<Self> {
        let canvas = el("canvas");
        let drawn = Canvas::on(canvas.clone(), decoded, orientation, side);
        if drawn.is_none() {
            free(canvas.clone());
        }
        drawn.map(Self)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        free(self.0.0.clone());
    }
}

/// Safari keeps the memory of a canvas for long after the canvas is gone.
fn free(canvas: El) {
    _ = canvas.attr("width", "0");
}

fn set(pen: &JsValue, name: &str, value: &str) {
    // Setting a member of a pen cannot fail; what it does not know changes nothing.
    _ = Reflect::set(pen, &name.into(), &value.into());
}

fn numbers(numbers: &[f64]) -> Vec<JsValue> {
    numbers.iter().map(|it| JsValue::from(*it)).collect()
}

/// A picture drawn upright and small.
struct Canvas(El);

impl Canvas {
    fn on(canvas: El, decoded: &Decoded, orientation: u8, side: u32) -> Option<Self> {
        let (width, height) = photograph::fit(decoded.width, decoded.height, side);
        let is_on_its_side = photograph::is_on_its_side(orientation);
        let (across, down) = if is_on_its_side { (height, width) } else { (width, height) };
        let canvas = canvas.attr("width", &across.to_string()).attr("height", &down.to_string());
        let canvas = Self(canvas);
        let pen = canvas.pen()?;
        // Under what can be seen through, which a JPEG cannot keep.
        set(&pen, "fillStyle", "#fff");
        set(&pen, "imageSmoothingQuality", "high");
        call(&pen, "fillRect", &numbers(&[0.0, 0.0, across.into(), down.into()])).ok()?;
        let turned = photograph::upright(orientation, width.into(), height.into());
        call(&pen, "setTransform", &numbers(&turned)).ok()?;
        let mut drawn = vec![decoded.source.clone()];
        drawn.extend(numbers(&[0.0, 0.0, width.into(), height.into()]));
        call(&pen, "drawImage", &drawn).ok()?;
        Some(canvas)
    }

    fn pen(&self) -> Option<JsValue> {
        let pen = call(self.0.element(), "getContext", &["2d".into()]).ok()?;
        (!pen.is_null()).then_some(pen)
    }

    /// A Blob of the picture. None where the browser cannot make such files.
    async fn encoded(&self, media: &str, quality: f64) -> Option<JsValue> {
        let canvas: &JsValue = self.0.element();
        let blob = Promise::new(&mut |done, failed| {
            if let Err(error) = call(canvas, "toBlob", &[done.into(), media.into(), quality.into()])
            {
                _ = failed.call1(&JsValue::UNDEFINED, &error);
            }
        });
        let blob = JsFuture::from(blob).await.ok()?;
        (member(&blob, "type").as_string().as_deref() == Some(media)).then_some(blob)
    }
}
