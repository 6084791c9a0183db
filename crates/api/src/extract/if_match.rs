//! `If-Match`: the version that somebody means to change.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use domain::names::quoted;

use crate::problem::Problem;

/// The version meant; none: whatever there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<u32>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(tag) = parts.headers.get(IF_MATCH) else {
            return Ok(Self(None));
        };
        parse(tag.to_str().unwrap_or_default())
    }
}

fn parse(tag: &str) -> Result<IfMatch, Problem> {
    if tag == "*" {
        return Ok(IfMatch(None));
    }
    let version = tag
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'))
        .and_then(|version| version.parse().ok());
    match version {
        Some(version) => Ok(IfMatch(Some(version))),
        None => {
            let detail = format!(
                "the header if-match is {}; it must be the ETag of an earlier answer, such as \"3\", or *",
                quoted(tag)
            );
            Err(Problem::invalid_field("if-match", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_version_in_quotes() {
        assert_eq!(parse("\"12\"").unwrap(), IfMatch(Some(12)));
        assert_eq!(parse("*").unwrap(), IfMatch(None));
        for wrong in ["12", "\"x\"", "W/\"12\"", "\"1\", \"2\"", ""] {
            assert_eq!(
                parse(wrong).unwrap_err().items()[0].pointer.as_deref(),
                Some("if-match"),
                "{wrong}"
            );
        }
    }
}
