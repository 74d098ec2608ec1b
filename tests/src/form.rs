//! A form on the screen, as a citizen sees it. It is found by what the page promises to tests and
//! host pages: a control's `name` is its field's id, and `data-eform` names the page's own buttons
//! and regions.

use serde_json::{Map, Value, json};

use crate::{
    agency::Row,
    browser::Browser,
    sample::{Entry, Sample},
    wait::{PATIENCE, wait_at_most, wait_for},
};

/// One `<e-form>` on the page that is open in a browser.
pub struct Form<'a> {
    browser: &'a Browser,
    sample: &'a Sample,
    /// A selector of the element.
    host: String,
}

/// A visible control, or a visible group of radio buttons or check boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The field's id.
    pub name: String,
    /// `day`, `month` or `year` of a date.
    pub part: Option<String>,
    /// `text`, `radio`, `checkbox` or `select`.
    pub kind: String,
    /// What is typed; of choices, the values chosen.
    pub value: Value,
}

/// Everything that [`Form`] asks of the page.
const QUESTIONS: &str = include_str!("form.js");

impl<'a> Form<'a> {
    /// The only form on the page.
    pub fn on(browser: &'a Browser, sample: &'a Sample) -> Self {
        Self::in_element(browser, sample, "e-form")
    }

    /// The form in the element that matches `host`.
    pub fn in_element(browser: &'a Browser, sample: &'a Sample, host: &str) -> Self {
        Self { browser, sample, host: host.to_owned() }
    }

    async fn ask(&self, question: &str, args: Value) -> Value {
        let args = json!({ "host": self.host, "with": args });
        self.browser
            .wait_until(
                question,
                &format!("{QUESTIONS}\nreturn isWhole() && [{question}(args.with)]"),
                args,
            )
            .await[0]
            .take()
    }

    async fn tap(&self, question: &str, args: Value) {
        let script = format!("{QUESTIONS}\nreturn {question}(args.with)");
        let what = format!("{question}({args})");
        self.browser.tap_found(&what, &script, json!({ "host": self.host, "with": args })).await;
    }

    /// Waits until there is something to fill in, to check or to read.
    pub async fn is_open(&self) {
        let script = format!("{QUESTIONS}\nreturn isOpen()");
        self.browser.wait_until("the form is open", &script, json!({ "host": self.host })).await;
    }

    /// The visible controls, from top to bottom.
    pub async fn controls(&self) -> Vec<Control> {
        let Value::Array(controls) = self.ask("controls", json!(null)).await else {
            return Vec::new();
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        controls
            .into_iter()
            .map(|control| Control {
                name: text(&control["name"]).unwrap_or_default(),
                part: text(&control["part"]),
                kind: text(&control["kind"]).unwrap_or_default(),
                value: control["value"].clone(),
            })
            .collect()
    }

    /// Which screen this is: headings, controls and buttons, not what is entered.
    pub async fn screen(&self) -> String {
        self.ask("screen", json!(null)).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until another screen than `before` is there.
    pub async fn turns_from(&self, before: &str) -> String {
        let turned = wait_at_most(PATIENCE, async || {
            let now = self.screen().await;
            let settled = now != before && self.screen().await == now;
            settled.then_some(now)
        })
        .await;
        match turned {
            Some(now) => now,
            None => panic!("no other screen than this one comes:\n{}", self.words().await),
        }
    }

    /// Presses a button until another screen is there: a tap right after a receipt is drawn is taken
    /// for one more on «submit».
    pub async fn leave_by(&self, name: &str) {
        let before = self.screen().await;
        wait_for(&format!("another screen by «{name}»"), async || {
            if self.screen().await == before {
                self.press(name).await;
            }
            (self.screen().await != before).then_some(())
        })
        .await;
    }

    /// Whether a button or region of the page is visible.
    pub async fn shows(&self, name: &str) -> bool {
        self.ask("shows", json!(name)).await == json!(true)
    }

    /// All that can be read.
    pub async fn words(&self) -> String {
        self.ask("words", json!(null)).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until these words can be read.
    pub async fn says(&self, words: &str) {
        let script = format!("{QUESTIONS}\nreturn words().includes(args.with)");
        self.browser.wait_until(words, &script, json!({ "host": self.host, "with": words })).await;
    }

    /// Waits until other words than these can be read.
    pub async fn says_otherwise_than(&self, words: &str) {
        let script = format!("{QUESTIONS}\nreturn words() !== args.with");
        self.browser
            .wait_until("other words", &script, json!({ "host": self.host, "with": words }))
            .await;
    }

    /// Waits until these controls hold what they held.
    pub async fn has_entered(&self, controls: &[Control]) {
        let what = format!("{controls:?}");
        wait_for(&what, async || (self.controls().await == controls).then_some(())).await;
    }

    /// Waits until the draft on the phone has these answers, and all that is typed on this screen.
    /// (What the page says about it may be about an earlier key.)
    pub async fn draft_is_kept(&self, answers: &Map<String, Value>) {
        let script = format!("{QUESTIONS}\nreturn draftHolds(args.with)");
        let typed = self.controls().await.into_iter().filter(|control| control.kind == "text");
        let texts: Vec<Value> = typed.map(|control| control.value).collect();
        let with = json!({ "names": answers.keys().collect::<Vec<_>>(), "texts": texts });
        self.browser
            .wait_until("the draft", &script, json!({ "host": self.host, "with": with }))
            .await;
    }

    /// Taps a button that may go away at this moment.
    pub async fn press_if_there(&self, name: &str) {
        let script = format!("{QUESTIONS}\nhook(args.with)?.click(); return [true]");
        self.browser.ask(&script, json!({ "host": self.host, "with": name })).await;
    }

    /// Taps one of the page's own buttons.
    pub async fn press(&self, name: &str) {
        self.tap("hook", json!(name)).await;
    }

    /// Types into a text box, over what was there.
    pub async fn enter(&self, name: &str, part: Option<&str>, text: &str) {
        let with = json!({ "host": self.host, "with": { "name": name, "part": part } });
        let script = format!("{QUESTIONS}\nreturn control(args.with)");
        self.browser.type_into(&format!("field {name}"), &script, with, text).await;
    }

    /// Taps the choice at `index` of a group, or chooses it from a list.
    pub async fn choose(&self, control: &Control, index: usize) {
        let with = json!({ "name": control.name, "part": control.part, "index": index });
        self.choose_what(control, with).await;
    }

    /// The same for the choice of this value.
    pub async fn choose_value(&self, control: &Control, value: &str) {
        let with = json!({ "name": control.name, "part": control.part, "value": value });
        self.choose_what(control, with).await;
    }

    async fn choose_what(&self, control: &Control, with: Value) {
        if control.kind != "select" {
            self.tap("choice", with).await;
            return;
        }
        let script = format!("{QUESTIONS}\nreturn choice(args.with)");
        let what = format!("option {with}");
        self.browser
            .choose_option(&what, &script, json!({ "host": self.host, "with": with }))
            .await;
    }

    /// Does one thing on the screen, as soon as it can be done: types into a box or taps a choice,
    /// named `FIELD` or `FIELD.PART`, and `+` adds a row.
    pub async fn act(&self, name: &str, value: &str) {
        if value == "+" {
            let add = format!("[data-field='{name}'] > [data-action=add-row]");
            return self.browser.tap(&add).await;
        }
        let (field, part) = name.split_once('.').map_or((name, None), |(a, b)| (a, Some(b)));
        let control = wait_for(name, async || {
            let controls = self.controls().await.into_iter();
            let mut same = controls.filter(|it| it.name == field && it.part.as_deref() == part);
            let found = same.next();
            if found.is_none() {
                self.turn_towards(field).await;
            }
            found
        });
        let control = control.await;
        if control.kind == "text" {
            self.enter(field, part, value).await;
        } else {
            self.choose_value(&control, value).await;
        }
    }

    /// Where a table asks one question at a time: goes on to the next, if `control` is one of its
    /// questions and not the one that is shown.
    async fn turn_towards(&self, control: &str) {
        let script = format!("{QUESTIONS}\nnextQuestion(args.with)?.click(); return [true]");
        self.browser.ask(&script, json!({ "host": self.host, "with": control })).await;
    }

    /// Answers the field with its sample value. What is there already is typed over.
    pub async fn answer(&self, name: &str) {
        let controls = self.controls().await;
        for control in controls.iter().filter(|control| control.name == name) {
            self.answer_control(control, &self.sample.entry(name)).await;
        }
    }

    /// Answers one control.
    pub async fn answer_control(&self, control: &Control, entry: &Entry) {
        let (name, part) = (&control.name, control.part.as_deref());
        if control.kind == "text" {
            self.enter(name, part, &entry.text(part)).await;
            return;
        }
        for index in entry.choices(part) {
            self.choose(control, index).await;
        }
    }

    /// Answers every field on this screen that has no answer yet, also those that an answer brings
    /// up, and returns the answers as the agency should get them.
    pub async fn answer_screen(&self) -> Map<String, Value> {
        self.answer_screen_with(&|_| None).await
    }

    async fn answer_screen_with(
        &self,
        other: &impl Fn(&Control) -> Option<Entry>,
    ) -> Map<String, Value> {
        let mut answers = Map::new();
        loop {
            let controls = self.controls().await;
            let Some(next) = controls.iter().find(|control| !answers.contains_key(&control.name))
            else {
                return answers;
            };
            for control in controls.iter().filter(|control| control.name == next.name) {
                let entry = other(control).unwrap_or_else(|| self.sample.entry(&control.name));
                self.answer_control(control, &entry).await;
            }
            answers.insert(next.name.clone(), self.sample.answer(&next.name));
        }
    }

    /// Turns to the other of two languages, and waits until the screen is drawn in it.
    pub async fn turn_language(&self) {
        let script = format!("{QUESTIONS}\nreturn hook('language')?.lang");
        let args = json!({ "host": self.host });
        let other = self.browser.wait_until("the other language", &script, args).await;
        self.press("language").await;
        let script = format!(
            "{QUESTIONS}\nreturn isWhole() && (hook('language')?.lang ?? args.with) !== args.with"
        );
        let args = json!({ "host": self.host, "with": other });
        self.browser.wait_until("the page in the other language", &script, args).await;
    }

    /// «Continue», and the next screen.
    pub async fn go_on(&self) {
        let before = self.screen().await;
        self.press("continue").await;
        self.turns_from(&before).await;
        if self.shows("error-summary").await {
            panic!("«continue» is refused:\n{}", self.words().await);
        }
    }

    /// Fills in everything from this screen to the last, and stops where «submit» is.
    pub async fn fill_in(&self) -> Map<String, Value> {
        self.fill_in_with(|_| None).await
    }

    /// As [`Form::fill_in`], with other things typed where `other` says so: texts by part.
    pub async fn fill_in_with(
        &self,
        other: impl Fn(&Control) -> Option<Entry>,
    ) -> Map<String, Value> {
        let mut answers = Map::new();
        self.is_open().await;
        while !self.shows("submit").await {
            answers.extend(self.answer_screen_with(&other).await);
            self.go_on().await;
        }
        answers
    }

    /// Goes on without entering anything, to where «submit» is.
    pub async fn go_to_submit(&self) {
        self.is_open().await;
        while !self.shows("submit").await {
            self.go_on().await;
        }
    }

    /// Waits until the submission on the screen is in this state.
    pub async fn becomes(&self, state: &str) {
        let script = format!("{QUESTIONS}\nreturn states().includes(args.with)");
        let args = json!({ "host": self.host, "with": state });
        if !self.browser.comes_true(PATIENCE, &script, args).await {
            let kept = self.browser.js("return kept('outbox')", json!(null)).await;
            panic!("never a submission {state}, but:\n{}\n{kept:?}", self.words().await);
        }
    }

    /// Waits until the page says that the submission is on this phone, sent or not.
    pub async fn is_kept(&self) {
        let script = format!("{QUESTIONS}\nreturn states().length > 0");
        self.browser
            .wait_until("«saved on this phone»", &script, json!({ "host": self.host }))
            .await;
    }

    /// The states of the submissions on the screen.
    pub async fn states(&self) -> Vec<String> {
        let states = self.ask("states", json!(null)).await;
        states
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|state| state.as_str().map(str::to_owned))
            .collect()
    }

    /// The reference that the citizen reads.
    pub async fn reference(&self) -> String {
        self.ask("reference", json!(null)).await.as_str().unwrap_or_default().to_owned()
    }

    /// The agency has exactly one row with these answers, and the citizen sees its reference.
    pub async fn is_received_once(&self, rows: &[Row], answers: &Map<String, Value>) {
        assert_eq!(rows.len(), 1, "rows at the agency: {rows:#?}");
        assert_eq!(rows[0].submission["answers"], Value::Object(answers.clone()));
        let shown: String = self.reference().await.split_whitespace().collect();
        assert_eq!(shown, rows[0].receipt["reference"].as_str().unwrap_or_default());
    }
}
