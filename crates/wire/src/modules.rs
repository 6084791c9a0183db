//! `"all"` or a list of module codes.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Which modules of a product are given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modules {
    /// Every module, also those that come later. Travels as `"all"`.
    All,
    /// These. Travels as a list.
    Only(Vec<String>),
}

impl fmt::Display for Modules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.pad("all"),
            Self::Only(codes) => f.pad(&codes.join(", ")),
        }
    }
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

impl PartialSchema for Modules {
    fn schema() -> RefOr<Schema> {
        let all = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(["all"]));
        let list = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
        OneOfBuilder::new()
            .item(all)
            .item(list)
            .description(Some(
                "Which modules are given: \"all\", or a list of codes.",
            ))
            .into()
    }
}

impl ToSchema for Modules {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_a_word_and_some_are_a_list() {
        let only = Modules::Only(vec!["cmdb".into()]);
        for (modules, json) in [(Modules::All, "\"all\""), (only, "[\"cmdb\"]")] {
            assert_eq!(serde_json::to_string(&modules).unwrap(), json);
            assert_eq!(serde_json::from_str::<Modules>(json).unwrap(), modules);
        }
        let error = serde_json::from_str::<Modules>("\"some\"").unwrap_err();
        assert!(error.to_string().contains("\"all\" or a list"), "{error}");
    }
}
