//! People out of a directory's LDIF (RFC 2849): folded lines, comments, base64 values.

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Somebody with an account.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) email: String,
    /// Path of the folder: the first organizational unit that is not everyone's.
    pub(super) folder: String,
}

/// The entries that have a `uid`, in order.
pub(super) fn read(text: &str) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for entry in entries(text)? {
        let all = |name: &'static str| {
            entry
                .iter()
                .filter(move |(key, _)| key == name)
                .map(|(_, value)| value)
        };
        let first = |name| all(name).next().cloned().unwrap_or_default();
        let username = first("uid");
        if username.is_empty() {
            continue;
        }
        let unit = all("ou").find(|unit| *unit != "People");
        people.push(Person {
            username,
            name: first("cn"),
            email: first("mail"),
            folder: unit.map_or_else(
                || "/".to_owned(),
                |unit| format!("/{}", unit.replace('/', "-")),
            ),
        });
    }
    Ok(people)
}

type Entry = Vec<(String, String)>;

/// Attributes of each entry, names in lower case; a blank line ends an entry.
fn entries(text: &str) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut entry = Entry::new();
    for line in unfolded(text) {
        if line.is_empty() {
            if !entry.is_empty() {
                entries.push(std::mem::take(&mut entry));
            }
        } else if !line.starts_with('#') {
            entry.push(attribute(&line)?);
        }
    }
    if !entry.is_empty() {
        entries.push(entry);
    }
    Ok(entries)
}

/// Lines with their continuations, which begin with one space.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some(last)) if !last.is_empty() => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// `name: value`, or `name:: base64`.
fn attribute(line: &str) -> Result<(String, String)> {
    let Some((name, value)) = line.split_once(':') else {
        bail!("not an attribute: {line}")
    };
    let value = match value.strip_prefix(':') {
        Some(encoded) => {
            let bytes = STANDARD
                .decode(encoded.trim())
                .with_context(|| format!("not base64: {line}"))?;
            String::from_utf8(bytes).with_context(|| format!("not UTF-8: {line}"))?
        }
        None => value.trim().to_owned(),
    };
    Ok((name.to_lowercase(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_the_entries_with_a_uid() {
        let people = read(
            "# comment\n#  folded\n more of it\ndn: ou=People, dc=example\nou: People\n\n\
             dn: uid=anna, ou=People,\n  dc=example\ncn: Anna\n  Virtanen\nuid: anna\nOU: People\nou: Product\n \
             Testing\nmail: anna@example.com\n\n\ndn: x\nuid: bo\ncn:: QsO2\n",
        )
        .unwrap();
        let anna = &people[0];
        assert_eq!(
            (anna.username.as_str(), anna.name.as_str()),
            ("anna", "Anna Virtanen")
        );
        assert_eq!(anna.folder, "/ProductTesting");
        assert_eq!(people[1].name, "Bö");
        assert_eq!((people[1].folder.as_str(), people.len()), ("/", 2));
    }

    #[test]
    fn broken_base64_is_refused_with_its_line() {
        let error = read("dn: x\nuid:: !\n").unwrap_err();
        assert!(error.to_string().contains("uid:: !"), "{error:#}");
    }
}
