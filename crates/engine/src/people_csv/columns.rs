//! Which column is what.

use csv::StringRecord;
use domain::names::quoted;

use super::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Username,
    Name,
    Email,
    Folder,
    Active,
}

const KNOWN: [(&str, Column); 5] = [
    ("username", Column::Username),
    ("name", Column::Name),
    ("email", Column::Email),
    ("folder", Column::Folder),
    ("active", Column::Active),
];

/// The columns of a file, in its order.
#[derive(Clone)]
pub(super) struct Columns(Vec<Column>);

impl Columns {
    pub(super) fn read(header: &StringRecord) -> Result<Self, Fault> {
        let mut columns = Vec::with_capacity(header.len());
        for title in header {
            let known = KNOWN
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(title));
            let Some((name, column)) = known else {
                let names: Vec<_> = KNOWN.iter().map(|(name, _)| *name).collect();
                let detail = format!(
                    "there is no column {}; the columns are {}",
                    quoted(title),
                    names.join(", ")
                );
                return Err(("unknown_column", detail));
            };
            if columns.contains(column) {
                return Err((
                    "duplicate_column",
                    format!("the column {name} is there twice"),
                ));
            }
            columns.push(*column);
        }
        if !columns.contains(&Column::Username) {
            return Err((
                "missing_column",
                "the header has no column username".to_owned(),
            ));
        }
        Ok(Self(columns))
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get<'r>(&self, record: &'r StringRecord, column: Column) -> Option<&'r str> {
        let place = self.0.iter().position(|known| *known == column)?;
        record.get(place)
    }
}
