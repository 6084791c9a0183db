//! The terms of one license (L1).

use std::fmt;

use jiff::Timestamp;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// What a license grants (L1). Limits are checked by [`super::Document::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenseTerms {
    /// The issuer's id, globally unique; what a later revision or a replacement refers to. 1 to 128 printable characters.
    pub id: String,
    /// Counts up with each change of the terms (L4). From 1.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub revision: u64,
    /// The number people know the license by. Up to 64 characters.
    pub serial: String,
    /// Code of the product: up to 64 of `a-z A-Z 0-9 . _ -`.
    pub product: String,
    /// The product's name for people, up to 200 characters. A document may give it once for all licenses of the product.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product_name: String,
    /// How seats are used.
    pub model: Model,
    /// What holders may do. Default `write`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access: Access,
    /// Which modules. Default all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub modules: Modules,
    /// Number of seats, 1 to 10,000,000; absent for a site license, and only for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// First instant of the term.
    pub starts_at: Timestamp,
    /// First instant after the term; perpetual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Days after `expires_at` during which the license still works (L2). 0 to 366, default 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grace_days: u16,
    /// Whether seats may be assigned at all (L6). Default true.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub assignable: bool,
    /// When an administrator may remove the license (L6). Default `always`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub removable: Removable,
    /// What occupies a floating seat (S6); only for floating licenses. See [`LicenseTerms::counting`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<CountedBy>,
    /// The license must be refreshed at the issuer this often (I3). 1 to 366 days; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revalidate_days: Option<u16>,
    /// Days past a missed refresh before the license is stale (L2, I3). 0 to 366; only with `revalidate_days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_grace_days: Option<u16>,
    /// What an administrator must accept before the license takes effect (L8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Id of the one installation that may use the license (L5); any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installation: Option<String>,
    /// Ids of the licenses that this one replaces (L10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<String>,
}

impl LicenseTerms {
    /// What occupies a floating seat: `counted_by`, or by user when the terms don't say.
    pub fn counting(&self) -> CountedBy {
        self.counted_by.unwrap_or_default()
    }
}

fn first() -> u64 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the field by reference"
)]
fn is_first(revision: &u64) -> bool {
    *revision == first()
}

fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the field by reference"
)]
fn is_yes(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A closed set of words, the same in JSON, in TOML and in `as_str`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word as documents write it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// How seats are used.
    Model {
        /// A seat belongs to a named user until it is released.
        Dedicated = "dedicated",
        /// A seat is taken for the time of a session.
        Floating = "floating",
        /// Everyone may; nothing is counted.
        Site = "site",
    }
}

words! {
    /// What holders of a seat may do.
    #[derive(Default)]
    Access {
        /// Everything the product does.
        #[default]
        Write = "write",
        /// Only look.
        Read = "read",
    }
}

words! {
    /// When an administrator may remove a license (L6).
    #[derive(Default)]
    Removable {
        /// At any time.
        #[default]
        Always = "always",
        /// Only once it has expired.
        AfterExpiry = "after_expiry",
    }
}

words! {
    /// What occupies a floating seat (S6).
    #[derive(Default)]
    CountedBy {
        /// All of a user's sessions share one seat.
        #[default]
        User = "user",
        /// Each session takes one.
        Session = "session",
    }
}

/// Which modules of the product a license covers: `"all"` or a list of codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Modules {
    /// Every module, also those that come later.
    #[default]
    All,
    /// These, 1 to 10,000.
    Only(Vec<String>),
}

impl Serialize for Modules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Only(codes) => codes.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Modules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AllOrList;
        impl<'de> Visitor<'de> for AllOrList {
            type Value = Modules;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"all\" or a list of module codes")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Modules, E> {
                if word == "all" {
                    Ok(Modules::All)
                } else {
                    Err(E::invalid_value(de::Unexpected::Str(word), &self))
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Modules, A::Error> {
                let mut codes = Vec::new();
                while let Some(code) = list.next_element()? {
                    codes.push(code);
                }
                Ok(Modules::Only(codes))
            }
        }
        deserializer.deserialize_any(AllOrList)
    }
}

/// What an administrator must accept before a license takes effect (L8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// A heading, up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text itself, up to 200,000 characters; line breaks and tabs are allowed.
    pub text: String,
}

impl Agreement {
    /// SHA-256 of the text's UTF-8 bytes, in lower-case hex: what is kept of what was accepted (L8).
    pub fn text_hash(&self) -> String {
        use fmt::Write as _;
        Sha256::digest(&self.text)
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("writing to a String can't fail");
                hex
            })
    }
}
