//! What other libraries say of a request, without repeating much of it: their sentences quote
//! what was given, whole and as it is.

/// How many characters of a quotation stay.
const MOST_QUOTED: usize = 60;

/// How many characters a sentence has at most: the longest list of our own words is shorter.
const MOST: usize = 1_000;

/// The sentence with what it quotes cut short and control characters escaped.
pub(super) fn tame(sentence: &str) -> String {
    let mut tamed = String::with_capacity(sentence.len().min(MOST));
    let mut quote = None;
    let mut within = 0;
    let mut escaped = false;
    for c in sentence.chars() {
        let ends = quote == Some(c) && !escaped;
        escaped = c == '\\' && !escaped && quote == Some('"');
        if ends {
            if within > MOST_QUOTED {
                tamed.push('…');
            }
            quote = None;
        } else if quote.is_some() {
            within += 1;
            if within > MOST_QUOTED {
                continue;
            }
        } else if matches!(c, '"' | '`') {
            (quote, within) = (Some(c), 0);
        }
        push(&mut tamed, c);
    }
    if quote.is_some() && within > MOST_QUOTED {
        tamed.push('…');
    }
    match tamed.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &tamed[..end]),
        None => tamed,
    }
}

/// A JSON pointer (RFC 6901) to a key of the outermost object, cut short as a quotation is.
pub(super) fn pointer_to(key: &str) -> String {
    let mut pointer = String::new();
    push_key(&mut pointer, key);
    pointer
}

/// Appends a key to a pointer.
pub(super) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    for (index, c) in key.chars().enumerate() {
        if index == MOST_QUOTED {
            pointer.push('…');
            return;
        }
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => push(pointer, c),
        }
    }
}

fn push(text: &mut String, c: char) {
    if c.is_control() {
        text.extend(c.escape_debug());
    } else {
        text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_quotes_is_short_and_the_rest_stays() {
        let long = "x".repeat(100_000);
        let few = "x".repeat(60);
        for (said, tamed) in [
            (
                format!("invalid type: string \"{long}\", expected u32"),
                format!("invalid type: string \"{few}…\", expected u32"),
            ),
            (
                format!("unknown field `{long}`, expected `user` or `product`"),
                format!("unknown field `{few}…`, expected `user` or `product`"),
            ),
            (
                "expected `a` at line 1".to_owned(),
                "expected `a` at line 1".to_owned(),
            ),
            (
                "string \"say \\\"no\\\" twice\"".to_owned(),
                "string \"say \\\"no\\\" twice\"".to_owned(),
            ),
            (
                "unknown field `\u{1b}[2J`".to_owned(),
                "unknown field `\\u{1b}[2J`".to_owned(),
            ),
        ] {
            assert_eq!(tame(&said), tamed);
        }
        let sly = format!("unknown field `a`{long}`");
        assert!(tame(&sly).chars().count() <= MOST + 1);
    }

    #[test]
    fn a_pointer_is_escaped_and_short() {
        assert_eq!(pointer_to("a/b~c"), "/a~1b~0c");
        assert_eq!(pointer_to("\u{7}"), "/\\u{7}");
        assert_eq!(pointer_to(&"k".repeat(1_000)).chars().count(), 62);
    }
}
