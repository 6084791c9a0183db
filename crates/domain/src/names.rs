//! Texts that passed their checks. Inside, the type is the proof.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Why a text is not the name it should be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but white space.
    #[error("{what} is empty")]
    Empty {
        /// Which name.
        what: &'static str,
    },
    /// Longer than allowed.
    #[error("{what} has {length} characters; at most {most} are allowed")]
    TooLong {
        /// Which name.
        what: &'static str,
        /// Its length in characters.
        length: usize,
        /// The limit.
        most: usize,
    },
    /// A character that may not stand in it.
    #[error("{what} has the character {character:?} at position {position}, which is not allowed")]
    BadCharacter {
        /// Which name.
        what: &'static str,
        /// The first such character.
        character: char,
        /// Its position in characters, from 1.
        position: usize,
    },
    /// White space at the start or the end.
    #[error("{what} begins or ends with white space")]
    OuterSpace {
        /// Which name.
        what: &'static str,
    },
    /// A name that would be taken for an id.
    #[error("{what} has the form of an id; ids and names must be told apart")]
    LooksLikeAnId {
        /// Which name.
        what: &'static str,
    },
    /// `.` or `..`, which in a path would mean another folder.
    #[error("{what} is {text:?}, which means another folder in a path; choose a name")]
    Dots {
        /// Which name.
        what: &'static str,
        /// What was given.
        text: &'static str,
    },
    /// A text that is no version.
    #[error("{what} must be three numbers with dots between, as in 8.3.0")]
    NotAVersion {
        /// Which name.
        what: &'static str,
    },
    /// An address without exactly one part on each side of `@`.
    #[error("{what} is not of the form name@domain")]
    NotAnAddress {
        /// Which name.
        what: &'static str,
    },
}

impl NameError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::TooLong { .. } => "too_long",
            Self::BadCharacter { .. } => "bad_character",
            Self::OuterSpace { .. } => "outer_space",
            Self::NotAVersion { .. } => "not_a_version",
            Self::NotAnAddress { .. } => "not_an_address",
            Self::LooksLikeAnId { .. } => "looks_like_an_id",
            Self::Dots { .. } => "dots",
        }
    }
}

/// The comparison form of a name: NFKC, lower case. Two names are the same if this is.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
    }
}

/// The most characters of what somebody gave that an answer repeats.
const MOST_QUOTED: usize = 60;

/// What somebody gave, in quotes and cut short, with control characters escaped: an answer must
/// neither repeat a whole file nor steer a terminal.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(MOST_QUOTED) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn check(
    what: &'static str,
    text: &str,
    most: usize,
    allowed: fn(char) -> bool,
) -> Result<(), NameError> {
    if text.trim().is_empty() {
        return Err(NameError::Empty { what });
    }
    let length = text.chars().count();
    if length > most {
        return Err(NameError::TooLong { what, length, most });
    }
    if let Some((position, character)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        let position = position + 1;
        return Err(NameError::BadCharacter {
            what,
            character,
            position,
        });
    }
    if text.trim().len() != text.len() {
        return Err(NameError::OuterSpace { what });
    }
    if what == FolderName::WHAT
        && let Some(text) = [".", ".."].into_iter().find(|dots| *dots == text)
    {
        return Err(NameError::Dots { what, text });
    }
    // Users are named by username or by id; the others never stand where an id may.
    if what == Username::WHAT && text.len() == 36 && uuid::Uuid::try_parse(text).is_ok() {
        return Err(NameError::LooksLikeAnId { what });
    }
    Ok(())
}

/// No control characters, no line or paragraph separators, no bidirectional overrides.
fn printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Printable, and nothing that can't be seen: two names that look the same must be the same.
fn visible(c: char) -> bool {
    printable(c)
        && !matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        )
        && !matches!(c, '\u{2060}'..='\u{2065}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

fn no_slash(c: char) -> bool {
    printable(c) && c != '/'
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $most:literal, $allowed:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// What people call it.
            pub const WHAT: &str = $what;
            /// The longest allowed, in characters.
            pub const MOST: usize = $most;

            /// Checks a text.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check($what, text, $most, $allowed)?;
                Ok(Self(text.into()))
            }

            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The comparison form, see [`fold`].
            pub fn key(&self) -> String {
                fold(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// What a user signs in with. Compared without case.
    Username, "the username", 128, visible;
    /// A person's full name.
    PersonName, "the name", 200, printable;
    /// A product's short code: letters, digits, `.`, `_`, `-`. Compared without case.
    ProductCode, "the product code", 64, code;
    /// A product's or issuer's display name.
    Title, "the title", 200, printable;
    /// A module's short code.
    ModuleCode, "the module code", 64, code;
    /// A license's serial number.
    Serial, "the serial", 64, printable;
    /// The issuer's id of a license, globally unique.
    LicenseRef, "the license id", 128, printable;
    /// One folder's name, unique among its siblings without case. Paths are made of it, so that
    /// `/` may not stand in it, and it is not `.` or `..`.
    FolderName, "the folder name", 100, no_slash;
    /// What an application says of itself at sign-in (host, version, device).
    ClientName, "the client", 200, printable;
    /// A token's name.
    TokenName, "the token name", 100, printable;
    /// A company id as agreed with an issuer.
    CompanyId, "the company id", 64, printable;
}

/// An e-mail address, checked for form only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(Box<str>);

impl Email {
    /// Checks a text: printable, no white space, one `@` with something on both sides.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let what = "the e-mail address";
        check(what, text, 254, |c| printable(c) && !c.is_whitespace())?;
        match text.split_once('@') {
            Some((local, domain))
                if !local.is_empty() && !domain.is_empty() && !domain.contains('@') =>
            {
                Ok(Self(text.into()))
            }
            _ => Err(NameError::NotAnAddress { what }),
        }
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0.into()
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_character_and_its_place() {
        let error = Username::parse("an\u{7}na").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the username has the character '\\u{7}' at position 3, which is not allowed"
        );
        assert!(ProductCode::parse("service desk").is_err());
        assert!(FolderName::parse("a/b").is_err());
        assert!(Username::parse(" anna").is_err());
        assert!(Username::parse(&"x".repeat(129)).is_err());
    }

    #[test]
    fn a_username_can_not_hide_and_is_no_id() {
        assert!(Username::parse("an\u{200b}na").is_err());
        let id = "01a203ad-e9fd-7005-996f-fd59081fc9ea";
        let error = Username::parse(id).unwrap_err();
        assert_eq!(
            error,
            NameError::LooksLikeAnId {
                what: Username::WHAT
            }
        );
        assert!(TokenName::parse(id).is_ok());
    }

    #[test]
    fn a_folder_name_is_one_step_of_a_path() {
        for dots in [".", ".."] {
            let error = FolderName::parse(dots).unwrap_err().to_string();
            assert!(error.contains("means another folder"), "{error}");
        }
        assert!(FolderName::parse("/").is_err());
        assert!(FolderName::parse("...").is_ok());
        assert!(FolderName::parse(".hidden").is_ok());
        assert!(TokenName::parse(".").is_ok());
    }

    #[test]
    fn what_is_quoted_is_short_and_steers_no_terminal() {
        assert_eq!(quoted("a\u{1b}b"), "\"a\\u{1b}b\"");
        assert_eq!(quoted(&"ü".repeat(60)).chars().count(), 62);
        let long = quoted(&"ü".repeat(1_000));
        assert!(
            long.ends_with("\"…") && long.chars().count() == 63,
            "{long}"
        );
    }

    #[test]
    fn names_are_compared_without_case_and_width() {
        assert_eq!(fold("ÄNNA"), fold("änna"));
        assert_eq!(fold("\u{ff21}nna"), fold("anna"));
    }

    #[test]
    fn an_address_has_two_sides() {
        assert!(Email::parse("anna@example.org").is_ok());
        assert!(Email::parse("anna").is_err());
        assert!(Email::parse("a@b@c").is_err());
    }
}
