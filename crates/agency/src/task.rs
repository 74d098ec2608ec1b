//! Work for a request that goes on when the request is over. It ends when its connection
//! does, at any moment.

use std::future::Future;

use crate::Error;

/// Does the work in a task of its own, and waits for what comes of it. Where nobody waits any more it
/// is done all the same: a transaction that is given up while it begins stays open on the database's
/// connection (sqlx 0.9 with PostgreSQL), and what the next one keeps there would never be committed.
///
/// # Errors
/// Those of the work; [`Error::Panicked`] where it has panicked.
pub(crate) async fn own<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work).await.unwrap_or(Err(Error::Panicked))
}

#[cfg(test)]
mod tests {
    use axum::{
        http::{StatusCode, header},
        response::IntoResponse as _,
    };

    use super::*;

    #[tokio::test]
    async fn a_panic_is_trouble_of_ours_and_to_be_tried_again() {
        let text = "ลับ".to_owned();
        let panicked = own(async move { Ok(text[1..].len()) }).await.unwrap_err();
        assert!(!panicked.to_string().contains("ลับ"));
        let response = panicked.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(headers[header::RETRY_AFTER], "30");
    }
}
