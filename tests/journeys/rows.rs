//! Rows of a repeat: a card for each that is filled in, one that is being filled in, what was taken
//! away and comes back with its files, and hundreds of them.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

use crate::photographs::write;
use crate::views::{becomes, open};

/// What is on the screen of rows: each by its name, open or closed.
const ROWS: &str = "[...root.querySelectorAll('.row-of, .of-row')].map((row) =>
  `${row.matches('.row-of') ? 'open' : 'card'} ${row.querySelector('legend, .name').textContent}`)";

/// What the cards say.
const FACTS: &str = "[...root.querySelectorAll('.of-row .facts')].map((facts) =>
  [...facts.children].map((fact) => [...fact.children].map((it) => it.textContent).join('=')).join(' '))";

fn text(id: &str, required: bool) -> Value {
    json!({ "id": id, "type": "text", "label": id, "required": required })
}

fn plots(more: Value) -> Value {
    let mut list = json!({
        "id": "plots", "type": "repeat", "rowTitle": "Plot {n}", "min": 1,
        "fields": [
            text("deed", true),
            { "id": "rai", "type": "number", "label": "rai", "max": 50 },
            { "id": "crops", "type": "repeat", "label": "Crops", "rowTitle": "Crop {n}", "fields": [
                text("kind", true),
                text("variety", false),
                text("note", false)
            ] }
        ]
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        list[name] = value.clone();
    }
    list
}

async fn has_focus(stage: &Stage, selector: &str) {
    becomes(stage, &format!("root.activeElement?.matches('{selector}')"), json!(true)).await;
}

fn row(at: usize) -> String {
    format!("[data-field=plots-{at}]")
}

async fn tap(stage: &Stage, at: usize, action: &str) {
    stage.browser.tap(&format!("{} > .row-actions [data-action={action}]", row(at))).await;
}

async fn a_row_becomes_a_card_and_opens_again(stage: &Stage) {
    let sample = open(stage, json!([plots(json!({}))])).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, ROWS, json!(["open Plot 1"])).await;
    // What is wrong is shown, and the row stays open.
    tap(stage, 0, "done-row").await;
    has_focus(stage, "#f-plots-0-deed[aria-invalid=true]").await;
    form.act("plots-0-deed", "NS4").await;
    form.act("plots-0-rai", "12").await;
    form.act("plots-0-crops", "+").await;
    has_focus(stage, "#f-plots-0-crops-0").await;
    form.act("plots-0-crops-0-kind", "Rice").await;
    form.act("plots-0-crops", "+").await;
    becomes(stage, ROWS, json!(["open Plot 1", "card Crop 1", "open Crop 2"])).await;
    form.act("plots-0-crops-1-kind", "Mango").await;
    assert_accessible(&stage.browser, "a card in an open row").await;

    // Another row closes the one that is right, with all in it.
    form.act("plots", "+").await;
    has_focus(stage, "#f-plots-1").await;
    becomes(stage, ROWS, json!(["card Plot 1", "open Plot 2"])).await;
    becomes(stage, FACTS, json!(["deed=NS4 rai=12 Crops=2 rows"])).await;
    form.act("plots-1-deed", "Chanote").await;
    form.act("plots-1-rai", "60").await;
    tap(stage, 1, "done-row").await;
    has_focus(stage, "#f-plots-1-rai[aria-invalid=true]").await;
    form.act("plots-1-rai", "6").await;
    tap(stage, 1, "done-row").await;
    has_focus(stage, "#f-plots-1.of-row").await;
    becomes(stage, ROWS, json!(["card Plot 1", "card Plot 2"])).await;
    assert_accessible(&stage.browser, "cards").await;

    tap(stage, 0, "change-row").await;
    has_focus(stage, "#f-plots-0").await;
    // Of what is in it, all that is filled in is closed.
    becomes(stage, ROWS, json!(["open Plot 1", "card Crop 1", "card Crop 2", "card Plot 2"])).await;
    form.press("continue").await;
    let crops = json!([{ "kind": "Rice" }, { "kind": "Mango" }]);
    let answers =
        json!([{ "deed": "NS4", "rai": 12, "crops": crops }, { "deed": "Chanote", "rai": 6 }]);
    sends(stage, &form, answers).await;
}

/// Sends the form; the agency has these rows.
async fn sends(stage: &Stage, form: &Form<'_>, plots: Value) {
    stage.agency.start_again();
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows("views")[0].submission["answers"]["plots"], plots);
}

async fn what_was_taken_away_comes_back_where_it_was(stage: &Stage) {
    let sample = open(stage, json!([plots(json!({}))])).await;
    let form = Form::on(&stage.browser, &sample);
    for (at, deed) in ["A", "B", "C"].into_iter().enumerate() {
        if at > 0 {
            form.act("plots", "+").await;
        }
        form.act(&format!("plots-{at}-deed"), deed).await;
    }
    form.act("plots-2-crops", "+").await;
    form.act("plots-2-crops-0-kind", "Rice").await;
    tap(stage, 2, "done-row").await;
    let deeds = "[...root.querySelectorAll('.of-row dd:first-of-type')].map((it) => it.textContent)
        .filter((it) => it.length === 1)";
    becomes(stage, deeds, json!(["A", "B", "C"])).await;

    // Asked once; «keep it» leaves all as it is.
    tap(stage, 1, "remove-row").await;
    has_focus(stage, "[data-action=remove-row-sure]").await;
    assert_accessible(&stage.browser, "asked whether to remove").await;
    tap(stage, 1, "keep-row").await;
    has_focus(stage, "[data-action=remove-row]").await;
    becomes(stage, deeds, json!(["A", "B", "C"])).await;

    for at in [1, 2, 0] {
        tap(stage, at, "remove-row").await;
        tap(stage, at, "remove-row-sure").await;
        has_focus(stage, "[data-action=undo-remove]").await;
        becomes(stage, "root.querySelectorAll('.of-row').length", json!(2)).await;
        let said = "root.querySelector('.repeat > [role=status]').textContent";
        becomes(stage, said, json!(format!("Removed “Plot {}”", at + 1))).await;
        assert_accessible(&stage.browser, "a row was removed").await;
        form.press("undo-remove").await;
        has_focus(stage, &format!("#f-plots-{at}.of-row")).await;
        becomes(stage, deeds, json!(["A", "B", "C"])).await;
        becomes(stage, said, json!(format!("“Plot {}” is back", at + 1))).await;
    }
    // The undo of one is gone with the next change.
    tap(stage, 0, "remove-row").await;
    tap(stage, 0, "remove-row-sure").await;
    form.act("plots", "+").await;
    becomes(stage, "root.querySelectorAll('[data-action=undo-remove]').length", json!(0)).await;
    form.act("plots-2-deed", "D").await;
    form.press("continue").await;
    let answers =
        json!([{ "deed": "B" }, { "deed": "C", "crops": [{ "kind": "Rice" }] }, { "deed": "D" }]);
    sends(stage, &form, answers).await;
}

async fn the_focus_stays_with_the_row_around_the_others(stage: &Stage) {
    let sample = open(stage, json!([plots(json!({}))])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("plots", "+").await;
    form.act("plots-1-deed", "B").await;
    form.act("plots-0-deed", "A").await;
    for at in 0..2 {
        form.act("plots-0-crops", "+").await;
        form.act(&format!("plots-0-crops-{at}-kind"), "Rice").await;
    }
    becomes(stage, ROWS, json!(["open Plot 1", "card Crop 1", "open Crop 2", "open Plot 2"])).await;
    // Rows of its own stand before its buttons.
    let own = "[data-field=plots-0] > .row-actions *";
    tap(stage, 0, "remove-row").await;
    has_focus(stage, &format!("{own}[data-action=remove-row-sure]")).await;
    tap(stage, 0, "keep-row").await;
    has_focus(stage, &format!("{own}[data-action=remove-row]")).await;

    // As does what can be undone in it.
    let crop = "[data-field=plots-0-crops-0] > .row-actions [data-action=remove-row";
    stage.browser.tap(&format!("{crop}]")).await;
    stage.browser.tap(&format!("{crop}-sure]")).await;
    has_focus(stage, "#f-plots-0-crops--undo").await;
    tap(stage, 1, "remove-row").await;
    tap(stage, 1, "remove-row-sure").await;
    has_focus(stage, "#f-plots--undo").await;
    becomes(stage, "root.querySelectorAll('[data-action=undo-remove]').length", json!(2)).await;
    stage.browser.tap("#f-plots--undo").await;
    has_focus(stage, "#f-plots-1").await;
    stage.browser.tap("#f-plots-0-crops--undo").await;
    has_focus(stage, "#f-plots-0-crops-0").await;
}

async fn what_is_there_by_default_is_nobodys_answer(stage: &Stage) {
    let country =
        json!({ "id": "country", "type": "text", "label": "country", "default": "Thailand" });
    let fields = json!([country, text("city", false), text("street", false)]);
    let list = json!({ "id": "plots", "type": "repeat", "rowTitle": "Home {n}", "min": 1, "fields": fields });
    let sample = open(stage, json!([list])).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, ROWS, json!(["open Home 1"])).await;
    form.act("plots", "+").await;
    becomes(stage, ROWS, json!(["open Home 1", "open Home 2"])).await;
    // There is nothing to lose, so nothing is asked.
    tap(stage, 1, "remove-row").await;
    becomes(stage, ROWS, json!(["open Home 1"])).await;
    form.act("plots-0-city", "Tak").await;
    form.act("plots", "+").await;
    becomes(stage, ROWS, json!(["card Home 1", "open Home 2"])).await;
}

async fn a_mistake_leads_into_a_closed_row(stage: &Stage) {
    let check = json!([{
        "assert": { "!=": [{ "var": "plots.0.deed" }, { "var": "plots.1.deed" }] },
        "message": "The same deed twice"
    }]);
    let all =
        json!({ "id": "all", "type": "text", "required": true, "default": "x", "checks": check });
    // So many before it that the list is not drawn with the beginning of the page.
    let before = (0..12).map(|at| text(&format!("before{at}"), false));
    let fields: Vec<Value> = before.chain([plots(json!({})), all]).collect();
    let sample = open(stage, json!(fields)).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("plots-0-deed", "A").await;
    form.act("plots-0-crops", "+").await;
    form.act("plots-0-crops-0-kind", "Rice").await;
    form.act("plots", "+").await;
    becomes(stage, ROWS, json!(["card Plot 1", "open Plot 2"])).await;
    form.press("continue").await;
    let listed =
        "[...root.querySelectorAll('[data-eform=error-summary] li')].map((one) => one.textContent)";
    becomes(stage, listed, json!(["Plot 2: Enter “deed”"])).await;
    form.act("plots-1-deed", "A").await;
    form.press("continue").await;
    becomes(stage, listed, json!(["The same deed twice"])).await;
    // What is right is closed by «continue», and the mistake is elsewhere.
    becomes(stage, ROWS, json!(["card Plot 1", "card Plot 2"])).await;
    form.act("all", "").await;
    tap(stage, 1, "change-row").await;
    form.act("plots-1-deed", "B").await;
    form.press("continue").await;
    becomes(stage, listed, json!(["Enter “all”"])).await;
    form.act("all", "y").await;
    form.press("continue").await;
    // From the check of the answers straight into a closed row in a closed row.
    let change = "[...root.querySelectorAll('[data-eform=change]')].find((it) => it.closest('[data-field=kind]'))";
    becomes(stage, &format!("({change}.click(), 1)"), json!(1)).await;
    has_focus(stage, "#f-plots-0-crops-0-kind").await;
}

async fn two_hundred_rows_draw_the_controls_of_the_open_ones(stage: &Stage) {
    let number = |at: usize| json!({ "id": format!("n{at}"), "type": "number", "label": "N", "default": at });
    let fields: Vec<Value> = (0..10).map(number).collect();
    let list = json!({ "id": "plots", "type": "repeat", "rowTitle": "Plot {n}", "min": 1, "fields": fields });
    let sample = open(stage, json!([list])).await;
    let form = Form::on(&stage.browser, &sample);
    let cards = "root.querySelectorAll('.of-row').length";
    let controls = "root.querySelectorAll('input, select, textarea').length";
    // What is there by default has been looked at by nobody: the row is open.
    becomes(stage, controls, json!(10)).await;
    becomes(stage, cards, json!(0)).await;
    let fill = "const root = document.querySelector('e-form').shadowRoot;
        const drawn = async (row) => {
          for (;;) {
            const box = root.querySelector(`#f-plots-${row}-n0`);
            if (box) return box;
            await new Promise(requestAnimationFrame);
          }
        };
        return (async () => {
          for (let row = 0; row < 200; row += 1) {
            if (row > 0) root.querySelector('[data-action=add-row]').click();
            const box = await drawn(row);
            box.value = row;
            box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
          }
          return [true];
        })()";
    stage.browser.ask(fill, json!(null)).await;
    becomes(stage, cards, json!(199)).await;
    becomes(stage, controls, json!(10)).await;
    tap(stage, 199, "done-row").await;
    becomes(stage, cards, json!(200)).await;
    becomes(stage, controls, json!(0)).await;
    tap(stage, 120, "change-row").await;
    has_focus(stage, "#f-plots-120").await;
    becomes(stage, controls, json!(10)).await;
    form.act("plots", "+").await;
    has_focus(stage, "#f-plots-200").await;
    becomes(stage, controls, json!(10)).await;
    becomes(stage, cards, json!(200)).await;
}

async fn rows_of_two_questions_are_not_closed(stage: &Stage) {
    let plain =
        json!({ "id": "plots", "type": "repeat", "fields": [text("a", true), text("b", false)] });
    let sample = open(stage, json!([plain])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("plots", "+").await;
    form.act("plots-0-a", "1").await;
    form.act("plots", "+").await;
    becomes(stage, ROWS, json!(["open plots 1", "open plots 2"])).await;
    becomes(stage, "root.querySelectorAll('[data-action=done-row]').length", json!(0)).await;
    // A row with nothing in it goes without being asked about.
    tap(stage, 1, "remove-row").await;
    becomes(stage, ROWS, json!(["open plots 1"])).await;
    tap(stage, 0, "remove-row").await;
    tap(stage, 0, "remove-row-sure").await;
    form.press("undo-remove").await;
    becomes(stage, "root.querySelector('#f-plots-0-a').value", json!("1")).await;
}

/// A list whose rows have files.
async fn open_with_files(stage: &Stage) -> Sample {
    let files = json!({ "id": "map", "type": "attachment", "label": "map", "max": 2 });
    let list = json!({
        "id": "plots", "type": "repeat", "rowTitle": "Plot {n}", "min": 1,
        "fields": [text("deed", false), files]
    });
    open(stage, json!([list])).await
}

async fn attach(stage: &Stage, at: usize, folder: &tempfile::TempDir, name: &str) {
    let file = write(folder, name, name.as_bytes());
    stage.browser.choose_files(&format!("input[name=plots-{at}-map]"), &[file]).await;
}

/// Attaches a file, and waits until it is in the draft that is kept.
async fn attached(
    stage: &Stage,
    form: &Form<'_>,
    at: usize,
    folder: &tempfile::TempDir,
    name: &str,
) {
    attach(stage, at, folder, name).await;
    let said = format!("root.querySelector('{} [role=status]:not(.unseen)').textContent", row(at));
    becomes(stage, &said, json!(format!("Attached: {name}"))).await;
    form.says("Draft saved on this phone").await;
}

async fn take_away(stage: &Stage, at: usize) {
    tap(stage, at, "remove-row").await;
    tap(stage, at, "remove-row-sure").await;
    has_focus(stage, "[data-action=undo-remove]").await;
}

/// Waits until so many files are beside the draft.
async fn beside_the_draft(stage: &Stage, count: usize) {
    // Their pieces have keys of three lines.
    let script = "
      const isFile = (row) => JSON.parse(row).key.split('\\n').length === 2;
      return kept('files').then((rows) => rows.filter(isFile).length === args)";
    stage.browser.wait_until(&format!("{count} files"), script, json!(count)).await;
}

/// Sends the form; the agency has these files.
async fn sends_files(stage: &Stage, form: &Form<'_>, expected: &[&str]) {
    stage.agency.start_again();
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let files = stage.agency.files("views");
    let files: Vec<&[u8]> = files.values().map(Vec::as_slice).collect();
    let expected: Vec<&[u8]> = expected.iter().map(|file| file.as_bytes()).collect();
    assert_eq!(files, expected);
}

async fn a_row_comes_back_with_its_files(stage: &Stage) {
    let (sample, folder) = (open_with_files(stage).await, tempfile::tempdir().unwrap());
    let form = Form::on(&stage.browser, &sample);
    attached(stage, &form, 0, &folder, "a.pdf").await;
    form.act("plots", "+").await;
    // The same in another row: it is kept once.
    attached(stage, &form, 1, &folder, "a.pdf").await;
    attached(stage, &form, 1, &folder, "b.pdf").await;
    beside_the_draft(stage, 2).await;
    take_away(stage, 0).await;
    // Taken out of the row that is left, and the one that may come back names it still.
    stage.browser.tap(&format!("{} [data-action=remove-file]", row(0))).await;
    form.says("Removed: a.pdf").await;
    form.press("undo-remove").await;
    has_focus(stage, "#f-plots-0").await;
    let listed = "[...root.querySelectorAll('.files li > span')].map((it) => it.textContent)";
    becomes(stage, listed, json!(["a.pdf (1 KB)", "b.pdf (1 KB)"])).await;
    becomes(stage, "root.querySelectorAll('.row-of .found').length", json!(0)).await;
    sends_files(stage, &form, &["a.pdf", "b.pdf"]).await;
}

async fn files_of_a_row_go_when_it_can_come_back_no_more(stage: &Stage) {
    let (sample, folder) = (open_with_files(stage).await, tempfile::tempdir().unwrap());
    let form = Form::on(&stage.browser, &sample);
    for (at, name) in ["a.pdf", "b.pdf", "c.pdf", "d.pdf"].into_iter().enumerate() {
        if at > 0 {
            form.act("plots", "+").await;
        }
        attached(stage, &form, at, &folder, name).await;
    }
    // The last row has the first one's file too.
    attached(stage, &form, 3, &folder, "a.pdf").await;
    beside_the_draft(stage, 4).await;
    take_away(stage, 1).await;
    beside_the_draft(stage, 4).await;
    // The next removal.
    take_away(stage, 0).await;
    beside_the_draft(stage, 3).await;
    // Another row: what a row still has stays.
    form.act("plots", "+").await;
    becomes(stage, "root.querySelectorAll('[data-action=undo-remove]').length", json!(0)).await;
    beside_the_draft(stage, 3).await;
    take_away(stage, 0).await;
    beside_the_draft(stage, 3).await;
    // Another page.
    form.go_to_submit().await;
    beside_the_draft(stage, 2).await;
    sends_files(stage, &form, &["d.pdf", "a.pdf"]).await;
}

async fn a_file_that_was_being_read_when_its_row_went_is_to_be_chosen_again(stage: &Stage) {
    let (sample, folder) = (open_with_files(stage).await, tempfile::tempdir().unwrap());
    let form = Form::on(&stage.browser, &sample);
    attached(stage, &form, 0, &folder, "a.pdf").await;
    let held = "
      const real = Blob.prototype.arrayBuffer;
      const gate = new Promise((done) => { window.goOn = done; });
      Blob.prototype.arrayBuffer = async function () { await gate; return real.call(this); };";
    stage.browser.ask(held, json!(null)).await;
    attach(stage, 0, &folder, "b.pdf").await;
    becomes(stage, "root.querySelectorAll('.files li').length", json!(2)).await;
    take_away(stage, 0).await;
    form.press("undo-remove").await;
    let listed = "[...root.querySelectorAll('.files li > span')].map((it) => it.textContent)";
    becomes(stage, listed, json!(["a.pdf (1 KB)"])).await;
    let told = "root.querySelector('.found.warning').textContent";
    becomes(stage, told, json!("Choose again what had not been read yet: b.pdf")).await;
    let said = "root.querySelector('.repeat > [role=status]').textContent.endsWith(': b.pdf')";
    becomes(stage, said, json!(true)).await;
    assert_accessible(&stage.browser, "a file is to be chosen again").await;
    // It is read all the same, for nobody.
    stage.browser.ask("window.goOn()", json!(null)).await;
    attached(stage, &form, 0, &folder, "c.pdf").await;
    becomes(stage, listed, json!(["a.pdf (1 KB)", "c.pdf (1 KB)"])).await;
    beside_the_draft(stage, 2).await;
    sends_files(stage, &form, &["a.pdf", "c.pdf"]).await;
}

journeys!(
    a_row_comes_back_with_its_files,
    files_of_a_row_go_when_it_can_come_back_no_more,
    a_file_that_was_being_read_when_its_row_went_is_to_be_chosen_again,
    a_row_becomes_a_card_and_opens_again,
    what_was_taken_away_comes_back_where_it_was,
    the_focus_stays_with_the_row_around_the_others,
    what_is_there_by_default_is_nobodys_answer,
    a_mistake_leads_into_a_closed_row,
    two_hundred_rows_draw_the_controls_of_the_open_ones,
    rows_of_two_questions_are_not_closed,
);
