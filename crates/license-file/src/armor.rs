//! The text form of a license file: a compact JWS between a BEGIN and an END line, or bare.
//!
//! White space inside, CRLF line ends and a UTF-8 byte order mark don't matter; any other text around the block does,
//! since half of what was pasted might be missing.

use std::borrow::Cow;

use crate::show::quoted;

/// First line of a wrapped license.
pub const BEGIN: &str = "-----BEGIN SEATKEEPER LICENSE-----";
/// Last line of a wrapped license.
pub const END: &str = "-----END SEATKEEPER LICENSE-----";
/// Characters in a line between them.
pub const COLUMNS: usize = 76;

/// Wraps a compact JWS into lines for people, e-mail and copying.
pub fn wrap(compact: &str) -> String {
    wrap_between(compact, BEGIN, END)
}

/// The same for other kinds of documents, between their own lines.
pub(crate) fn wrap_between(compact: &str, begin: &str, end: &str) -> String {
    let mut text = String::with_capacity(
        compact.len() + compact.len() / COLUMNS + begin.len() + end.len() + 4,
    );
    text.push_str(begin);
    text.push('\n');
    let mut rest = compact;
    while !rest.is_empty() {
        let cut = rest
            .char_indices()
            .nth(COLUMNS)
            .map_or(rest.len(), |(index, _)| index);
        let (line, after) = rest.split_at(cut);
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(end);
    text.push('\n');
    text
}

/// What a file is instead of a license file, or why it is only part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// The BEGIN line is there, the END line is not; or a bare JWS stops before its signature.
    #[error("the file is truncated: its end is missing; fetch or copy it again, whole")]
    Truncated,
    /// An END line without its BEGIN line.
    #[error("the beginning of the license is missing: copy it whole, with its BEGIN line")]
    Headless,
    /// Text before, after or between license blocks.
    #[error(
        "there is more in it than one license block: keep only what stands from the BEGIN line to the END line"
    )]
    TextAround,
    /// A ZIP archive (also Office documents).
    #[error("it is a ZIP archive: unpack it and take the .lic file inside")]
    Zip,
    /// A gzip archive.
    #[error("it is a gzip archive: unpack it and take the .lic file inside")]
    Gzip,
    /// XML or HTML.
    #[error("it is XML or HTML, not a signed license")]
    Xml,
    /// A JSON text, such as a key file.
    #[error("it is JSON: perhaps a key file, not a license")]
    Json,
    /// A block of another kind, of ours or of others: the label of its BEGIN line.
    #[error("{}", labeled(.0))]
    Pem(String),
    /// UTF-16 text.
    #[error("it is UTF-16 text: save it as plain text (UTF-8)")]
    Utf16,
    /// Bytes that are not text.
    #[error("it is not text")]
    Binary,
    /// Text of some other kind.
    #[error("it is a text, but not a signed license")]
    Text,
}

/// What a file is by the label of its BEGIN line.
fn labeled(label: &str) -> String {
    match label {
        "SEATKEEPER LICENSE" => "it is a license file".to_owned(),
        "SEATKEEPER LICENSE REQUEST" => {
            "it is a license request: `seatkeeper vendor answer` takes it".to_owned()
        }
        "SEATKEEPER LICENSE RESPONSE" => {
            "it is a license response: `seatkeeper license import` takes it".to_owned()
        }
        "SEATKEEPER KEY" => {
            "it is an introduction of a key: `seatkeeper issuer introduce` takes it".to_owned()
        }
        _ => format!("it is a PEM file with {}, not a license", quoted(label)),
    }
}

/// The compact JWS inside `file`, which may be wrapped or bare.
///
/// # Errors
/// [`UnwrapError`]: what the file looks like instead.
pub fn unwrap(file: &[u8]) -> Result<String, UnwrapError> {
    unwrap_between(file, BEGIN, END)
}

/// The same for other kinds of documents, between their own lines.
pub(crate) fn unwrap_between(file: &[u8], begin: &str, end: &str) -> Result<String, UnwrapError> {
    if let Some(kind) = by_first_bytes(file) {
        return Err(kind);
    }
    let text = std::str::from_utf8(file).map_err(|_| UnwrapError::Binary)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim();
    let Some(block) = text.strip_prefix(begin) else {
        return bare(text, begin, end);
    };
    let (inside, after) = block.split_once(end).ok_or(UnwrapError::Truncated)?;
    if !after.is_empty() || inside.contains(begin) {
        return Err(UnwrapError::TextAround);
    }
    Ok(without_white_space(inside).into_owned())
}

fn by_first_bytes(file: &[u8]) -> Option<UnwrapError> {
    match file {
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Some(UnwrapError::Zip),
        [0x1f, 0x8b, ..] => Some(UnwrapError::Gzip),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(UnwrapError::Utf16),
        _ if file.contains(&0) => Some(UnwrapError::Binary),
        _ => None,
    }
}

fn bare(text: &str, begin: &str, end: &str) -> Result<String, UnwrapError> {
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let compact = without_white_space(text);
    // The letters and hyphens of such lines are in the alphabet too.
    let has_lines = ["-----BEGIN ", "-----END "]
        .iter()
        .any(|line| text.contains(line));
    if !has_lines
        && compact.bytes().filter(|byte| *byte == b'.').count() == 2
        && compact.bytes().all(in_alphabet)
    {
        return Ok(compact.into_owned());
    }
    Err(match text {
        "" => UnwrapError::Empty,
        _ if text.ends_with(end) && !text.contains(begin) => UnwrapError::Headless,
        _ if text.starts_with("eyJ") && compact.bytes().all(in_alphabet) => UnwrapError::Truncated,
        _ if text.contains(begin) => UnwrapError::TextAround,
        _ if text.starts_with('<') => UnwrapError::Xml,
        _ if text.starts_with(['{', '[']) => UnwrapError::Json,
        _ => match text
            .strip_prefix("-----BEGIN ")
            .and_then(|rest| rest.split_once("-----"))
        {
            Some((label, _)) => UnwrapError::Pem(label.to_owned()),
            None => UnwrapError::Text,
        },
    })
}

fn without_white_space(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    kept.extend(text.split_ascii_whitespace());
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWS: &str = "eyJhbGciOiJFZERTQSJ9.e30.c2ln";

    #[test]
    fn wrapping_is_undone_whatever_happened_to_the_lines() {
        let long = format!("{JWS}{}", "x".repeat(300));
        let wrapped = wrap(&long);
        assert!(wrapped.lines().all(|line| line.len() <= COLUMNS));
        assert_eq!(unwrap(wrapped.as_bytes()).as_deref(), Ok(long.as_str()));
        let mangled = format!("\u{FEFF}\r\n  {}\r\n\r\n", wrapped.replace('\n', "\r\n\t"));
        assert_eq!(unwrap(mangled.as_bytes()).as_deref(), Ok(long.as_str()));
        assert_eq!(unwrap(format!(" {JWS}\n").as_bytes()).as_deref(), Ok(JWS));
    }

    #[test]
    fn other_files_are_told_apart() {
        let cases: [(&[u8], UnwrapError); 16] = [
            (b"", UnwrapError::Empty),
            (b"\xef\xbb\xbf \r\n", UnwrapError::Empty),
            (b"PK\x03\x04rest", UnwrapError::Zip),
            (b"PK\x05\x06", UnwrapError::Zip),
            (b"\x1f\x8b\x08", UnwrapError::Gzip),
            (b"\n<?xml version=\"1.0\"?>", UnwrapError::Xml),
            (b"{\"kty\":\"OKP\"}", UnwrapError::Json),
            (
                b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
                UnwrapError::Pem("CERTIFICATE".to_owned()),
            ),
            (b"\xff\xfe-\0", UnwrapError::Utf16),
            (b"\x7fELF\0", UnwrapError::Binary),
            (b"caf\xe9", UnwrapError::Binary),
            (b"Dear customer", UnwrapError::Text),
            (
                b"-----BEGIN SEATKEEPER LICENSE-----\nabc",
                UnwrapError::Truncated,
            ),
            (b"eyJhbGciOiJFZERTQSJ9.e30", UnwrapError::Truncated),
            (
                b"abc\n-----END SEATKEEPER LICENSE-----",
                UnwrapError::Headless,
            ),
            (
                b"Hello\n-----BEGIN SEATKEEPER LICENSE-----\na\n-----END SEATKEEPER LICENSE-----",
                UnwrapError::TextAround,
            ),
        ];
        for (file, expected) in cases {
            assert_eq!(
                unwrap(file),
                Err(expected),
                "{}",
                String::from_utf8_lossy(file)
            );
        }
    }

    #[test]
    fn a_file_of_another_kind_of_ours_is_named_and_never_taken_for_a_bare_one() {
        for (label, words) in [
            ("SEATKEEPER KEY", "introduction of a key"),
            ("SEATKEEPER LICENSE REQUEST", "license request"),
            ("SEATKEEPER LICENSE RESPONSE", "license response"),
        ] {
            let file = wrap_between(
                JWS,
                &format!("-----BEGIN {label}-----"),
                &format!("-----END {label}-----"),
            );
            let error = unwrap(file.as_bytes()).unwrap_err();
            assert_eq!(error, UnwrapError::Pem(label.to_owned()));
            assert!(error.to_string().contains(words), "{error}");
        }
        let license = wrap(JWS);
        let error = unwrap_between(license.as_bytes(), "-----BEGIN X-----", "-----END X-----");
        assert_eq!(error.unwrap_err().to_string(), "it is a license file");
        let headless = format!("{JWS}\n{END}\n");
        assert_eq!(unwrap(headless.as_bytes()), Err(UnwrapError::Headless));
    }

    #[test]
    fn two_blocks_are_not_one_file() {
        let twice = wrap(JWS).repeat(2);
        assert_eq!(unwrap(twice.as_bytes()), Err(UnwrapError::TextAround));
        let nested = format!("{BEGIN}\n{}", wrap(JWS));
        assert_eq!(unwrap(nested.as_bytes()), Err(UnwrapError::TextAround));
    }
}
