//! Named statements, written once for both databases where both accept the text.

use std::sync::OnceLock;

/// A statement with `$1..$n` as parameters.
#[derive(Debug)]
pub(crate) struct Statement {
    /// What errors and tests call it.
    pub(crate) name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    rewritten: OnceLock<String>,
}

impl Statement {
    /// One text for both databases.
    pub(crate) const fn both(name: &'static str, text: &'static str) -> Self {
        Self::each(name, text, text)
    }

    /// A text for each database.
    pub(crate) const fn each(
        name: &'static str,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> Self {
        Self {
            name,
            sqlite,
            postgres,
            rewritten: OnceLock::new(),
        }
    }

    /// A text for PostgreSQL alone.
    pub(crate) const fn of_postgres(name: &'static str, postgres: &'static str) -> Self {
        Self::each(name, "SELECT 'this is for PostgreSQL'", postgres)
    }

    /// The text for SQLite, where `$1` would be a name and not a position.
    pub(crate) fn sqlite(&self) -> &str {
        self.rewritten.get_or_init(|| for_sqlite(self.sqlite))
    }

    /// The text for PostgreSQL.
    pub(crate) const fn postgres(&self) -> &'static str {
        self.postgres
    }
}

/// Turns `$n` into `?n`.
pub(crate) fn for_sqlite(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let parameter = c == '$' && rest.peek().is_some_and(char::is_ascii_digit);
        out.push(if parameter { '?' } else { c });
    }
    out
}

/// Declares statements as statics, and `ALL`, which the tests prepare.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr $(, postgres $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::sql::Statement =
                $crate::sql::statement_of!($name, $text $(, $postgres)?);
        )*

        /// Every statement of this module.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::sql::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements;

/// Declares statements that only PostgreSQL is asked, and `ALL` of them.
macro_rules! statements_of_postgres {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::sql::Statement =
                $crate::sql::Statement::of_postgres(stringify!($name), $text);
        )*

        /// Every statement of this module.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::sql::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements_of_postgres;

/// One declaration of [`statements`].
macro_rules! statement_of {
    ($name:ident, $text:expr) => {
        $crate::sql::Statement::both(stringify!($name), $text)
    };
    ($name:ident, $text:expr, $postgres:expr) => {
        $crate::sql::Statement::each(stringify!($name), $text, $postgres)
    };
}
pub(crate) use statement_of;

#[cfg(test)]
mod tests {
    use super::for_sqlite;

    #[test]
    fn only_parameters_are_rewritten() {
        assert_eq!(
            for_sqlite("SELECT $1, '$', $12 -- $x"),
            "SELECT ?1, '$', ?12 -- $x"
        );
    }
}
