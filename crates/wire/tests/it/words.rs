//! Closed sets of words.

use serde::Serialize;

fn round<T: Copy + Serialize + PartialEq + std::fmt::Debug>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    from_code: impl Fn(&str) -> Option<T>,
) {
    assert!(!all.is_empty());
    for word in all {
        let text = code(*word);
        assert_eq!(from_code(text), Some(*word));
        assert_eq!(serde_json::to_value(word).unwrap(), text);
        let is_plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '-';
        assert!(text.chars().all(is_plain), "{text}");
    }
    assert_eq!(from_code("no such word"), None);
}

macro_rules! rounds {
    ($($name:ty),* $(,)?) => {$(
        round(<$name>::ALL, <$name>::code, <$name>::from_code);
    )*};
}

#[test]
fn every_word_travels_as_its_code_and_back() {
    rounds!(
        wire::AccessLevel,
        wire::AutoAssign,
        wire::CountedBy,
        wire::DenialCode,
        wire::EndReason,
        wire::Fate,
        wire::GrantCode,
        wire::ImportCode,
        wire::IssuerKind,
        wire::Model,
        wire::OverAllocation,
        wire::Permission,
        wire::Place,
        wire::RecallCode,
        wire::RefreshCode,
        wire::Removable,
        wire::RestoreCode,
        wire::Role,
        wire::Source,
        wire::State,
        wire::Via,
        wire::job::JobKind,
        wire::job::JobState,
        wire::license::LicenseSort,
        wire::user::UserSort,
    );
}

#[test]
fn no_two_problems_of_the_interface_share_a_code() {
    for (index, code) in wire::codes::ALL.iter().enumerate() {
        assert!(!wire::codes::ALL[..index].contains(code), "{code}");
    }
}
