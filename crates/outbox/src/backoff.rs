//! How long to wait after a try that came to nothing: exponential with jitter, so that the phones
//! of a whole province do not come back in the same second when a mast does.

/// The wait after the first try, in milliseconds, before jitter.
pub const FIRST_MS: i64 = 2_000;
/// The longest wait that the phone chooses by itself, in milliseconds.
pub const LONGEST_MS: i64 = 5 * 60_000;

/// Milliseconds to wait after try number `attempts` (1 is the first): 2 s doubled each time up to
/// five minutes, of which the second half is drawn by `jitter` (0 to 1). Between 1 s and 5 min,
/// never zero.
pub fn wait_ms(attempts: u32, jitter: f64) -> i64 {
    let doublings = attempts.saturating_sub(1).min(16);
    let whole = (FIRST_MS << doublings).min(LONGEST_MS);
    whole / 2 + spread(whole / 2, jitter)
}

/// `jitter` (0 to 1; anything else counts as the nearer end) of `ms`.
pub fn spread(ms: i64, jitter: f64) -> i64 {
    let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let part = (ms as f64 * jitter) as i64;
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes() {
        for (attempts, least, most) in [
            (0, 1_000, 2_000),
            (1, 1_000, 2_000),
            (2, 2_000, 4_000),
            (3, 4_000, 8_000),
            (8, 128_000, 256_000),
            (9, 150_000, 300_000),
            (u32::MAX, 150_000, 300_000),
        ] {
            assert_eq!(wait_ms(attempts, 0.0), least, "after try {attempts}");
            assert_eq!(wait_ms(attempts, 1.0), most, "after try {attempts}");
        }
    }

    #[test]
    fn a_broken_random_number_still_waits() {
        for jitter in [f64::NAN, f64::INFINITY, -1.0, 9.0] {
            assert!((1_000..=300_000).contains(&wait_ms(3, jitter)));
        }
    }
}
