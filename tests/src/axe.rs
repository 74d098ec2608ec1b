//! axe-core, the judge of accessibility that most others are built on, run on what is on the screen.

use std::{env, fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{agency::workspace, browser::Browser};

/// WCAG 2.2 at level AA, with all that it builds on, and what axe-core advises beyond it.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Where `npm` puts it; `None` if it is not installed, which a build server does not accept.
pub fn find() -> Option<PathBuf> {
    let file = workspace().join("node_modules/axe-core/axe.min.js");
    let there = file.is_file();
    assert!(there || env::var_os("CI").is_none(), "axe-core is not installed: run `npm ci`");
    there.then_some(file)
}

/// Finds nothing to complain of on the screen, shadow roots included.
pub async fn assert_accessible(browser: &Browser, state: &str) {
    assert_nothing(browser, state, &RULES, 10).await;
}

/// As [`assert_accessible`], of what depends on colours alone: the same words in other colours.
pub async fn assert_readable(browser: &Browser, state: &str) {
    assert_nothing(browser, state, &["color-contrast", "link-in-text-block"], 0).await;
}

async fn assert_nothing(browser: &Browser, state: &str, rules: &[&str], fewest: u64) {
    let Some(file) = find() else {
        println!("skipped: axe-core is not installed (`npm ci`)");
        return;
    };
    if browser.ask("return typeof window.axe === 'object'", json!(null)).await == json!(false) {
        let source = fs::read_to_string(&file).expect("axe-core is text");
        browser.ask(&format!("{source};\nwindow.axe = axe;"), json!(null)).await;
    }
    browser.lay_out_all().await;
    let run = "return axe.run(document, { runOnly: args }).then(({ violations, passes }) => ({ violations, passed: passes.length }))";
    let result = browser.ask(run, json!(rules)).await;
    assert!(result["passed"].as_u64() > Some(fewest), "{state}: axe-core saw hardly anything");
    let violations = result["violations"].as_array().cloned().unwrap_or_default();
    assert!(violations.is_empty(), "{state} in {}: {}", browser.engine(), readable(&violations));
}

fn readable(violations: &[Value]) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().replace('\n', "\n      ");
    let mut out = String::new();
    for violation in violations {
        out += &format!(
            "\n  {}: {} ({})",
            text(&violation["id"]),
            text(&violation["help"]),
            text(&violation["helpUrl"])
        );
        for node in violation["nodes"].as_array().into_iter().flatten() {
            out +=
                &format!("\n    {}\n      {}", text(&node["html"]), text(&node["failureSummary"]));
        }
    }
    out
}
