//! Where a journey takes place: an agency, a cable and a browser, all fresh; and what is done when
//! the journey ends, well or badly.

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::OnceLock,
    time::{Duration, Instant},
};

use tokio::runtime::{self, Runtime};

use crate::{agency::Agency, browser::Browser, cable::Cable, engine::Engine};

/// A journey that takes longer has got stuck somewhere.
const LONGEST: Duration = Duration::from_secs(150);

/// The agency, the cable, the browser.
pub struct Stage {
    pub browser: Browser,
    pub cable: Cable,
    pub agency: Agency,
}

/// Plays one journey in one engine.
///
/// Where the engine is not installed the journey is skipped and says so; on a build server, where
/// `CI` is set, that is a failure.
pub fn play(engine: Engine, name: &str, journey: impl AsyncFn(&Stage)) {
    play_on(engine, name, Agency::start, journey);
}

/// As [`play`], without the kit: the harness proves itself on pages of its own.
pub fn rehearse(engine: Engine, name: &str, journey: impl AsyncFn(&Stage)) {
    play_on(engine, name, Agency::start_empty, journey);
}

fn play_on(engine: Engine, name: &str, agency: fn() -> Agency, journey: impl AsyncFn(&Stage)) {
    let missing = engine.missing();
    if !missing.is_empty() {
        assert!(env::var_os("CI").is_none(), "{engine} needs {}", missing.join(" and "));
        println!("skipped: {engine} needs {}", missing.join(" and "));
        return;
    }
    // One for all, since browsers go from journey to journey with the connections to their drivers.
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().build().expect("a runtime")
    });
    let stage = runtime.block_on(async {
        let agency = agency();
        let cable = Cable::to(agency.address());
        Stage { browser: Browser::start(engine).await, cable, agency }
    });
    let begin = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let journey = tokio::time::timeout(LONGEST, journey(&stage)).await;
            assert!(journey.is_ok(), "stuck for {} s", LONGEST.as_secs());
        });
    }));
    println!("{name} in {engine}: {:.1} s", begin.elapsed().as_secs_f32());
    if let Err(panic) = result {
        stage.browser.is_changed();
        if let Some(file) = runtime.block_on(stage.browser.screenshot(&format!("{name}-{engine}")))
        {
            println!("the screen at the end: {}", file.display());
        }
        if let Some(words) = runtime.block_on(stage.browser.words()) {
            println!("the page says: {words}");
        }
        println!("the cable saw: {:#?}", stage.cable.requests("PUT"));
        runtime.block_on(async { drop(stage) });
        resume_unwind(panic);
    }
    runtime.block_on(async { drop(stage) });
}

/// Makes each journey a test in each engine: `journeys![a, b]` in module `m` makes
/// `m::chromium::a`, `m::firefox::a`, and so on. `journeys![chromium alone: a]` is for what no other
/// engine can be made to do.
#[macro_export]
macro_rules! journeys {
    (chromium alone: $($name:ident),* $(,)?) => {
        $crate::journeys!(@ play, chromium_alone, Chromium, $($name),*);
    };
    ($($name:ident),* $(,)?) => { $crate::journeys!(play: $($name),*); };
    ($how:ident: $($name:ident),*) => {
        $crate::journeys!(@ $how, chromium, Chromium, $($name),*);
        $crate::journeys!(@ $how, firefox, Firefox, $($name),*);
        $crate::journeys!(@ $how, webkit, WebKit, $($name),*);
    };
    (@ $how:ident, $module:ident, $engine:ident, $($name:ident),*) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    $crate::stage::$how($crate::engine::Engine::$engine, stringify!($name), super::$name);
                }
            )*
        }
    };
}
