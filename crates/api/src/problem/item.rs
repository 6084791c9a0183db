//! The places in a request that are wrong.

use wire::problem::ProblemItem;

/// In a JSON body (RFC 6901), or the name of a parameter or header.
pub(crate) fn at_pointer(
    pointer: impl Into<String>,
    code: impl Into<String>,
    detail: impl Into<String>,
) -> ProblemItem {
    ProblemItem {
        pointer: Some(pointer.into()),
        code: code.into(),
        detail: detail.into(),
        ..ProblemItem::default()
    }
}

/// In a row of a CSV file; the header is row 1.
pub(crate) fn at_row(row: u64, code: impl Into<String>, detail: impl Into<String>) -> ProblemItem {
    ProblemItem {
        row: Some(row),
        code: code.into(),
        detail: detail.into(),
        ..ProblemItem::default()
    }
}

/// In an item of a list, counted from 0.
pub(crate) fn at_index(
    index: usize,
    code: impl Into<String>,
    detail: impl Into<String>,
) -> ProblemItem {
    ProblemItem {
        index: u64::try_from(index).ok(),
        code: code.into(),
        detail: detail.into(),
        ..ProblemItem::default()
    }
}

/// The place and what is wrong there, in one sentence.
pub(super) fn sentence(item: &ProblemItem) -> String {
    match (&item.pointer, item.row) {
        (Some(pointer), _) if !pointer.is_empty() => format!("{pointer}: {}", item.detail),
        (_, Some(row)) => format!("row {row}: {}", item.detail),
        _ => item.detail.clone(),
    }
}
