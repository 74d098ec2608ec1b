//! The page can be kept on the phone: what the browser offers waits until it is wanted, and is never in the
//! way of the form.

use eform_journeys::{
    axe::assert_accessible, cable::Mode, form::Form, journeys, sample::Sample, stage::Stage,
};
use serde_json::{Value, json};

use crate::{FORM, accessible::has_theme, address, open, sample};

/// As Chrome offers it; a driver has nothing to say yes with.
pub const OFFER: &str = "
  const offer = new Event('beforeinstallprompt', { cancelable: true });
  offer.prompt = () => { window.asked = (window.asked ?? 0) + 1; return Promise.resolve({ outcome: args }); };
  dispatchEvent(offer);
  return offer.defaultPrevented";

const OFFERED: &str = "return all('[data-action=install]').some(visible)";

async fn it_is_offered_beside_my_submissions_and_asked_once(stage: &Stage) {
    stage.browser.open(&format!("{}/?lang=en", stage.cable.origin())).await;
    stage.browser.text("h1").await;
    let kept = stage.browser.ask(OFFER, json!("accepted")).await;
    assert_eq!(kept, json!(true), "the browser's own bar stays away");
    stage.browser.wait_until("the offer", OFFERED, json!(null)).await;
    assert_accessible(&stage.browser, "the page can be kept").await;
    has_theme(stage, "dark").await;
    assert_accessible(&stage.browser, "the page can be kept, in the dark").await;
    stage.browser.tap("[data-action=install]").await;
    stage.browser.wait_until("it is kept", "return all('[data-part=install]').find(visible)?.innerText.includes('on this phone now')", json!(null)).await;
    assert_eq!(stage.browser.ask("return window.asked", json!(null)).await, 1);
    assert_eq!(stage.browser.count("[data-action=install]").await, 0);
}

async fn it_is_offered_where_what_waits_may_be_wiped(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    // Long before there is anything to show it with.
    stage.browser.ask(OFFER, json!("dismissed")).await;
    form.fill_in().await;
    assert_eq!(stage.browser.count("[data-part=install]").await, 0, "it is in the way");
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    let told = "
      return (async () => {
        const keeps = await navigator.storage?.persisted?.();
        return keeps || all('[data-action=install]').some(visible);
      })()";
    stage.browser.wait_until("the offer", told, json!(null)).await;
    if stage.browser.count("[data-action=install]").await == 0 {
        return;
    }
    stage.browser.tap("[data-action=install]").await;
    let gone = "return all('[data-part=install]').length === 0 && window.asked === 1";
    stage.browser.wait_until("no means no", gone, json!(null)).await;
}

/// As browsers of iOS say that they were not opened from the home screen.
const IOS: &str = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false, configurable: true });";

async fn where_the_browser_offers_nothing_its_menu_is_told_of(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    stage.browser.ask(IOS, json!(null)).await;
    // Chromium may have offered it already.
    let none = "Object.defineProperty(window, 'eformInstall', { get: () => undefined, set() {} })";
    stage.browser.ask(none, json!(null)).await;
    form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    form.leave_by("mine").await;
    stage.browser.text("[data-part=install]").await;
    form.says("หน้าจอโฮม").await;
    assert_accessible(&stage.browser, "how to keep it by the menu").await;
    form.turn_language().await;
    form.says("Add to Home Screen").await;
}

/// Its manifest is the page's own affair, if it has one.
async fn another_page_is_left_alone(stage: &Stage) {
    let page = format!(
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>An agency's own page</title>
         <script type='module' src='e-form.js'></script><e-form src='forms/{FORM}.json'></e-form>"
    );
    stage.agency.write("page.html", &page);
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
    let sample: Sample = sample();
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    stage.browser.ask(IOS, json!(null)).await;
    let kept = stage.browser.ask(OFFER, json!("accepted")).await;
    assert_eq!(kept, json!(false), "the browser shows what it wants");
    form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    form.leave_by("mine").await;
    assert_eq!(stage.browser.count("[data-part=install]").await, 0);
}

/// What is said of an icon is true, and the browser finds nothing missing.
async fn the_manifest_says_what_is_there(stage: &Stage) {
    stage.browser.open(&address(stage)).await;
    let script = "
      return (async () => {
        const link = document.querySelector('link[rel=manifest]');
        const manifest = await (await fetch(link.href)).json();
        const icons = manifest.icons.map(async ({ src, sizes, type }) => {
          const response = await fetch(new URL(src, link.href));
          const blob = await response.blob();
          if (type !== 'image/png') return [src, response.ok && blob.type.startsWith(type)];
          const { width, height } = await createImageBitmap(blob);
          return [src, blob.type === type && sizes === `${width}x${height}`];
        });
        return { manifest, icons: await Promise.all(icons) };
      })()";
    let told: Value = stage.browser.ask(script, json!(null)).await;
    let manifest = &told["manifest"];
    for (member, value) in [("start_url", "./"), ("scope", "./"), ("display", "standalone")] {
        assert_eq!(manifest[member], value, "{member}");
    }
    assert!(manifest["id"].is_string() && manifest["name_localized"]["en"].is_string());
    let icons = manifest["icons"].as_array().map_or(&[][..], Vec::as_slice);
    let is_there = |sizes: &str, purpose: &str| {
        icons.iter().any(|icon| icon["sizes"] == sizes && icon["purpose"] == purpose)
    };
    assert!(is_there("192x192", "any") && is_there("512x512", "any"));
    assert!(is_there("512x512", "maskable") && is_there("any", "any"));
    for icon in told["icons"].as_array().into_iter().flatten() {
        assert_eq!(icon[1], json!(true), "{icon}");
    }
}

/// What the browser itself makes of it.
async fn chromium_finds_it_installable(stage: &Stage) {
    stage.browser.open(&address(stage)).await;
    crate::is_ready_for_no_signal(&stage.browser).await;
    let manifest = stage.browser.devtools("Page.getAppManifest", json!({})).await;
    assert_eq!(manifest["errors"], json!([]), "{manifest}");
    let lacking = stage.browser.devtools("Page.getInstallabilityErrors", json!({})).await;
    assert_eq!(lacking["installabilityErrors"], json!([]), "{lacking}");
}

journeys!(
    it_is_offered_beside_my_submissions_and_asked_once,
    it_is_offered_where_what_waits_may_be_wiped,
    where_the_browser_offers_nothing_its_menu_is_told_of,
    another_page_is_left_alone,
    the_manifest_says_what_is_there,
);
journeys!(chromium alone: chromium_finds_it_installable);
