//! The tables to be copied, as the migrations make them: whoever adds one need not add it here.

use std::sync::LazyLock;

use crate::migrations;
use crate::sql::{Columns, Statement, Value};

/// What a store has for itself: where it stands among other nodes, not what it keeps.
const LEFT_BEHIND: &[&str] = &["node", "job_run"];

/// The table of single values; some of each store's own stay where they are.
pub(super) const META: &str = "meta";

/// A table, read and written as a whole.
pub(super) struct Table {
    pub(super) name: &'static str,
    columns: Vec<(&'static str, Kind)>,
    pub(super) read: Statement,
    pub(super) write: Statement,
    pub(super) count: Statement,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Id,
    Int,
    Bool,
    Text,
    Bytes,
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        Some(match word.trim_end_matches([',', ';']) {
            "uuid" => Self::Id,
            "bigint" | "integer" => Self::Int,
            "boolean" => Self::Bool,
            "text" => Self::Text,
            "bytea" => Self::Bytes,
            _ => return None,
        })
    }
}

/// Every table, in the order in which migrations make them: what others name comes first.
pub(super) static TABLES: LazyLock<Vec<Table>> =
    LazyLock::new(|| parse(migrations::POSTGRES).into_iter().map(table).collect());

impl Table {
    /// A row's values, as they are written.
    pub(super) fn values<'r>(
        &self,
        row: &mut Columns<'r, '_>,
    ) -> Result<Vec<Value<'r>>, crate::StoreError> {
        row.of(self.name);
        let mut values = Vec::with_capacity(self.columns.len());
        for &(column, kind) in &self.columns {
            values.push(match kind {
                Kind::Id => row
                    .opt_id::<uuid::Uuid>(column)?
                    .map_or(Value::Null, Value::Id),
                Kind::Int => row.opt_int(column)?.map_or(Value::Null, Value::Int),
                Kind::Bool => match row.opt_int(column)? {
                    None => Value::Null,
                    Some(number) => Value::Bool(number != 0),
                },
                Kind::Text => row.opt_text(column)?.map_or(Value::Null, Value::Text),
                Kind::Bytes => row.opt_bytes(column)?.map_or(Value::Null, Value::Bytes),
            });
        }
        Ok(values)
    }
}

type Parsed = (String, Vec<(String, Kind)>);

/// Tables and their columns. The migrations are written by hand, one column a line; a test
/// compares what is found here with what SQLite makes of them.
fn parse(steps: &[&str]) -> Vec<Parsed> {
    let mut tables: Vec<Parsed> = Vec::new();
    for line in steps.iter().flat_map(|step| step.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let table = match words[..] {
            ["CREATE", "TABLE", name, ..] => {
                tables.push((name.to_owned(), Vec::new()));
                continue;
            }
            ["ALTER", "TABLE", name, "ADD", "COLUMN", column, kind, ..] => {
                let found = tables.iter_mut().find(|(known, _)| known == name);
                found.map(|table| (table, column, kind))
            }
            [column, kind, ..] if line.starts_with("    ") && column != "--" => {
                tables.last_mut().map(|table| (table, column, kind))
            }
            _ => None,
        };
        if let Some((table, column, kind)) = table
            && let Some(kind) = Kind::of(kind)
        {
            table.1.push((column.to_owned(), kind));
        }
    }
    tables.retain(|(name, _)| !LEFT_BEHIND.contains(&name.as_str()));
    tables
}

/// Made once for the process, so that its texts may stay for good.
fn table((name, columns): Parsed) -> Table {
    let name: &'static str = name.leak();
    let columns: Vec<(&'static str, Kind)> = columns
        .into_iter()
        .map(|(column, kind)| (&*column.leak(), kind))
        .collect();
    let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
    let names = names.join(", ");
    let numbers: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let numbers = numbers.join(", ");
    let (own, over) = if name == META {
        (
            " WHERE name NOT IN ('schema_version', 'generation', 'turn')",
            " ON CONFLICT (name) DO UPDATE SET number = excluded.number, \
             content = excluded.content",
        )
    } else {
        ("", "")
    };
    let statement = |what: &str, text: String| {
        let text: &'static str = text.leak();
        Statement::both(format!("COPY {what} {name}").leak(), text)
    };
    Table {
        name,
        read: statement("READ", format!("SELECT {names} FROM {name}{own}")),
        write: statement(
            "WRITE",
            format!("INSERT INTO {name} ({names}) VALUES ({numbers}){over}"),
        ),
        count: statement("COUNT", format!("SELECT count(*) FROM {name}{own}")),
        columns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_copied_but_what_nodes_have_for_themselves() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        migrations::migrate(&mut connection).unwrap();
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap();
        let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let tables: Vec<String> = tables
            .map(Result::unwrap)
            .filter(|name| !LEFT_BEHIND.contains(&name.as_str()))
            .collect();
        let mut known: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        known.sort_unstable();
        assert_eq!(known, tables);
        for table in TABLES.iter() {
            let mut columns = connection
                .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")
                .unwrap();
            let columns = columns.query_map([table.name], |row| row.get::<_, String>(0));
            let columns: Vec<String> = columns.unwrap().map(Result::unwrap).collect();
            let known: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
            assert_eq!(known, columns, "{}", table.name);
        }
    }
}
