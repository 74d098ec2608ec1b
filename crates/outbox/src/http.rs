//! One request by `fetch`, and its whole reply as data. What it means is decided in
//! [`crate::protocol`] and [`crate::uploads`].

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    NoAnswer, Record, Reply, Request, Tus, Upload, js,
    protocol::{self, REPLY_LIMIT, timeout_ms},
    uploads::{self, Step},
};

/// Sends a submission.
pub async fn send(request: &Request<'_>) -> Result<Reply, NoAnswer> {
    let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let init = init(request.method, headers, &request.body.into(), request.credentials);
    answer(&request.url, &init, request.body.len()).await
}

/// Takes a step about a file of `record`. `body` is what is appended.
pub async fn upload(
    step: Step,
    upload: &Upload,
    record: &Record,
    body: Option<&Uint8Array>,
) -> Result<Reply, NoAnswer> {
    let method = match step {
        Step::Announce => "POST",
        Step::Look | Step::Done => "HEAD",
        Step::Append(_) => "PATCH",
    };
    let headers = uploads::headers(step, upload, record);
    let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let bytes = body.map_or(0, |body| body.length() as usize);
    let body = body.map_or(JsValue::UNDEFINED, JsValue::from);
    let url = upload.address.as_deref().unwrap_or(&record.uploads_url);
    let init = init(method, headers, &body, protocol::credentials(record));
    answer(url, &init, bytes).await
}

fn init<'a>(
    method: &str,
    headers: impl Iterator<Item = (&'static str, &'a str)>,
    body: &JsValue,
    credentials: &str,
) -> JsValue {
    let all = Object::new();
    for (name, value) in headers {
        // Setting a member of a new plain object cannot fail.
        let _ = Reflect::set(&all, &name.into(), &value.into());
    }
    js::object(&[
        ("method", &method.into()),
        ("headers", &all),
        ("body", body),
        ("cache", &"no-store".into()),
        ("credentials", &credentials.into()),
        ("redirect", &"manual".into()),
    ])
}

/// Sends, and reads the reply to its end, within the time that so many bytes may take.
async fn answer(url: &str, init: &JsValue, bytes: usize) -> Result<Reply, NoAnswer> {
    let controller = js::AbortController::new();
    // As above.
    let _ = Reflect::set(init, &"signal".into(), &controller.signal());
    let limit = i32::try_from(timeout_ms(bytes)).unwrap_or(i32::MAX);
    let timer = js::set_timeout(&controller.abort().bind0(&controller), limit);
    let reply = exchange(url, init).await;
    js::clear_timeout(&timer);
    let aborted = js::member(&controller.signal(), "aborted").is_truthy();
    reply.map_err(|_| if aborted { NoAnswer::Timeout } else { NoAnswer::Network })
}

async fn exchange(url: &str, init: &JsValue) -> Result<Reply, JsValue> {
    let response: js::Response = JsFuture::from(js::fetch(url, init)?).await?.unchecked_into();
    let headers = response.headers();
    let tus = headers.get("tus-resumable").map(|_| Tus {
        location: headers.get("location"),
        offset: headers.get("upload-offset").and_then(|offset| offset.parse().ok()),
        digest: headers.get("repr-digest"),
    });
    Ok(Reply {
        status: response.status(),
        redirected: response.redirected() || response.kind() == "opaqueredirect",
        content_type: headers.get("content-type").unwrap_or_default(),
        retry_after: headers.get("retry-after"),
        date: headers.get("date"),
        body: text(&response).await?,
        tus,
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
