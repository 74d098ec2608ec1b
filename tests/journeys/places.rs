//! An address by search, in one box, or by hand where the list of places cannot be had.

use std::fs;

use eform_journeys::{axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};
use thirtyfour::Key;

fn form_with_an_address() -> Sample {
    Sample::new(json!({
        "id": "places", "version": "1", "title": { "th": "ที่อยู่", "en": "Address" },
        "languages": ["th", "en"], "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": { "th": "หน้า", "en": "Page" }, "fields": [
            { "id": "address", "type": "thai-address", "label": { "th": "ที่อยู่", "en": "Address" } }
        ] }]
    }))
}

async fn open<'a>(stage: &'a Stage, sample: &'a Sample, language: &str) -> Form<'a> {
    stage.agency.write("forms/places.json", &sample.definition().to_string());
    // The agency takes only the forms that it knows.
    stage.agency.start_again();
    let address = format!("{}/?form=places&lang={language}", stage.cable.origin());
    stage.browser.open(&address).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

/// The search box.
const BOX: &str = "[role=combobox]";

/// What is shown: the places found, where the arrows are among them, what is in the box and in the
/// lists, and whether all is as ARIA has it.
const SHOWN: &str = "
  const [box] = all('[role=combobox]').filter(visible);
  const options = all('[role=option]').filter(visible);
  const active = box.getAttribute('aria-activedescendant');
  const part = (name) => all(`[data-part=${name}]`)[0]?.value ?? null;
  const right = box.getAttribute('aria-expanded') === String(options.length > 0)
    && options.every((option) => option.getAttribute('aria-selected') === String(option.id === active))
    && options.every((option) => option.getBoundingClientRect().height >= 44)
    && (options.length === 0 || options[0].parentElement.id === box.getAttribute('aria-controls'))
    && document.documentElement.scrollWidth <= innerWidth;
  return [{
    options: options.map((option) => option.textContent), typed: box.value, right,
    at: options.findIndex((option) => option.id === active), focus: focused() === box,
    chosen: ['province', 'district', 'subdistrict', 'postcode'].map(part),
  }];
";

/// Waits until what is shown has this.
async fn shows(stage: &Stage, what: &str, wanted: &str, args: Value) -> Value {
    let script = format!(
        "const shown = (() => {{ {SHOWN} }})()[0]; return shown.right && ({wanted}) && [shown]"
    );
    stage.browser.wait_until(what, &script, args).await[0].take()
}

async fn search(stage: &Stage, text: &str) {
    stage.browser.type_into("the search", "return all(args).find(visible)", json!(BOX), text).await;
}

async fn says(stage: &Stage, words: &str) {
    let said = "return all('.search [role=status]')[0].textContent.includes(args)";
    stage.browser.wait_until(words, said, json!(words)).await;
}

async fn a_place_is_found_by_a_part_of_its_name(stage: &Stage) {
    let sample = form_with_an_address();
    let form = open(stage, &sample, "th").await;
    search(stage, "ต้นเปา สัน").await;
    let first = "shown.options[0] === args";
    let place = json!("ตำบลต้นเปา › อำเภอสันกำแพง › เชียงใหม่ 50130");
    shows(stage, "the place", first, place).await;
    says(stage, "พบ 1 แห่ง").await;
    assert_accessible(&stage.browser, "with the list open").await;

    stage.browser.press(Key::Escape).await;
    shows(stage, "the list closed", "shown.options.length === 0 && shown.typed", json!(null)).await;
    stage.browser.press(Key::Escape).await;
    shows(stage, "the box empty", "shown.typed === ''", json!(null)).await;

    search(stage, "ต้นเปา").await;
    shows(stage, "the place again", "shown.options.length > 0 && shown.at === -1", json!(null))
        .await;
    stage.browser.press(Key::Down).await;
    shows(stage, "the first of them", "shown.at === 0 && shown.focus", json!(null)).await;
    stage.browser.press(Key::Enter).await;
    let chosen = "JSON.stringify(shown.chosen) === JSON.stringify(args) && shown.typed === ''";
    let codes = json!(["50", "5013", "501312", "50130"]);
    shows(stage, "the lists", &format!("{chosen} && shown.focus"), codes.clone()).await;
    says(stage, "เลือกแล้ว: ตำบลต้นเปา อำเภอสันกำแพง จังหวัดเชียงใหม่").await;

    form.press("language").await;
    shows(stage, "the same in English", chosen, codes).await;
    form.enter("address", Some("house"), "27/1").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows("places");
    let mut answer = rows[0].submission["answers"]["address"].clone();
    assert!(answer["data"].take().is_string(), "the version of the list");
    let expected = json!({
        "house": "27/1", "postcode": "50130", "data": null,
        "subdistrict": { "code": "501312", "name": "ต้นเปา" },
        "district": { "code": "5013", "name": "สันกำแพง" },
        "province": { "code": "50", "name": "เชียงใหม่" },
    });
    assert_eq!(answer, expected);
}

async fn a_place_is_found_by_its_postcode(stage: &Stage) {
    let sample = form_with_an_address();
    let form = open(stage, &sample, "en").await;
    form.enter("address", Some("house"), "99/1").await;

    // The only one is chosen by Enter alone; of its two postcodes the person chooses.
    search(stage, "mueang kao sukhothai").await;
    shows(stage, "the only place", "shown.options.length === 1", json!(null)).await;
    stage.browser.press(Key::Enter).await;
    shows(stage, "no postcode yet", "shown.chosen[2] && shown.chosen[3] === ''", json!(null)).await;
    says(stage, "Chosen: Mueang Kao, Mueang Sukhothai, Sukhothai. Please choose its postcode")
        .await;
    assert_eq!(stage.browser.count("select[data-part=postcode]").await, 1);

    search(stage, "๑๐๓๐๐").await;
    let found = "shown.options.length > 3
        && shown.options.every((option) => /^.+ › .+ › Bangkok .*10300/.test(option))";
    shows(stage, "the places of a postcode", found, json!(null)).await;
    stage.browser.press(Key::Up).await;
    shows(stage, "the last", "shown.at === shown.options.length - 1", json!(null)).await;
    stage.browser.press(Key::Down).await;
    shows(stage, "the first", "shown.at === 0", json!(null)).await;
    stage.browser.tap("[role=option]:nth-child(2)").await;
    let chosen = "shown.options.length === 0 && shown.chosen[0] === '10' && shown.chosen[2].length === 6 && shown.typed === ''";
    shows(stage, "the place chosen", chosen, json!(null)).await;

    // Nothing that is typed here is an answer, and where nothing is found the lists are there.
    search(stage, "qqqq").await;
    says(stage, "Nothing found.").await;
    shows(stage, "no list", "shown.options.length === 0", json!(null)).await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let row = stage.agency.rows("places")[0].submission.to_string();
    assert!(row.contains("\"code\":\"10\"") && !row.contains("qqqq"), "{row}");
}

async fn places_are_typed_where_the_list_cannot_be_had(stage: &Stage) {
    for file in fs::read_dir(stage.agency.site().join("data")).expect("the kit has lists") {
        fs::remove_file(file.unwrap().path()).expect("a file of the site");
    }
    let sample = form_with_an_address();
    open(stage, &sample, "en").await;
    let by_hand = "return !!document.querySelector('e-form').shadowRoot.querySelector('input[data-part=subdistrict]')";
    stage.browser.wait_until("boxes for places", by_hand, json!(null)).await;
    assert_eq!(stage.browser.count(BOX).await, 0);
    let asked = "const asked = () => performance.getEntriesByType('resource')
        .filter((entry) => entry.name.includes('data/areas.')).length;
        return new Promise((resolve) => setTimeout(() => resolve([asked()]), 1000))";
    let asked = stage.browser.wait_until("a second", asked, json!(null)).await;
    // The service worker may ask for it again as it fills its store.
    assert!(asked[0].as_u64().unwrap() <= 2, "{asked}");
}

journeys!(
    a_place_is_found_by_a_part_of_its_name,
    a_place_is_found_by_its_postcode,
    places_are_typed_where_the_list_cannot_be_had,
);
