//! Query parameters.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::echo::{pointer_to, tame};
use crate::problem::Problem;

/// The query's parameters, of a known form.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(explain(&rejection.body_text())),
        }
    }
}

/// From `Failed to deserialize query string: limit: invalid digit`, what matters.
fn explain(text: &str) -> Problem {
    let fault = text.split_once(": ").map_or(text, |(_, fault)| fault);
    let quoted = |prefix: &str| fault.strip_prefix(prefix)?.split('`').next();
    let named = quoted("unknown field `")
        .or_else(|| quoted("missing field `"))
        .or_else(|| quoted("duplicate field `"));
    let (name, detail) = match (named, fault.split_once(": ")) {
        (Some(name), _) => (name, fault.replacen("field", "parameter", 1)),
        (None, Some((name, fault))) if is_name(name) => {
            // Of an unknown parameter the path says the name before the message does.
            (name, fault.replacen(" field `", " parameter `", 1))
        }
        (None, _) => ("", fault.to_owned()),
    };
    let detail = match (name, what_is_expected(&detail)) {
        ("limit", Some(_)) => format!(
            "limit must be a whole number from 1 to {}",
            wire::page::MAX_LIMIT
        ),
        (name, Some(expected)) if !name.is_empty() => format!("{name} must be {expected}"),
        _ => tame(&detail),
    };
    let mut pointer = pointer_to(name);
    // Parameters are named as they are, without the slash of a pointer.
    pointer.remove(0);
    Problem::invalid_field(pointer, detail)
}

/// In words for people, what the library says of values that it can't read.
fn what_is_expected(fault: &str) -> Option<&'static str> {
    let numbers = ["invalid digit", "number too", "cannot parse integer"];
    if numbers.iter().any(|begin| fault.starts_with(begin)) {
        Some("a whole number that is not negative")
    } else if fault.starts_with("provided string was not `true` or `false`") {
        Some("true or false")
    } else {
        None
    }
}

fn is_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form matters")]
    struct Page {
        limit: Option<u16>,
        dry_run: Option<bool>,
    }

    async fn fault(query: &str) -> (String, String) {
        let uri = format!("/x?{query}");
        let (mut parts, ()) = axum::http::Request::get(uri).body(()).unwrap().into_parts();
        let problem = Query::<Page>::from_request_parts(&mut parts, &())
            .await
            .unwrap_err();
        (
            problem.items()[0].pointer.clone().unwrap(),
            problem.detail().to_owned(),
        )
    }

    #[tokio::test]
    async fn a_fault_names_the_parameter() {
        for wrong in ["many", "-1", "", "99999999999", "1.5"] {
            let (name, detail) = fault(&format!("limit={wrong}")).await;
            assert_eq!(name, "limit");
            let expected = "limit must be a whole number from 1 to 1000";
            assert!(detail.contains(expected), "{wrong}: {detail}");
        }
        let (name, detail) = fault("dry_run=maybe").await;
        assert_eq!(name, "dry_run");
        assert!(detail.contains("dry_run must be true or false"), "{detail}");
        let (name, detail) = fault(&"x".repeat(10_000)).await;
        assert!(name.len() < 100 && detail.len() < 300, "{name}: {detail}");
        let (name, detail) = fault("limt=3").await;
        assert_eq!(name, "limt");
        assert!(detail.contains("unknown parameter `limt`"), "{detail}");
        let (name, detail) = fault("limit=3&limit=4").await;
        assert_eq!(name, "limit");
        assert!(detail.contains("duplicate parameter `limit`"), "{detail}");
    }
}
