//! Sentences of refusals that take more than their parts put together.

use crate::names::Title;
use crate::outcome::ImportAnswer;

/// Who, with the verb that fits.
pub(super) fn are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", names.join(", "))
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
