//! The clock and the random numbers of the browser: what the pure code is given.

use js_sys::Date;

use crate::{id::uuid_v7, js, time};

/// Milliseconds since 1970, by the phone's clock.
pub fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation)]
    let now = Date::now() as i64;
    now
}

/// The time as RFC 3339 with the phone's own offset, for `completedAt`.
pub fn now_rfc3339_local() -> String {
    // JavaScript counts minutes west of UTC.
    #[expect(clippy::cast_possible_truncation)]
    let offset = -(Date::new_0().get_timezone_offset() as i32);
    time::rfc3339(now(), offset)
}

/// A new UUIDv7 for a draft and its submission.
pub fn new_id() -> String {
    let mut random = [0; 10];
    js::get_random_values(&mut random);
    uuid_v7(now(), random)
}

/// 32 random bytes, fit for keys.
pub fn random() -> [u8; 32] {
    let mut random = [0; 32];
    js::get_random_values(&mut random);
    random
}

/// A random number from 0 to 1, good enough to spread retries.
pub(crate) fn jitter() -> f64 {
    js_sys::Math::random()
}
