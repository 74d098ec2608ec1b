//! On the narrowest screen, also with the text spacing that WCAG 2.2 asks a page to bear (1.4.12),
//! nothing is cut and nothing must be scrolled sideways (1.4.10): with marks above and below the
//! letters, as Thai stacks them, and from right to left.

use eform_guide::gallery::{Sheet, State};
use eform_journeys::{form::Form, journeys, sample::Sample, sheet, stage::Stage};
use serde_json::{Value, json};

use crate::{sample, way};

const WIDTH: u32 = 320;

/// Marks as high above and as far below the line as Thai has them.
const STACKS: &str = "ปี่ ญู้ ฎุ ฐู่ น้ำ ที่";

/// What is wrong with what is on the screen.
const CUT: &str = r"
  const wrong = [];
  const page = document.body;
  const root = document.documentElement;
  const width = Math.max(page.scrollWidth, root.scrollWidth > root.clientWidth ? root.scrollWidth : 0);
  if (width > page.clientWidth) wrong.push(`the page is ${width} wide`);
  const [left, right] = [page.getBoundingClientRect().left - 1, page.getBoundingClientRect().right + 1];
  for (const one of all('h1, h2, h3, p, label, legend, button, summary, a, dt, dd, li').filter(visible)) {
    if (one.matches('.unseen, .bar')) continue;
    const [look, place] = [getComputedStyle(one), one.getBoundingClientRect()];
    const name = `${one.localName} «${one.innerText}»`;
    const clips = look.overflowY !== 'visible' || one.matches('button');
    if (clips && one.scrollHeight > one.clientHeight + 1) wrong.push(`${name} is cut`);
    if (place.left < left || place.right > right) wrong.push(`${name} sticks out`);
    const least = args.spaced || one.matches('button, h1, h2, h3, .title, .agency, .number') ? 1.4 : 1.6;
    if (parseFloat(look.lineHeight) / parseFloat(look.fontSize) < least) {
      wrong.push(`${name} has lines ${look.lineHeight} high at ${look.fontSize}`);
    }
  }
  for (const one of all('input, select, textarea, output, fieldset, table, img, canvas, svg').filter(visible)) {
    const place = one.getBoundingClientRect();
    if (place.left < left || place.right > right) wrong.push(`${one.localName} ${one.id} sticks out`);
  }
  return wrong;
";

/// Paragraph spacing is the margin below; the rest is as in the criterion.
const SPACING: &str = r"
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { letter-spacing: 0.12em !important; line-height: 1.5 !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }
  `);
  for (const { shadowRoot } of all('e-form')) {
    shadowRoot.laidOutWith ??= [...shadowRoot.adoptedStyleSheets];
    shadowRoot.adoptedStyleSheets = args ? [...shadowRoot.laidOutWith, sheet] : shadowRoot.laidOutWith;
  }
";

pub async fn nothing_is_cut(stage: &Stage, state: &str) {
    for spaced in [false, true] {
        stage.browser.ask(SPACING, json!(spaced)).await;
        let wrong = stage.browser.ask(CUT, json!({ "spaced": spaced })).await;
        let engine = stage.browser.engine();
        assert_eq!(wrong, json!([]), "{state} in {engine}, spaced: {spaced}");
    }
    stage.browser.ask(SPACING, json!(false)).await;
}

/// Where a window cannot be made so narrow, as in Firefox, its page is. Of what the form does for narrow
/// windows, only that buttons take a whole line is missing there.
async fn open_narrow<'a>(stage: &'a Stage, sample: &'a Sample, language: &str) -> Form<'a> {
    let id = sample.id();
    stage.agency.write(&format!("forms/{id}.json"), &sample.definition().to_string());
    stage.agency.start_again();
    stage.browser.set_width(WIDTH).await;
    let address = format!("{}/?form={id}&lang={language}", stage.cable.origin());
    stage.browser.open(&address).await;
    make_narrow(stage).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

async fn make_narrow(stage: &Stage) {
    let width = "document.body.style.width = `${args}px`; return innerWidth < 768";
    assert_eq!(stage.browser.ask(width, json!(WIDTH)).await, json!(true));
}

async fn every_screen(stage: &Stage, form: &Form<'_>) {
    for page in 1.. {
        if form.shows("submit").await {
            break;
        }
        form.press("continue").await;
        stage.browser.text("[data-eform=error-summary]").await;
        nothing_is_cut(stage, &format!("page {page}, with errors")).await;
        form.answer_screen().await;
        nothing_is_cut(stage, &format!("page {page}, filled in")).await;
        form.go_on().await;
    }
    nothing_is_cut(stage, "check your answers").await;
    form.press("submit").await;
    form.becomes("received").await;
    nothing_is_cut(stage, "received").await;
    form.leave_by("mine").await;
    nothing_is_cut(stage, "my submissions").await;
}

async fn nothing_is_cut_at_320_pixels(stage: &Stage) {
    let mut definition = sample().renamed("narrow").definition().clone();
    let page = &mut definition["pages"][0];
    page["title"]["th"] = json!(STACKS);
    page["fields"][0]["label"]["th"] = json!(STACKS);
    page["fields"][0]["options"][0]["label"]["th"] = json!(format!("{STACKS} {STACKS} {STACKS}"));
    let sample = Sample::new(definition);
    let form = open_narrow(stage, &sample, "th").await;
    every_screen(stage, &form).await;
}

/// Words of Arabic forms: «name», «address», «number of the identity card», …
const ARABIC: [&str; 8] =
    ["الاسم", "العنوان", "رقم", "البطاقة", "الشخصية", "تاريخ", "الميلاد", "المسجلة"];

/// Puts as many Arabic words in place of each text's own.
fn in_arabic(value: &mut Value, at: &mut usize) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "ar" => {
                        let words = text.split_whitespace().map(|_| {
                            *at += 1;
                            ARABIC[*at % ARABIC.len()]
                        });
                        *text = words.collect::<Vec<_>>().join(" ");
                    }
                    _ => in_arabic(member, at),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| in_arabic(item, at)),
        _ => {}
    }
}

async fn from_right_to_left_nothing_is_cut(stage: &Stage) {
    let text = sample().renamed("arabic").definition().to_string();
    let text = text.replace("\"en\":", "\"ar\":").replace("\"en\"", "\"ar\"");
    let mut definition: Value = serde_json::from_str(&text).expect("it is JSON as before");
    in_arabic(&mut definition, &mut 0);
    let sample = Sample::new(definition);
    let form = open_narrow(stage, &sample, "ar").await;
    let sides = "
      const style = (selector) => getComputedStyle(all(selector).find(visible));
      const [root, step] = [style('.e-form'), style('.step')];
      return [root.direction, step.marginLeft === '0px', style('.agency').textAlign];
    ";
    let sides = stage.browser.ask(sides, json!(null)).await;
    assert_eq!(sides, json!(["rtl", true, "start"]));
    every_screen(stage, &form).await;
}

/// The page before the first, the list of parts, and the receipt with its answers; for one device of
/// many people, too.
/// Goes the whole way of a form with a start page, and looks at each screen that is no page of it.
async fn from_the_start_to_the_receipt(form: &Form<'_>, look: impl AsyncFn(&str)) {
    look("the start page").await;
    let before = form.screen().await;
    form.press("start").await;
    form.turns_from(&before).await;
    let before = form.screen().await;
    form.press("tasks").await;
    form.turns_from(&before).await;
    look("all parts").await;
    form.press("back").await;
    form.fill_in().await;
    look("the check with a declaration").await;
    form.press("submit").await;
    form.becomes("received").await;
    look("the receipt with its answers").await;
}

async fn the_way_through_a_long_form_is_not_cut(stage: &Stage) {
    let mut definition = way::sample().renamed("stacks").definition().clone();
    definition["title"]["th"] = json!(STACKS);
    definition["start"]["ready"][0]["th"] = json!([STACKS, STACKS].concat());
    definition["pages"][1]["title"]["th"] = json!([STACKS, STACKS].join(" "));
    definition["declaration"]["th"] = json!(STACKS);
    let sample = Sample::new(definition);
    let form = open_narrow(stage, &sample, "th&assisted=30").await;
    from_the_start_to_the_receipt(&form, async |screen| nothing_is_cut(stage, screen).await).await;
}

async fn no_type_of_field_is_cut_at_320_pixels(stage: &Stage) {
    stage.browser.set_width(WIDTH).await;
    every_state(stage).await;
}

/// A window of 1280 by 800 pixels then has room for 320 by 200.
async fn no_type_of_field_is_cut_at_400_percent(stage: &Stage) {
    stage.browser.set_screen(WIDTH, 200, 4).await;
    every_state(stage).await;
}

async fn every_state(stage: &Stage) {
    for state in State::ALL {
        let sheet = Sheet::of_types(state);
        sheet::open(stage, &sheet, "th").await;
        make_narrow(stage).await;
        nothing_is_cut(stage, &sheet.id).await;
    }
}

/// What only some forms have: rows as cards, a removal, a table question by question.
async fn cards_and_the_questions_of_a_table_are_not_cut(stage: &Stage) {
    let text = |id: &str| json!({ "id": id, "type": "text", "label": STACKS });
    let questions = ["a", "b", "c"].map(text);
    let option = |value: &str| json!({ "value": value, "label": STACKS });
    let (scale, question) = (["a", "b"].map(option), json!({ "id": "q", "label": STACKS }));
    let sample = Sample::new(json!({
        "id": "cards", "version": "1", "title": STACKS, "languages": ["th"],
        "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": STACKS, "fields": [
            { "id": "rows", "type": "repeat", "label": STACKS, "rowTitle": format!("{STACKS} {{n}}"),
              "min": 1, "fields": questions },
            { "id": "table", "type": "matrix", "label": STACKS, "scale": scale, "rows": [question] },
            { "id": "day", "type": "partial-date", "label": STACKS }
        ] }]
    }));
    let form = open_narrow(stage, &sample, "th").await;
    form.act("rows-0-a", STACKS).await;
    form.act("rows", "+").await;
    form.act("rows-1-b", "ตำบลที่ยาวมากจนต้องขึ้นบรรทัดใหม่ในกรอบ").await;
    nothing_is_cut(stage, "a card and an open row").await;
    form.press("done-row").await;
    form.press("remove-row").await;
    form.act("day.unknown", "month").await;
    nothing_is_cut(stage, "asked whether to remove").await;
    form.press("remove-row-sure").await;
    nothing_is_cut(stage, "removed").await;
    form.press("next-question").await;
    nothing_is_cut(stage, "what was answered in a table").await;
}

/// What is tapped and is smaller than 44 by 44 pixels, of what the fingers of old hands must hit. Of
/// radio buttons and check boxes the label is tapped. Links in running text are as high as their line.
const SMALL: &str = r"
  const tapped = (one) => (one.matches('[type=radio], [type=checkbox]') ? one.labels[0] ?? one : one);
  const isInText = (one) =>
    one.matches('a') && [...one.parentNode.childNodes].some((beside) => beside.nodeType === 3 && beside.data.trim() !== '');
  const controls = all('a[href], button, summary, input, select, textarea, canvas');
  const targets = new Set(controls.filter((one) => !isInText(one)).map(tapped).filter(visible));
  const wrong = [];
  for (const one of targets) {
    const { width, height } = one.getBoundingClientRect();
    if (width < 44 || height < 44) wrong.push(`${one.localName} «${one.innerText || one.name}» is ${width} × ${height}`);
  }
  return targets.size > 0 ? wrong : ['there is nothing to tap'];
";

async fn fingers_hit(stage: &Stage, state: &str) {
    stage.browser.lay_out_all().await;
    assert_eq!(stage.browser.ask(SMALL, json!(null)).await, json!([]), "{state}");
}

async fn fingers_hit_every_type_of_field(stage: &Stage) {
    stage.browser.set_width(360).await;
    for state in State::ALL {
        let sheet = Sheet::of_types(state);
        sheet::open(stage, &sheet, "th").await;
        fingers_hit(stage, &sheet.id).await;
    }
}

async fn fingers_hit_everything_on_the_way(stage: &Stage) {
    stage.browser.set_width(360).await;
    stage.browser.open(&format!("{}/", stage.cable.origin())).await;
    stage.browser.text("h1").await;
    fingers_hit(stage, "the list of services").await;
    let sample = way::sample();
    let form = open_narrow(stage, &sample, "th").await;
    stage.browser.set_width(360).await;
    stage.browser.ask("document.body.style.width = ''", json!(null)).await;
    from_the_start_to_the_receipt(&form, async |screen| fingers_hit(stage, screen).await).await;
    form.leave_by("mine").await;
    fingers_hit(stage, "my submissions").await;
}

journeys!(
    nothing_is_cut_at_320_pixels,
    from_right_to_left_nothing_is_cut,
    the_way_through_a_long_form_is_not_cut,
    no_type_of_field_is_cut_at_320_pixels,
    cards_and_the_questions_of_a_table_are_not_cut,
);
journeys!(
    chromium alone:
    no_type_of_field_is_cut_at_400_percent,
    fingers_hit_every_type_of_field,
    fingers_hit_everything_on_the_way,
);
