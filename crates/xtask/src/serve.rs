//! `cargo xtask build`: builds the kit and the agency's server. `cargo xtask serve` serves both, too.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{finish, kit, setup, sh};

pub struct Options {
    pub port: u16,
    /// The SQLite file; a relative path is taken from the workspace's root.
    pub db: PathBuf,
    /// Builds everything in debug.
    pub debug: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { port: 8080, db: "data/agency.db".into(), debug: false }
    }
}

pub fn run(options: &Options) -> Result<()> {
    let listen = format!("127.0.0.1:{}", options.port);
    if let Err(error) = TcpListener::bind(&listen) {
        bail!(
            "cannot listen on {listen} ({error}). Stop what is using the port, or choose another: \
             cargo xtask serve --port {}",
            options.port.wrapping_add(1)
        );
    }
    setup::for_build()?;
    kit::build(!options.debug)?;
    let agency = build_agency(!options.debug)?;

    let db = sh::root().join(&options.db);
    if let Some(folder) = db.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut server = Command::new(&agency);
    server
        .current_dir(sh::root())
        .arg("serve")
        .args(["--site".into(), kit::dist()])
        .args(["--forms".into(), kit::dist().join("forms")])
        .args(["--db".into(), db])
        .args(["--listen", &listen]);

    print_addresses(&format!("http://{listen}"), &kit::dist().join("forms"))?;
    sh::announce(&server);
    become_it(server)
}

/// Builds both as an agency runs them, and says where they are.
pub fn build() -> Result<()> {
    setup::for_build()?;
    kit::build(true)?;
    let agency = build_agency(true)?;
    println!("\nthe site:   {}\nthe server: {}", kit::dist().display(), agency.display());
    Ok(())
}

/// Builds the agency's server and says where it is.
pub fn build_agency(release: bool) -> Result<PathBuf> {
    let profile = if release { "release-server" } else { "dev" };
    sh::run(sh::cargo().args(["build", "--package", "eform-agency", "--profile", profile]))?;
    let folder = sh::target_dir().join(if release { "release-server" } else { "debug" });
    Ok(folder.join(format!("eform-agency{}", std::env::consts::EXE_SUFFIX)))
}

fn print_addresses(base: &str, forms: &Path) -> Result<()> {
    println!("\nOpen one of these. Ctrl-C stops the server.\n");
    println!("  {base}/    all services");
    for form in finish::forms(forms)? {
        let id = form["id"].as_str().unwrap_or_default();
        println!("  {base}/?form={id}&lang=en    {}", title(&form["title"]));
    }
    println!();
    Ok(())
}

fn title(text: &Value) -> &str {
    let in_a_language = |language: &str| text[language].as_str();
    text.as_str().or(in_a_language("en")).or(in_a_language("th")).unwrap_or_default()
}

/// The server takes this process's place, so that Ctrl-C and signals reach it and nothing else.
#[cfg(unix)]
fn become_it(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(server.exec()).context("cannot start the agency's server")
}

#[cfg(not(unix))]
fn become_it(mut server: Command) -> Result<()> {
    let status = server.status().context("cannot start the agency's server")?;
    if !status.success() {
        bail!("the agency's server stopped ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::title;
    use serde_json::json;

    #[test]
    fn a_title_is_found_in_any_shape() {
        assert_eq!(title(&json!("Plain")), "Plain");
        assert_eq!(title(&json!({ "th": "ไทย", "en": "English" })), "English");
        assert_eq!(title(&json!({ "th": "ไทย" })), "ไทย");
        assert_eq!(title(&json!(null)), "");
    }
}
