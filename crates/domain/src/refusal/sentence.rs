//! Sentences of refusals that take more than their parts put together.

use crate::names::Title;
use crate::outcome::ImportAnswer;

/// Who, with the verb that fits.
pub(super) fn are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", names.join(", "))
}

/// What is in a folder, with the verb that fits.
pub(super) fn contents(users: u64, pools: u64, folders: u64) -> String {
    let counts = [(users, "user"), (pools, "pool"), (folders, "folder")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
    let verb = if users + pools + folders == 1 {
        "is"
    } else {
        "are"
    };
    let joined = match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    };
    format!("{joined} {verb}")
}

/// Names, one after the other.
pub(super) fn titles(titles: &[Title]) -> String {
    let texts: Vec<&str> = titles.iter().map(Title::as_str).collect();
    texts.join(", ")
}

/// What was refused of a file: its first license, and how many others.
pub(super) fn import_sentence(answers: &[ImportAnswer]) -> String {
    let mut refused = answers.iter().filter(|answer| answer.detail.is_some());
    let first = refused.next();
    let more = refused.count();
    match first {
        Some(answer) => {
            let detail = answer.detail.as_deref().unwrap_or_default();
            let others = match more {
                0 => String::new(),
                1 => " (and another license is refused)".into(),
                n => format!(" (and {n} other licenses are refused)"),
            };
            format!("nothing was imported: {}: {detail}{others}", answer.serial)
        }
        None => "nothing was imported".into(),
    }
}
