//! What is measured: a form, what is done in it, and the rows of the table that come of it.

use serde_json::Value;

use crate::figures::Limit;
use crate::forms;
use crate::phone::{Phone, Result, there_and_back};

/// Of the same form, the plain one or the kit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rival {
    Plain,
    Kit,
}

/// Something that is done in a form.
pub struct Scene {
    pub name: &'static str,
    pub form: fn() -> Value,
    /// How often the form is opened for it, in each of the two.
    pub rounds: usize,
    act: Act,
}

enum Act {
    /// A word is typed into a field and taken away, and then «continue» is tapped.
    Keys { field: &'static str, fields: &'static str },
    /// So many fields are shown and hidden, and so again.
    Switch,
    /// «Continue» leads to the rows.
    Rows,
    /// «Continue» from page to page.
    Turns,
    /// A place is searched for.
    Search,
    /// «Submit».
    Submit,
    /// The form is opened for the first time.
    Cold { fields: &'static str },
}

/// The rows' names, limits and milliseconds.
pub type Times = Vec<(String, Limit, Vec<f64>)>;

const AS_PLAIN: Limit = Limit::Ratio(1.0);

/// The word that is typed: no field depends on it.
const WORD: &str = "สวัสดีครับผม";

const PAGES: usize = 6;
const ROWS: usize = 200;
const SWITCHED: usize = 200;

/// Everything, in the order of the table.
pub const SCENES: &[Scene] = &[
    Scene { name: "60", form: || forms::long(60), rounds: 10, act: keys("f0", "60 fields") },
    Scene { name: "500", form: || forms::long(500), rounds: 7, act: keys("f240", "500 fields") },
    Scene {
        name: "2000",
        form: || forms::long(2_000),
        rounds: 5,
        act: keys("f960", "2,000 fields"),
    },
    Scene {
        name: "rows",
        form: || forms::rows(100),
        rounds: 5,
        act: keys("rows-50-f6", "a repeat of 100 rows of 10"),
    },
    Scene { name: "switch", form: || forms::switch(SWITCHED), rounds: 7, act: Act::Switch },
    Scene { name: "open-rows", form: || forms::rows_behind(ROWS), rounds: 5, act: Act::Rows },
    Scene { name: "turns", form: || forms::pages(PAGES, 10), rounds: 7, act: Act::Turns },
    Scene { name: "search", form: forms::address, rounds: 5, act: Act::Search },
    Scene { name: "submit", form: || forms::pages(1, 10), rounds: 10, act: Act::Submit },
    Scene {
        name: "cold-60",
        form: || forms::long(60),
        rounds: 10,
        act: Act::Cold { fields: "60 fields" },
    },
    Scene {
        name: "cold-2000",
        form: || forms::long(2_000),
        rounds: 5,
        act: Act::Cold { fields: "2,000 fields" },
    },
];

const fn keys(field: &'static str, fields: &'static str) -> Act {
    Act::Keys { field, fields }
}

impl Scene {
    /// The path of the page with the form.
    fn path(&self, rival: Rival) -> String {
        let form = (self.form)();
        let id = form["id"].as_str().unwrap_or_default();
        match rival {
            Rival::Plain => format!("{id}.html"),
            Rival::Kit => format!("?form={id}"),
        }
    }

    /// Plays it once.
    pub async fn play(&self, phone: &Phone, rival: Rival) -> Result<Times> {
        let path = self.path(rival);
        match self.act {
            Act::Keys { field, fields } => {
                phone.open(&path, &format!("[name={field}]")).await?;
                let keys = there_and_back(WORD);
                let typed = phone.type_keys(&format!("[name={field}]"), &keys).await?;
                let shown = vec![phone.time("check()").await?];
                Ok(vec![
                    (format!("a key typed, {fields}"), AS_PLAIN, typed),
                    (format!("all errors shown, {fields}"), AS_PLAIN, shown),
                ])
            }
            Act::Switch => {
                phone.open(&path, "[name=has]").await?;
                let last = format!("f{}", SWITCHED - 2);
                let show = format!("choose(true, '{last}', true)");
                let hide = format!("choose(false, '{last}', false)");
                let first = vec![phone.time(&show).await?];
                let (mut hidden, mut again) = (vec![phone.time(&hide).await?], Vec::new());
                for _ in 0..4 {
                    again.push(phone.time(&show).await?);
                    hidden.push(phone.time(&hide).await?);
                }
                Ok(vec![
                    (format!("{SWITCHED} fields shown, the first time"), AS_PLAIN, first),
                    (format!("{SWITCHED} fields shown again"), AS_PLAIN, again),
                    (format!("{SWITCHED} fields hidden"), AS_PLAIN, hidden),
                ])
            }
            Act::Rows => {
                phone.open(&path, "[name=name]").await?;
                let last = format!("[name=rows-{}-f0]", ROWS - 1);
                let opened = phone.time(&format!("turn('ที่ดิน', '{last}')")).await?;
                Ok(vec![(
                    format!("the repeat of {ROWS} rows of 10 opened"),
                    Limit::None,
                    vec![opened],
                )])
            }
            Act::Turns => {
                phone.open(&path, "[name=f0]").await?;
                let mut turned = Vec::new();
                for page in 1..PAGES {
                    let last = format!("[name=f{}]", page * 10 + 1);
                    let turn = format!("turn('หน้าที่ {}', '{last}')", page + 1);
                    turned.push(phone.time(&turn).await?);
                }
                Ok(vec![(
                    "from «continue» to the next page of 10 fields".to_owned(),
                    Limit::None,
                    turned,
                )])
            }
            Act::Search => {
                let (path, field) = match rival {
                    Rival::Plain => ("bench-search.html", "#search"),
                    Rival::Kit => (path.as_str(), "#f-place-search"),
                };
                phone.open(path, field).await?;
                let typed = phone.type_keys(field, &there_and_back("หนองบัว ขอนแก่น")).await?;
                let name = "a letter in the search for one of 7,436 sub-districts".to_owned();
                Ok(vec![(name, Limit::Milliseconds(50.0), typed)])
            }
            Act::Submit => {
                phone.open(&path, "[name=f0]").await?;
                phone.type_keys("[name=f0]", &there_and_back("สมชาย")[..5]).await?;
                let submitted = match rival {
                    Rival::Plain => phone.time("submit('[data-eform=continue]')").await?,
                    Rival::Kit => {
                        phone.time("turn('ตรวจคำตอบก่อนส่ง', '[data-eform=submit]')").await?;
                        phone.time("submit('[data-eform=submit]')").await?
                    }
                };
                let name = "from «submit» to «saved on this phone»".to_owned();
                Ok(vec![(name, Limit::Milliseconds(300.0), vec![submitted])])
            }
            Act::Cold { fields } => {
                let works = phone.open_cold(&path).await?;
                let limit = if fields == "60 fields" { Limit::Ratio(2.0) } else { Limit::None };
                Ok(vec![(
                    format!("cold start to a working first field, {fields}"),
                    limit,
                    vec![works],
                )])
            }
        }
    }
}
