//! A browser with a profile of its own, as a person at a phone uses it: type, tap, press keys, look.
//!
//! Everything is found where a person would find it: in the page or in any open shadow root, and
//! visible. What a command needs and is not there yet is waited for.

use std::{
    env, fs, mem,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    Key, WebDriver, WebElement, WindowHandle, action_chain::ActionChain,
    common::print::PrintParameters, error::WebDriverResult,
};
use tokio::time::timeout;

use crate::{
    disk::SmallDisk,
    engine::{Engine, Session},
    idle, lock,
    picture::Picture,
    wait::{PATIENCE, wait_at_most},
};

/// Defines `all(selector)`: everything that matches, through open shadow roots; `visible(element)`.
const FINDERS: &str = include_str!("finders.js");

/// A browser. Dropping it ends it and forgets its profile, or lets the next journey have it (see
/// [`idle`]).
pub struct Browser {
    engine: Engine,
    flags: &'static [&'static str],
    // Dropped before the folder that it writes to.
    session: Mutex<Option<Session>>,
    /// What pages store is on it.
    disk: Option<SmallDisk>,
    profile: Option<TempDir>,
    /// For how many journeys it has been there.
    used: u32,
    /// It is not as it was when it was started, and nobody else gets it.
    changed: AtomicBool,
}

impl Browser {
    /// A browser with an empty profile.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, &[]).await
    }

    /// As [`Browser::start`], with more flags on Chromium's command line.
    pub async fn start_with(engine: Engine, flags: &'static [&'static str]) -> Self {
        let kept = if flags.is_empty() { idle::take(engine).await } else { None };
        let (session, profile, used) = match kept {
            Some(kept) => (kept.session, kept.profile, kept.used + 1),
            None => {
                let profile = idle::profile();
                (engine.start(profile.path(), flags).await, profile, 1)
            }
        };
        let changed = AtomicBool::new(!flags.is_empty());
        let (session, profile) = (Mutex::new(Some(session)), Some(profile));
        Self { engine, flags, session, disk: None, profile, used, changed }
    }

    /// A browser that keeps what pages store on a disk of so many megabytes; see [`Browser::disk`].
    /// `None` where there can be no such disk.
    pub async fn start_on_small_disk(engine: Engine, megabytes: u32) -> Option<Self> {
        let profile = idle::profile();
        let disk = SmallDisk::over(&engine.stores_in(profile.path()), megabytes)?;
        let session = Mutex::new(Some(engine.start(profile.path(), &[]).await));
        let (disk, profile, changed) = (Some(disk), Some(profile), AtomicBool::new(true));
        Some(Self { engine, flags: &[], session, disk, profile, used: 1, changed })
    }

    /// A browser that forgets all when it ends, as a private window does. `None` for WebKit, which is
    /// not started so.
    pub async fn start_private(engine: Engine) -> Option<Self> {
        let profile = idle::profile();
        let flags: &[&str] = match engine {
            Engine::Chromium => &["--incognito"],
            Engine::Firefox => {
                engine.set_preference(profile.path(), "browser.privatebrowsing.autostart", true);
                &[]
            }
            Engine::WebKit => return None,
        };
        let session = Mutex::new(Some(engine.start(profile.path(), flags).await));
        let (profile, changed) = (Some(profile), AtomicBool::new(true));
        Some(Self { engine, flags, session, disk: None, profile, used: 1, changed })
    }

    /// The disk that it was started on.
    pub fn disk(&self) -> &SmallDisk {
        self.disk.as_ref().expect("it was started on a small disk")
    }

    fn folder(&self) -> &std::path::Path {
        self.profile.as_ref().expect("it has a profile until it is dropped").path()
    }

    /// Nobody else gets it after this journey.
    pub fn is_changed(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Ends the browser as an empty battery does: every process of it, at once, unasked.
    pub fn kill(&self) {
        self.is_changed();
        *lock(&self.session) = None;
    }

    /// Starts it again with what it had stored. It must have been killed.
    pub async fn start_again(&self) {
        assert!(lock(&self.session).is_none(), "the browser is still running");
        let session = self.engine.start(self.folder(), self.flags).await;
        *lock(&self.session) = Some(session);
    }

    /// Sets a preference of Firefox, for when it is started again.
    pub fn set_preference(&self, name: &str, on: bool) {
        self.is_changed();
        self.engine.set_preference(self.folder(), name, on);
    }

    fn web(&self) -> WebDriver {
        lock(&self.session).as_ref().expect("the browser is running").web.clone()
    }

    /// Opens an address. That it cannot be loaded is not an error here; the journey looks.
    pub async fn open(&self, url: &str) {
        // A driver reports a page that does not load as an error of the command.
        let _ = self.web().goto(url).await;
    }

    pub async fn reload(&self) {
        let _ = self.web().refresh().await;
    }

    /// The browser's own Back button.
    pub async fn back(&self) {
        self.web().back().await.expect("back");
    }

    /// The browser's own Forward button.
    pub async fn forward(&self) {
        self.web().forward().await.expect("forward");
    }

    /// Opens a second tab and turns to it.
    pub async fn new_tab(&self) -> WindowHandle {
        let tab = self.web().new_tab().await.expect("a new tab");
        self.turn_to(&tab).await;
        tab
    }

    pub async fn tab(&self) -> WindowHandle {
        self.web().window().await.expect("the tab")
    }

    pub async fn turn_to(&self, tab: &WindowHandle) {
        self.web().switch_to_window(tab.clone()).await.expect("the tab is open");
    }

    /// Makes the window this wide, or as near to it as the engine's windows get.
    pub async fn set_width(&self, width: u32) {
        // An engine that refuses keeps its window.
        let _ = self.web().set_window_rect(0, 0, width, 915).await;
        if self.engine == Engine::Chromium {
            self.is_changed();
            let size =
                json!({ "width": width, "height": 780, "deviceScaleFactor": 1, "mobile": true });
            let told = self.web().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await;
            told.expect("the browser takes an emulated size");
        }
    }

    /// Lays out all of a long page. What is far from the screen is not, until then: it would be
    /// measured where it is not, and moves under a driver's hand when it comes near.
    pub async fn lay_out_all(&self) {
        let script = "
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('.field { content-visibility: visible !important }');
          for (const { shadowRoot } of all('e-form')) {
            if (!shadowRoot.laidOut) shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];
            shadowRoot.laidOut = true;
          }";
        self.ask(script, json!(null)).await;
    }

    /// A command of Chromium's own protocol, and its answer.
    pub async fn devtools(&self, command: &str, with: Value) -> Value {
        let answer = self.try_devtools(command, with).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Gives the page a screen of this size, of which a CSS pixel is so many wide; in Chromium alone.
    pub async fn set_screen(&self, width: u32, height: u32, pixels: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": pixels, "mobile": width < 768 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The pixels of a part of the page, also where it is beyond the screen; in Chromium alone.
    pub async fn picture(&self, [x, y, width, height]: [f64; 4]) -> Picture {
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        let with = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let answer = self.devtools("Page.captureScreenshot", with).await;
        let png = eform::base64::decode(answer["data"].as_str().unwrap_or_default());
        png.and_then(|png| Picture::decode(&png)).expect("the browser paints a PNG")
    }

    /// The typefaces that the first element that matches is painted in, as far as letters of its own
    /// go; in Chromium alone.
    pub async fn faces_of(&self, selector: &str) -> Vec<String> {
        self.devtools("DOM.enable", json!({})).await;
        self.devtools("CSS.enable", json!({})).await;
        self.devtools("DOM.getDocument", json!({ "depth": 0 })).await;
        let find = whole_script(&format!("return all('{selector}')[0]"));
        let find = format!("(function () {{ {find} }})(null)");
        let found = self.devtools("Runtime.evaluate", json!({ "expression": find })).await;
        let object = json!({ "objectId": found["result"]["objectId"] });
        let node = self.devtools("DOM.requestNode", object).await;
        let fonts = self.devtools("CSS.getPlatformFontsForNode", node).await;
        let names = fonts["fonts"].as_array().into_iter().flatten();
        names.filter_map(|font| font["familyName"].as_str().map(str::to_owned)).collect()
    }

    /// Runs a script: `all(selector)`, `visible(element)` and `args` are there. What it returns may
    /// be a promise.
    pub async fn js(&self, script: &str, args: Value) -> WebDriverResult<Value> {
        let answer = self.web().execute(whole_script(script), vec![args]).await?;
        Ok(answer.json().clone())
    }

    /// As [`Browser::js`], and it must work.
    pub async fn ask(&self, script: &str, args: Value) -> Value {
        self.js(script, args).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until the script returns something that is true. It may fail meanwhile, as a page that
    /// is being loaded does.
    pub async fn wait_until(&self, what: &str, script: &str, args: Value) -> Value {
        let mut failed = None;
        let answer = wait_at_most(PATIENCE, async || match self.js(script, args.clone()).await {
            Ok(answer) => {
                failed = None;
                Some(answer).filter(is_true)
            }
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        if let Some(answer) = answer.await {
            return answer;
        }
        let failed = failed.map(|error| format!("; the script failed, last with: {error}"));
        panic!("waited {} s for: {what}{}", PATIENCE.as_secs(), failed.unwrap_or_default());
    }

    /// As [`Browser::wait_until`] for a short while: whether it came true.
    pub async fn comes_true(&self, within: Duration, script: &str, args: Value) -> bool {
        wait_at_most(within, async || self.js(script, args.clone()).await.ok().filter(is_true))
            .await
            .is_some()
    }

    /// How many visible elements match.
    pub async fn count(&self, selector: &str) -> u64 {
        let count = self.ask("return all(args).filter(visible).length", json!(selector)).await;
        count.as_u64().unwrap_or_default()
    }

    /// The text of the first visible element that matches, waited for.
    pub async fn text(&self, selector: &str) -> String {
        let script =
            "const found = all(args).find(visible); return found && [found.innerText.trim()]";
        let text = self.wait_until(selector, script, json!(selector)).await;
        text[0].as_str().unwrap_or_default().to_owned()
    }

    /// Taps the first visible element that matches, as soon as it can be tapped.
    pub async fn tap(&self, selector: &str) {
        self.act(selector, "return all(args).find(visible)", json!(selector), async |element| {
            element.click().await
        })
        .await;
    }

    /// Taps what the script returns.
    pub async fn tap_found(&self, what: &str, script: &str, args: Value) {
        self.act(what, script, args, async |element| element.click().await).await;
    }

    /// Presses and releases on the same spot ten times as fast as the driver can.
    pub async fn tap_ten_times(&self, selector: &str) {
        let script = "const found = all(args).find(visible); found?.scrollIntoView({ block: 'center' }); return found";
        self.act(selector, script, json!(selector), async |element| {
            let mut taps = self.actions().move_to_element_center(&element);
            for _ in 0..10 {
                taps = taps.click();
            }
            taps.perform().await
        })
        .await;
    }

    /// Draws a line with the pointer over the first visible element that matches, from point to point:
    /// as far across and down it, from 0 to 1.
    pub async fn draw(&self, selector: &str, points: &[(f64, f64)]) {
        let script = "const found = all(args).find(visible); found?.scrollIntoView({ block: 'center' }); return found";
        self.act(selector, script, json!(selector), async |element| {
            let size = element.rect().await?;
            let at = |(across, down): (f64, f64)| {
                let from_centre = |part: f64, length: f64| ((part - 0.5) * length).round() as i64;
                (from_centre(across, size.width), from_centre(down, size.height))
            };
            let mut line = self.actions();
            for (step, point) in points.iter().enumerate() {
                let (x, y) = at(*point);
                line = line.move_to_element_with_offset(&element, x, y);
                if step == 0 {
                    line = line.click_and_hold();
                }
            }
            line.release().perform().await
        })
        .await;
    }

    /// Types into what the script returns, over what was there.
    pub async fn type_into(&self, what: &str, script: &str, args: Value, text: &str) {
        self.act(what, script, args, async |element| {
            let before = element.prop("value").await?.unwrap_or_default();
            if !before.is_empty() {
                let erase = Key::Backspace.value().to_string().repeat(before.chars().count());
                element.send_keys(format!("{}{erase}", Key::End.value())).await?;
            }
            // WebKit's driver refuses to type nothing.
            if text.is_empty() { Ok(()) } else { element.send_keys(text).await }
        })
        .await;
    }

    /// Chooses files in the first visible control that matches, as its dialogue would.
    pub async fn choose_files(&self, selector: &str, files: &[PathBuf]) {
        let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let paths = paths.join("\n");
        self.act(selector, "return all(args).find(visible)", json!(selector), async |element| {
            element.send_keys(paths.as_str()).await
        })
        .await;
    }

    /// Chooses what the script returns, an `<option>`.
    ///
    /// chromedriver sets an option from outside, and the page hears a `change` but never the `input`
    /// that people cause. So there the list is chosen from by typing what the option says.
    pub async fn choose_option(&self, what: &str, script: &str, args: Value) {
        if self.engine != Engine::Chromium {
            self.tap_found(what, script, args).await;
            return;
        }
        let label = format!("return (() => {{ {script} }})()?.label");
        let label = self.wait_until(what, &label, args.clone()).await;
        let list = format!("return (() => {{ {script} }})()?.parentElement");
        let label = label.as_str().unwrap_or_default();
        self.act(what, &list, args, async |list| list.send_keys(label).await).await;
    }

    /// Types on the keyboard, into whatever has the focus.
    pub async fn keys(&self, text: &str) {
        self.actions().send_keys(text).perform().await.expect("keys");
    }

    /// Presses a key, into whatever has the focus.
    pub async fn press(&self, key: Key) {
        self.keys(&key.value().to_string()).await;
    }

    /// Presses a key while Shift is held.
    pub async fn press_with_shift(&self, key: Key) {
        let chain = self.actions();
        let key = key.value();
        chain
            .key_down(Key::Shift)
            .key_down(key)
            .key_up(key)
            .key_up(Key::Shift)
            .perform()
            .await
            .expect("keys");
    }

    /// Keys and taps as fast as the driver can.
    fn actions(&self) -> ActionChain {
        self.web().action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
    }

    /// Finds an element and does something with it, again from the start while the page is changing
    /// under the hand.
    async fn act(
        &self,
        what: &str,
        script: &str,
        args: Value,
        mut action: impl AsyncFnMut(WebElement) -> WebDriverResult<()>,
    ) {
        let mut last = "it is not there, or not visible".to_owned();
        let done = wait_at_most(PATIENCE, async || {
            let found = match self.web().execute(whole_script(script), vec![args.clone()]).await {
                Ok(found) if found.json().is_null() => return None,
                Ok(found) => found.element(),
                Err(error) => Err(error),
            };
            let result = match found {
                Ok(element) => action(element).await,
                Err(error) => Err(error),
            };
            result.map_err(|error| last = error.to_string()).ok()
        })
        .await;
        assert!(done.is_some(), "{what} in {}: {last}", self.engine);
    }

    /// Makes media queries come true: of a `medium` (none is the screen), and of a feature, as of a dark
    /// phone (`prefers-color-scheme`, `dark`). False where the engine has no way to.
    pub async fn pretend(&self, medium: &str, feature: &str, value: &str) -> bool {
        if self.engine != Engine::Chromium {
            return false;
        }
        self.is_changed();
        let media = json!({ "media": medium, "features": [{ "name": feature, "value": value }] });
        let told = self.web().cdp().send_raw("Emulation.setEmulatedMedia", media).await;
        told.expect("the browser takes an emulated medium");
        true
    }

    /// Prints the page on A4: a PDF. None where the engine has no way to.
    pub async fn print(&self) -> Option<Vec<u8>> {
        if self.engine == Engine::WebKit {
            return None;
        }
        let mut paper = PrintParameters { background: true, ..PrintParameters::default() };
        (paper.page.width, paper.page.height) = (21.0, 29.7);
        Some(self.web().print_page(paper).await.expect("the browser prints"))
    }

    /// Switches the scripts of pages that are opened from now on off, or on again. False where the
    /// engine has no way to.
    pub async fn run_no_scripts(&self, none: bool) -> bool {
        if self.engine != Engine::Chromium {
            return false;
        }
        self.is_changed();
        let off = json!({ "value": none });
        let told = self.web().cdp().send_raw("Emulation.setScriptExecutionDisabled", off).await;
        told.expect("the browser takes it");
        true
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        self.web().current_url().await.map(String::from).unwrap_or_default()
    }

    /// The same, where it may fail.
    pub async fn try_devtools(&self, command: &str, with: Value) -> WebDriverResult<Value> {
        self.is_changed();
        self.web().cdp().send_raw(command, with).await
    }

    /// Writes what is on the screen to `target/journeys/NAME.png`.
    pub async fn screenshot(&self, name: &str) -> Option<PathBuf> {
        let web = lock(&self.session).as_ref()?.web.clone();
        // A page that is stuck may never be painted again.
        let picture = timeout(Duration::from_secs(10), web.screenshot_as_png()).await.ok()?.ok()?;
        let folder = pictures();
        fs::create_dir_all(&folder).ok()?;
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, picture).ok()?;
        Some(file)
    }

    /// What can be read on the page, if it answers: for whoever looks into a journey that failed.
    pub async fn words(&self) -> Option<String> {
        lock(&self.session).as_ref()?;
        let script = "return [document, ...all('*').map((it) => it.shadowRoot)].filter(Boolean)
            .map((root) => [...(root.body ?? root).children].map((it) => it.innerText).join(' ')).join(' ')";
        let words =
            timeout(Duration::from_secs(10), self.js(script, Value::Null)).await.ok()?.ok()?;
        words.as_str().map(str::to_owned)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let session = mem::take(&mut *lock(&self.session));
        if let (Some(session), Some(profile), false) =
            (session, self.profile.take(), self.changed.load(Ordering::Relaxed))
        {
            idle::give(self.engine, idle::Kept { session, profile, used: self.used });
        }
    }
}

fn whole_script(script: &str) -> String {
    format!("const args = arguments[0];\n{FINDERS}\n{script}")
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
        && value.as_str() != Some("")
        && value.as_i64() != Some(0)
}

/// Beside the tests' own folder, in Cargo's target folder.
pub fn pictures() -> PathBuf {
    let tests = env::current_exe().unwrap_or_default();
    let target = tests.ancestors().find(|folder| folder.join(".rustc_info.json").is_file());
    target.map_or_else(env::temp_dir, PathBuf::from).join("journeys")
}
