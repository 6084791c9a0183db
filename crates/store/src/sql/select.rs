//! Queries composed from filters.

use std::fmt::Write as _;

use super::{Value, for_sqlite};

/// A query that grows by conditions. Parameters are numbered as they come.
#[derive(Debug)]
pub(crate) struct Select<'a> {
    name: &'static str,
    text: String,
    values: Vec<Value<'a>>,
}

impl<'a> Select<'a> {
    /// Begins with a text without parameters, up to and including a first `WHERE` condition.
    pub(crate) fn new(name: &'static str, text: &str) -> Self {
        Self {
            name,
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds a text; each `?` in it stands for one of the values, in order.
    pub(crate) fn push(&mut self, text: &str, values: impl IntoIterator<Item = Value<'a>>) {
        let mut values = values.into_iter();
        self.text.push(' ');
        for c in text.chars() {
            match (c, c == '?') {
                (_, true) => {
                    self.values.push(values.next().unwrap_or(Value::Null));
                    let number = self.values.len();
                    write!(self.text, "${number}").expect("a String takes any text");
                }
                (c, false) => self.text.push(c),
            }
        }
    }

    /// Adds a text without values.
    pub(crate) fn add(&mut self, text: &str) {
        self.push(text, []);
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn sqlite(&self) -> String {
        for_sqlite(&self.text)
    }

    /// The text for PostgreSQL.
    pub(crate) fn postgres(&self) -> &str {
        &self.text
    }

    pub(crate) fn values(&self) -> &[Value<'a>] {
        &self.values
    }
}
