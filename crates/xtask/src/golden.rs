//! `cargo xtask golden`: what the browser tells and paints now becomes what it is compared with, in
//! `tests/golden` and in the guide, whose pages are then written anew. For whoever means a change:
//! it is looked at in review.

use anyhow::{Result, bail};

use crate::{guide, kit, serve, setup, sh};

/// Builds the kit, plays the journeys that compare, and writes the guide.
pub fn run() -> Result<bool> {
    setup::for_build()?;
    setup::for_browsers()?;
    kit::build(true)?;
    let agency = serve::build_agency(true)?;
    let mut write = sh::cargo();
    write
        .args(["test", "--package", "eform-journeys", "--", "golden::"])
        .env("EFORM_GOLDEN", "write")
        .env("EFORM_DIST", kit::dist())
        .env("EFORM_AGENCY", agency);
    if sh::run(&mut write).is_err() {
        bail!("the browser did not come so far; what was written is what it had");
    }
    guide::run(false)
}
