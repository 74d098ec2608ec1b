//! Waiting for a condition, with a deadline. Nothing here waits for a time.

use std::time::{Duration, Instant};

/// How long a condition may take. Generous, since a busy machine is not a bug; a journey that works
/// never waits this long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until the answer is there. Panics with `what` when it never is.
pub async fn wait_for<T>(what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    match wait_at_most(PATIENCE, ask).await {
        Some(answer) => answer,
        None => panic!("waited {} s for: {what}", PATIENCE.as_secs()),
    }
}

/// As [`wait_for`], for at most `patience`; `None` when the time is over.
pub async fn wait_at_most<T>(
    patience: Duration,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> Option<T> {
    let deadline = Instant::now() + patience;
    let mut pause = Duration::from_millis(5);
    loop {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        if Instant::now() > deadline {
            return None;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
