//! What is wrong with a configuration file, in words that repeat nothing of it but names of keys: a value may hold a
//! password, wherever it was written by mistake.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::{Spanned, Value};

/// The keys, and what each must be.
const KEYS: [(&str, &str); 7] = [
    ("data", "the name of a folder, in quotes"),
    (
        "database",
        "a URL in quotes, such as \"postgres://USER@HOST/NAME\"",
    ),
    (
        "listen",
        "ADDRESS:PORT in quotes, such as \"127.0.0.1:7420\"",
    ),
    (
        "trust",
        "a list of public key files, such as [\"vendor.pub\"]",
    ),
    ("company", "a company id, in quotes"),
    (
        "log",
        "a level or filter in quotes, such as \"info,store=debug\"",
    ),
    ("log_format", "\"text\" or \"json\""),
];

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Counted from 1.
    line: Option<usize>,
    why: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.why)
    }
}

impl Mistake {
    /// Why the text is no configuration.
    pub(super) fn of(text: &str, error: &toml::de::Error) -> Self {
        let span = error.span();
        let before = span.as_ref().and_then(|span| text.get(..span.start));
        Self {
            line: before.map(|before| before.matches('\n').count() + 1),
            why: why(text, span.as_ref(), error),
        }
    }
}

fn why(text: &str, span: Option<&Range<usize>>, error: &toml::de::Error) -> String {
    let Ok(values) = toml::from_str::<BTreeMap<String, Spanned<Value>>>(text) else {
        // Of a text that is no TOML, the message names what was expected, and no text.
        let key = span.and_then(|span| key_before(text, span.start));
        let key = key.map_or_else(String::new, |key| format!("{key}: "));
        return format!("{key}{}", error.message().trim_end());
    };
    if let Some(unknown) = values.keys().find(|key| what(key).is_none()) {
        let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        let known = known.join(", ");
        return if is_name(unknown) {
            format!("unknown key `{unknown}`; the keys are {known}")
        } else {
            format!("unknown key; the keys are {known}")
        };
    }
    let holds = |value: &Spanned<Value>| {
        span.is_some_and(|span| value.span().start <= span.start && span.start < value.span().end)
    };
    let wrong = values.iter().find(|(_, value)| holds(value));
    match wrong.and_then(|(key, _)| what(key).map(|what| (key, what))) {
        Some((key, what)) => format!("{key} must be {what}"),
        None => "a value is not what it should be".to_owned(),
    }
}

/// What a key must be.
fn what(key: &str) -> Option<&'static str> {
    let mut found = KEYS.iter().filter(|(known, _)| *known == key);
    found.next().map(|(_, what)| *what)
}

/// A name that holds no secret, by its form.
fn is_name(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    key.len() <= 30 && key.chars().all(plain)
}

/// The key that is set on the line of a place.
fn key_before(text: &str, place: usize) -> Option<&str> {
    let line = text.get(..place)?.rsplit('\n').next()?;
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    (!key.is_empty() && is_name(key)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::File;

    fn of(text: &str) -> String {
        let error = toml::from_str::<File>(text).unwrap_err();
        Mistake::of(text, &error).to_string()
    }

    #[test]
    fn a_mistake_is_told_by_line_and_key_without_what_stands_there() {
        let url = "postgres://u:secretpw@h/db";
        for (line, words) in [
            (format!("databse = \"{url}\""), "unknown key `databse`"),
            (format!("database = \"{url}"), "database: "),
            (format!("database = [\"{url}\"]"), "database must be a URL"),
            (format!("database = {url}"), "database: "),
            (
                format!("database = {{ url = \"{url}\" }}"),
                "database must be",
            ),
            (format!("trust = \"{url}\""), "trust must be a list"),
            (
                format!("trust = [\"a.pub\", 1, \"{url}\"]"),
                "trust must be",
            ),
            (format!("log_format = \"{url}\""), "log_format must be"),
            (format!("listen = \"{url}\""), "listen must be ADDRESS:PORT"),
            (format!("\"{url}\" = 1"), "unknown key; the keys are"),
            (url.to_owned(), ""),
            (format!("[database]\nurl = \"{url}\""), "database must be"),
            (
                format!("database = \"{url}\"\ndatabase = \"{url}\""),
                "duplicate",
            ),
        ] {
            let said = of(&format!("log = \"info\"\n{line}\n"));
            assert!(said.starts_with("line "), "{line}: {said}");
            assert!(said.contains(words), "{line}: {said}");
            assert!(!said.contains("secretpw"), "{line}: {said}");
            assert!(!said.contains('\n'), "{line}: {said}");
        }
        assert!(of("log = \"info\"\nlisten = \"7420\"\n").starts_with("line 2: listen must be"));
    }
}
