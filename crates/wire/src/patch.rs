//! Fields of a change: absent leaves as it is; `null` empties what may be empty, and is an error elsewhere.

use serde::{Deserialize, Deserializer};

/// For `Option<T>`, with `#[serde(default)]`: absent is `None`, and `null` is an error.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// For `Option<Option<T>>`, with `#[serde(default)]`: absent is `None`, `null` is `Some(None)`.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
