//! JSON bodies.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_path_to_error::Segment;

use super::body::Limit;
use super::echo::{push_key, tame};
use crate::problem::{Problem, at_pointer};

/// A JSON body of a known form.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (_, value) = read(request, Limit::JSON).await?;
        Ok(Self(value))
    }
}

/// A JSON body that may list thousands of users.
#[derive(Debug)]
pub(crate) struct LargeJson<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for LargeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (_, value) = read(request, Limit::JSON_LIST).await?;
        Ok(Self(value))
    }
}

/// The bytes of a body and what they say.
pub(super) async fn read<T: DeserializeOwned>(
    request: Request,
    limit: Limit,
) -> Result<(Bytes, T), Problem> {
    check_media_type(request.headers())?;
    let (parts, body) = request.into_parts();
    let bytes = limit.read(&parts.headers, body).await?;
    let value = parse(&bytes)?;
    Ok((bytes, value))
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get(CONTENT_TYPE)
        .map(axum::http::HeaderValue::as_bytes);
    if given.is_some_and(is_json) {
        return Ok(());
    }
    let detail = "the body must be JSON, with the header content-type: application/json";
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        wire::codes::UNSUPPORTED_MEDIA_TYPE,
        detail,
    ))
}

fn is_json(media_type: &[u8]) -> bool {
    let name = media_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    name.eq_ignore_ascii_case(b"application/json")
        || (name.len() > 17
            && name[..12].eq_ignore_ascii_case(b"application/")
            && name[name.len() - 5..].eq_ignore_ascii_case(b"+json"))
}

/// What the bytes say, or exactly what is wrong with them.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        broken(format!(
            "the body is not valid UTF-8: byte {} is not part of a character",
            at + 1
        ))
    })?;
    // A derived reader would also take a list of the fields' values.
    if let Some(what) = no_object(text)
        && serde_json::from_str::<IgnoredAny>(text).is_ok()
    {
        let detail = format!("the body is {what}; an object is expected, as in {{\"name\": …}}");
        return Err(Problem::invalid_field("", detail));
    }
    serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))
}

/// What a body is that begins as no object does.
fn no_object(text: &str) -> Option<&'static str> {
    Some(match text.trim_start().as_bytes().first()? {
        b'[' => "a list",
        b'n' => "null",
        b'"' => "a text",
        b't' | b'f' => "true or false",
        b'-' | b'0'..=b'9' => "a number",
        _ => return None,
    })
}

/// Off the fast path: reads a refused body once more to learn where in it the fault is.
fn explain<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> Problem {
    match error.classify() {
        // A word of a fixed set that is no text is a syntax error to the parser, and no other is one here.
        _ if serde_json::from_str::<IgnoredAny>(text).is_ok() => {
            let mut reader = serde_json::Deserializer::from_str(text);
            let found: Result<T, _> = serde_path_to_error::deserialize(&mut reader);
            let mut pointer = String::new();
            if let Err(found) = &found {
                for segment in found.path() {
                    match segment {
                        Segment::Seq { index } => push_key(&mut pointer, &index.to_string()),
                        Segment::Map { key } => push_key(&mut pointer, key),
                        Segment::Enum { .. } | Segment::Unknown => {}
                    }
                }
            }
            let mut detail = error.to_string();
            if let Some(place) = detail.strip_prefix("expected value ") {
                detail = format!("one of the documented words is expected {place}");
            }
            if let Some(missing) = missing_field(&detail) {
                push_key(&mut pointer, missing);
            }
            Problem::invalid(vec![at_pointer(
                pointer,
                wire::codes::INVALID_REQUEST,
                tame(&detail),
            )])
        }
        Category::Eof if text.trim().is_empty() => broken("the body is empty; JSON is expected"),
        Category::Eof => broken(format!("the JSON ends too early: {error}")),
        Category::Syntax | Category::Data | Category::Io => {
            broken(format!("the body is not valid JSON: {error}"))
        }
    }
}

fn broken(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, wire::codes::INVALID_JSON, detail)
}

fn missing_field(detail: &str) -> Option<&str> {
    detail.strip_prefix("missing field `")?.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form matters")]
    struct Order {
        user: String,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form matters")]
    struct Line {
        seats: u32,
    }

    fn fault(body: &str) -> (String, String, String) {
        let problem = parse::<Order>(body.as_bytes()).unwrap_err();
        let items = problem.items();
        let pointer = items.first().and_then(|item| item.pointer.clone());
        (
            problem.code().to_owned(),
            pointer.unwrap_or_default(),
            problem.detail().to_owned(),
        )
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let (code, pointer, detail) =
            fault(r#"{"user":"anna","lines":[{"seats":1},{"seats":"x"}]}"#);
        assert_eq!(
            (code.as_str(), pointer.as_str()),
            ("invalid_request", "/lines/1/seats")
        );
        assert!(
            detail.contains("invalid type: string \"x\", expected u32"),
            "{detail}"
        );

        let (_, pointer, detail) = fault(r#"{"user":"anna","usr":1}"#);
        assert_eq!(pointer, "/usr");
        assert!(detail.contains("unknown field `usr`"), "{detail}");

        let (code, _, detail) = fault(r#"["anna", []]"#);
        assert_eq!(code, "invalid_request");
        assert!(detail.contains("an object is expected"), "{detail}");

        for (body, what) in [
            ("null", "null"),
            (" 5", "a number"),
            ("-1", "a number"),
            ("\"anna\"", "a text"),
            ("true", "true or false"),
        ] {
            let (code, _, detail) = fault(body);
            assert_eq!(code, "invalid_request", "{body}");
            let says = format!("the body is {what}; an object is expected");
            assert!(detail.contains(&says), "{detail}");
        }

        let long = format!(r#"{{"user":"anna","{}":1}}"#, "x".repeat(10_000));
        let (_, pointer, detail) = fault(&long);
        assert!(pointer.len() < 100 && detail.len() < 300, "{detail}");

        let (_, pointer, detail) = fault("{}");
        assert_eq!(pointer, "/user");
        assert!(detail.contains("missing field `user`"), "{detail}");
    }

    #[test]
    fn broken_json_is_told_apart_from_wrong_json() {
        for (body, says) in [
            ("", "empty"),
            ("{\"user\":", "ends too early"),
            ("{user}", "line 1 column 2"),
            ("{\"user\":\"a\"} x", "trailing characters"),
        ] {
            let (code, _, detail) = fault(body);
            assert_eq!(code, "invalid_json");
            assert!(detail.contains(says), "{detail}");
        }
        let problem = parse::<Order>(b"{\"user\":\"\xff\"}").unwrap_err();
        assert!(problem.detail().contains("byte 10"), "{}", problem.detail());
    }

    #[test]
    fn only_json_is_json() {
        assert!(is_json(b"application/json"));
        assert!(is_json(b"Application/JSON; charset=utf-8"));
        assert!(is_json(b"application/merge-patch+json"));
        assert!(!is_json(b"text/plain"));
        assert!(!is_json(b"application/+json"));
        assert!(!is_json(b"application/x-www-form-urlencoded"));
    }
}
