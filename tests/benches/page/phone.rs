//! The phone: Chromium with a slow processor, and where asked a slow network. Every form is opened
//! under a host name of its own, so that nothing is known from before: no draft, no cache, no
//! compiled code.

use std::{cell::Cell, net::SocketAddr};

use eform_journeys::{
    browser::Browser,
    engine::Engine,
    wait::{PATIENCE, wait_at_most},
};
use serde_json::{Value, json};

/// How many times slower the processor is.
pub const SLOWER: u32 = 4;

/// Lighthouse's «slow 4G»: milliseconds of latency, and bits in a second down and up.
pub const SLOW_4G: (u32, f64, f64) = (150, 1_638_400.0, 750_000.0);

/// A frame is drawn as soon as there is something to draw, and does not wait for its turn on a
/// screen with 60 in a second: such a wait would be most of what is measured.
const FLAGS: &[&str] = &["--disable-frame-rate-limit", "--disable-gpu-vsync"];

/// What went wrong, in words.
pub type Result<T> = std::result::Result<T, String>;

pub struct Phone {
    browser: Browser,
    server: SocketAddr,
    opened: Cell<u32>,
}

impl Phone {
    pub async fn start(server: SocketAddr) -> Result<Self> {
        let browser = Browser::start_with(Engine::Chromium, FLAGS).await;
        let phone = Self { browser, server, opened: Cell::new(0) };
        let screen = json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true });
        phone.tell("Emulation.setDeviceMetricsOverride", screen).await?;
        phone.tell("Network.enable", json!({})).await?;
        Ok(phone)
    }

    /// Name and version of the browser.
    pub async fn version(&self) -> Result<String> {
        let version = self.tell("Browser.getVersion", json!({})).await?;
        Ok(version["product"].as_str().unwrap_or_default().replace('/', " "))
    }

    /// Today by its clock, as in 2026-11-20.
    pub async fn today(&self) -> Result<String> {
        let today = self.ask("return new Date().toISOString().slice(0, 10)").await?;
        Ok(today.as_str().unwrap_or_default().to_owned())
    }

    /// Opens a page that is not measured, waits until `field` is there and nothing is left to do,
    /// and slows down.
    pub async fn open(&self, path: &str, field: &str) -> Result<()> {
        self.slow_down(1).await?;
        self.go(path).await;
        self.until(&format!("return window.bench.shows({})", json!(field))).await?;
        self.ask("return window.bench.settled()").await?;
        self.slow_down(SLOWER).await
    }

    /// Opens a page over a slow network. Milliseconds until its first field works.
    pub async fn open_cold(&self, path: &str) -> Result<f64> {
        self.slow_down(SLOWER).await?;
        let (latency, down, up) = SLOW_4G;
        let network = |latency: f64, down: f64, up: f64| json!({ "offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up });
        let slow = network(latency.into(), down / 8.0, up / 8.0);
        self.tell("Network.emulateNetworkConditions", slow).await?;
        let look = json!({ "source": include_str!("first-field.js") });
        let look = self.tell("Page.addScriptToEvaluateOnNewDocument", look).await?;
        self.go(path).await;
        let works = self.until("return window.worksSince").await;
        self.tell("Page.removeScriptToEvaluateOnNewDocument", look).await?;
        self.tell("Network.emulateNetworkConditions", network(0.0, -1.0, -1.0)).await?;
        works?.as_f64().ok_or_else(|| "no time".to_owned())
    }

    async fn go(&self, path: &str) {
        self.opened.set(self.opened.get() + 1);
        let (name, port) = (self.opened.get(), self.server.port());
        self.browser.open(&format!("http://phone-{name}.localhost:{port}/{path}")).await;
    }

    async fn slow_down(&self, times: u32) -> Result<()> {
        self.tell("Emulation.setCPUThrottlingRate", json!({ "rate": times })).await.map(|_| ())
    }

    /// Types into what has the focus, each letter once the one before has been drawn. Milliseconds
    /// from each key to the end of the frame that shows it.
    pub async fn type_keys(&self, field: &str, keys: &[Key]) -> Result<Vec<f64>> {
        self.ask(&format!("window.bench.focus({})", json!(field))).await?;
        self.ask("window.bench.keys.length = 0").await?;
        for (typed, key) in keys.iter().enumerate() {
            let down = match key {
                Key::Letter(letter) => json!({ "type": "keyDown", "key": letter, "text": letter }),
                Key::Backspace => json!({
                    "type": "keyDown", "key": "Backspace", "code": "Backspace", "windowsVirtualKeyCode": 8
                }),
            };
            self.tell("Input.dispatchKeyEvent", down.clone()).await?;
            let mut up = down;
            up["type"] = "keyUp".into();
            up["text"] = Value::Null;
            if let Some(up) = up.as_object_mut() {
                up.remove("text");
            }
            self.tell("Input.dispatchKeyEvent", up).await?;
            self.until(&format!("return window.bench.keys.length > {typed}")).await?;
        }
        numbers(&self.ask("return window.bench.keys").await?)
    }

    /// Milliseconds that something takes: a call of what is in `measure.js`.
    pub async fn time(&self, call: &str) -> Result<f64> {
        let took = self.ask(&format!("return window.bench.{call}")).await?;
        took.as_f64().ok_or_else(|| format!("{call}: {took}"))
    }

    async fn ask(&self, script: &str) -> Result<Value> {
        let script = format!("{}\n{script}", include_str!("measure.js"));
        self.browser.js(&script, Value::Null).await.map_err(|error| error.to_string())
    }

    /// Asks until the answer is true or a number.
    async fn until(&self, script: &str) -> Result<Value> {
        let yes = |answer: &Value| answer.is_number() || *answer == Value::Bool(true);
        wait_at_most(PATIENCE, async || self.ask(script).await.ok().filter(yes))
            .await
            .ok_or_else(|| format!("waited {} s for: {script}", PATIENCE.as_secs()))
    }

    async fn tell(&self, command: &str, with: Value) -> Result<Value> {
        let told = self.browser.try_devtools(command, with).await;
        told.map_err(|error| format!("{command}: {error}"))
    }
}

#[derive(Clone, Copy)]
pub enum Key {
    Letter(char),
    Backspace,
}

/// The keys of a word, and of taking it away again.
pub fn there_and_back(word: &str) -> Vec<Key> {
    let letters = word.chars().map(Key::Letter);
    letters.chain(word.chars().map(|_| Key::Backspace)).collect()
}

fn numbers(value: &Value) -> Result<Vec<f64>> {
    let numbers = value.as_array().into_iter().flatten().filter_map(Value::as_f64);
    let numbers: Vec<f64> = numbers.collect();
    if numbers.is_empty() { Err(format!("no times: {value}")) } else { Ok(numbers) }
}
