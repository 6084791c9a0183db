//! Untrusted text made fit for an error message.

/// The longest piece of foreign text that a message repeats, in characters.
const SHOWN: usize = 80;

/// `text` in back quotes, escaped and cut, so that a message can neither be flooded nor forged by it.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// `text` escaped and cut, without quotes: for the names of files that head a message.
pub(crate) fn plain(text: &str) -> String {
    let quoted = quoted(text);
    quoted.trim_matches('`').to_owned()
}

/// Whether `c` must not stand in a name: control characters, and the invisible ones that reorder or hide text.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_cut_and_escaped() {
        assert_eq!(quoted("a\nb"), "`a\\nb`");
        assert_eq!(quoted(&"x".repeat(81)), format!("`{}…`", "x".repeat(80)));
        assert_eq!(quoted(&"x".repeat(80)), format!("`{}`", "x".repeat(80)));
    }

    #[test]
    fn text_that_reorders_its_neighbors_is_unprintable() {
        assert!(is_unprintable('\u{202E}') && is_unprintable('\0') && is_unprintable('\u{7f}'));
        assert!(!is_unprintable('é') && !is_unprintable(' ') && !is_unprintable('許'));
    }
}
