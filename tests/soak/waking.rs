//! The kit's own service worker in a soak: woken as the browser does when there is a network, and stopped
//! as it does when it is short of memory, at moments drawn by chance.

use std::time::Duration;

use eform_journeys::{browser::Browser, cable::Cable};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{chance::Chance, open};

/// Stands before the worker's script, and tells the page what the worker asks of the agency, and when it
/// has done what it was woken for.
pub const TELLS: &str = "
  const soak = new BroadcastChannel('soak');
  const fetchOfItsOwn = self.fetch;
  self.fetch = (address, init) => {
    if (init?.method) soak.postMessage('asks');
    return fetchOfItsOwn(address, init);
  };
  const { waitUntil } = ExtendableEvent.prototype;
  ExtendableEvent.prototype.waitUntil = function (work) {
    if (this.type === 'sync') {
      const done = () => soak.postMessage('done');
      work.then(done, done);
    }
    return waitUntil.call(this, work);
  };
";

/// Who wakes and stops it.
pub struct Waking {
    chance: Chance,
    /// The browser's number of its registration.
    registration: Option<u32>,
    pub woken: u64,
    pub stopped: u64,
    /// How often it asked something of the agency, a file's piece or a submission.
    pub asked: u64,
}

impl Waking {
    pub fn new(seed: u64) -> Self {
        let chance = Chance::new(!seed);
        Self { chance, registration: None, woken: 0, stopped: 0, asked: 0 }
    }

    /// As `spell` in the soak itself, with the worker as one more who sends.
    pub async fn spell(&mut self, browser: &Browser, cable: &Cable, ask: &str) -> Value {
        open(browser, cable).await;
        browser.devtools("ServiceWorker.enable", json!({})).await;
        let play = ask.strip_prefix("return ").expect("it returns what was played");
        let begin = format!(
            "return soak.withWorker().then(() => {{
               {play}.then((told) => (window.told = told), (error) => (window.told = {{ error: `${{error}}` }}));
               return true;
             }})"
        );
        browser.ask(&begin, json!(null)).await;
        let told = loop {
            sleep(Duration::from_millis(20 + self.chance.below(250))).await;
            let look = "
              const { mayBeStopped, isBusy } = soak.worker;
              return window.told ?? [mayBeStopped, isBusy]";
            let told = browser.ask(look, json!(null)).await;
            let Some([may_be_stopped, is_busy]) = told.as_array().map(Vec::as_slice) else {
                break told;
            };
            // In the end all is well.
            if self.chance.percent(70) || *may_be_stopped == json!(false) {
                // A browser wakes it once more when it is done, and not before.
                if *is_busy == json!(false) {
                    browser.ask("soak.worker.isBusy = true", json!(null)).await;
                    self.wake(browser, cable).await;
                }
            } else {
                browser.devtools("ServiceWorker.stopAllWorkers", json!({})).await;
                browser.ask("soak.worker.isBusy = false", json!(null)).await;
                self.stopped += 1;
            }
        };
        assert!(told["error"].is_null(), "{told}");
        let asked = browser.ask("return soak.worker.asked", json!(null)).await;
        self.asked += asked.as_u64().unwrap_or_default();
        told
    }

    async fn wake(&mut self, browser: &Browser, cable: &Cable) {
        // No driver says with which number the browser knows it.
        let numbers = self.registration.map_or(0..32, |number| number..number + 1);
        for number in numbers {
            let event = json!({
                "origin": cable.origin(), "registrationId": number.to_string(),
                "tag": "eform-outbox", "lastChance": false
            });
            if browser.try_devtools("ServiceWorker.dispatchSyncEvent", event).await.is_ok() {
                self.registration = Some(number);
                self.woken += 1;
                return;
            }
        }
        // It was not.
        browser.ask("soak.worker.isBusy = false", json!(null)).await;
    }
}
