//! One `PUT` by `fetch`, and its whole reply as data. What it means is decided in
//! [`crate::protocol`].

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    NoAnswer, Reply, Request, js,
    protocol::{REPLY_LIMIT, timeout_ms},
};

/// Sends, and reads the reply to its end, within the request's time.
pub async fn send(request: &Request<'_>) -> Result<Reply, NoAnswer> {
    let controller = js::AbortController::new();
    let limit = i32::try_from(timeout_ms(request.body.len())).unwrap_or(i32::MAX);
    let timer = js::set_timeout(&controller.abort().bind0(&controller), limit);
    let reply = exchange(request, &controller.signal()).await;
    js::clear_timeout(&timer);
    let aborted = js::member(&controller.signal(), "aborted").is_truthy();
    reply.map_err(|_| if aborted { NoAnswer::Timeout } else { NoAnswer::Network })
}

async fn exchange(request: &Request<'_>, signal: &JsValue) -> Result<Reply, JsValue> {
    let [a, b, c] = &request.headers;
    let headers =
        js::object(&[(a.0, &(&a.1).into()), (b.0, &(&b.1).into()), (c.0, &(&c.1).into())]);
    let init = js::object(&[
        ("method", &"PUT".into()),
        ("headers", &headers),
        ("body", &request.body.into()),
        ("cache", &"no-store".into()),
        ("credentials", &"same-origin".into()),
        ("redirect", &"manual".into()),
        ("signal", signal),
    ]);
    let response: js::Response =
        JsFuture::from(js::fetch(&request.url, &init)?).await?.unchecked_into();
    let headers = response.headers();
    Ok(Reply {
        status: response.status(),
        redirected: response.redirected() || response.kind() == "opaqueredirect",
        content_type: headers.get("content-type").unwrap_or_default(),
        retry_after: headers.get("retry-after"),
        date: headers.get("date"),
        body: text(&response).await?,
    })
}

/// The body as text; nothing when it is too long to be an answer of ours.
async fn text(response: &js::Response) -> Result<String, JsValue> {
    let mut bytes = Vec::new();
    if let Some(stream) = response.body() {
        let reader = stream.get_reader()?;
        loop {
            let step = JsFuture::from(reader.read()?).await?;
            if js::member(&step, "done").is_truthy() {
                break;
            }
            let chunk: Uint8Array = js::member(&step, "value").unchecked_into();
            if bytes.len() + chunk.length() as usize > REPLY_LIMIT {
                return Ok(String::new());
            }
            bytes.extend(chunk.to_vec());
        }
    }
    Ok(String::from_utf8(bytes).unwrap_or_default())
}
