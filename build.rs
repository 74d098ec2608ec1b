//! Prepares a release build for being split in two modules (ARCHITECTURE.md, «Decisions»).

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(split)");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-cfg=split");
        // What refers to what stays in the module; `cargo xtask finish` splits it by that.
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
