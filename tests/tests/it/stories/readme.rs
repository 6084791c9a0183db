//! The README, taken at its word.

/// Its text.
const TEXT: &str = include_str!("../../../../README.md");

/// What stands in the first code block of this language after a heading that begins so, or after
/// any line that does.
#[track_caller]
fn block(after: &str, language: &str) -> &'static str {
    let start = TEXT.find(after);
    let rest = &TEXT[start.unwrap_or_else(|| panic!("the README has no {after:?}"))..];
    let fence = format!("```{language}\n");
    let (_, block) = rest.split_once(&fence).expect("a code block follows");
    block.split_once("```").expect("a code block ends").0
}

/// The way from a license file to a user at work: the lines to type, without what they explain.
pub(super) fn walk_through() -> Vec<&'static str> {
    block("## From a license file to a user at work", "sh")
        .lines()
        .map(|line| line.split(" # ").next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// The vendor's specification, with a term that does not end while these tests are in use.
pub(super) fn specification() -> String {
    let text = block("`licenses.toml`, for the vendor", "toml");
    let ends = "expires_at = \"2027-12-31\"";
    assert!(text.contains(ends), "{text}");
    text.replace(ends, "expires_at = \"2399-12-31\"")
}

/// The optional keys of a specification that it names.
pub(super) fn optional_keys() -> Vec<&'static str> {
    let (_, rest) = TEXT.split_once("Optional keys: ").expect("they are named");
    let (sentence, _) = rest.split_once(". ").expect("a sentence ends");
    sentence.split('`').skip(1).step_by(2).collect()
}
