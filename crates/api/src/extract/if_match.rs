//! `If-Match`: the version that somebody means to change.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

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
        let tag = tag.to_str().unwrap_or_default();
        parse(tag).map(Self).ok_or_else(|| {
            let detail = format!(
                "the header if-match is {tag:?}; it must be the ETag of an earlier answer, such as \"3\", or *"
            );
            Problem::invalid_field("if-match", detail)
        })
    }
}

fn parse(tag: &str) -> Option<Option<u32>> {
    if tag == "*" {
        return Some(None);
    }
    let version = tag.strip_prefix('"')?.strip_suffix('"')?;
    version.parse().ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_version_in_quotes() {
        assert_eq!(parse("\"12\""), Some(Some(12)));
        assert_eq!(parse("*"), Some(None));
        for wrong in ["12", "\"x\"", "W/\"12\"", "\"1\", \"2\"", ""] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
