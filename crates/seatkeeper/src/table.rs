//! Tables for people: one row a line, columns two spaces apart, so that `grep` and `awk` work on them too.

use std::fmt::Display;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table as Comfy,
    presets,
};
use wire::Time;

/// A table in the making.
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

/// What stands in a cell.
pub(crate) enum Value {
    /// A text.
    Text(String),
    /// A number, to the right.
    Number(String),
    /// A word that says how things are.
    State(String, Mood),
}

/// How a state looks where there is color.
#[derive(Clone, Copy)]
pub(crate) enum Mood {
    /// All is well.
    Good,
    /// Deserves attention.
    Warning,
    /// Is wrong.
    Bad,
    /// Neither.
    Plain,
}

impl Table {
    /// With these columns. Empty names: no header.
    pub(crate) fn new<const N: usize>(header: [&'static str; N]) -> Self {
        Self {
            header: header.into(),
            rows: Vec::new(),
        }
    }

    /// One more row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [Value; N]) {
        self.rows.push(cells.into());
    }

    /// With a row for each item.
    pub(crate) fn of<const N: usize, T>(
        header: [&'static str; N],
        items: impl IntoIterator<Item = T>,
        mut row: impl FnMut(T) -> [Value; N],
    ) -> Self {
        let mut table = Self::new(header);
        for item in items {
            table.row(row(item));
        }
        table
    }

    /// Without those of these columns in which no row says anything.
    pub(crate) fn without_empty(mut self, columns: &[&str]) -> Self {
        for name in columns {
            let Some(column) = self.header.iter().position(|header| header == name) else {
                continue;
            };
            if self.rows.iter().all(|row| row[column].is_nothing()) {
                self.header.remove(column);
                for row in &mut self.rows {
                    row.remove(column);
                }
            }
        }
        self
    }

    /// As a file for spreadsheets (RFC 4180). A field that one would take for a formula begins
    /// with an apostrophe.
    pub(crate) fn csv(&self) -> String {
        let header = self.header.iter().map(|name| name.replace(' ', "_"));
        let mut text = csv_line(header);
        for row in &self.rows {
            text.push_str(&csv_line(row.iter().map(|cell| match cell {
                Value::Text(text) | Value::Number(text) | Value::State(text, _) => text.clone(),
            })));
        }
        text
    }

    /// As text, without a line break at the end.
    pub(crate) fn render(self, color: bool, width: Option<u16>) -> String {
        let mut comfy = Comfy::new();
        comfy.load_style(presets::NOTHING);
        match width {
            Some(width) => comfy
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width),
            None => comfy.set_content_arrangement(ContentArrangement::Disabled),
        };
        if color {
            comfy.enforce_styling();
        } else {
            comfy.force_no_tty();
        }
        if self.header.iter().any(|name| !name.is_empty()) {
            let names = self.header.iter().map(|name| name.to_uppercase());
            comfy.set_header(names.map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
        }
        let prose: Vec<bool> = (0..self.header.len())
            .map(|column| self.rows.iter().any(|row| row[column].is_prose()))
            .collect();
        for row in self.rows {
            comfy.add_row(row.into_iter().map(Value::into_cell));
        }
        for (column, is_prose) in comfy.column_iter_mut().zip(prose) {
            column.set_padding((0, 2));
            if !is_prose {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        let lines: Vec<String> = comfy
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        lines.join("\n")
    }
}

fn csv_line(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields
        .map(|field| {
            let is_number = field.parse::<f64>().is_ok();
            let guard = !is_number && field.starts_with(['=', '+', '-', '@', '\t']) && field != "-";
            let field = if guard { format!("'{field}") } else { field };
            if field.contains(['"', ',', '\n', '\r']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field
            }
        })
        .collect();
    format!("{}\r\n", fields.join(","))
}

impl Value {
    /// Whether it stands for nothing.
    fn is_nothing(&self) -> bool {
        match self {
            Self::Text(text) | Self::State(text, _) => matches!(text.as_str(), "" | "-"),
            Self::Number(_) => false,
        }
    }

    /// Whether it may be broken into lines on a narrow terminal. An id or a moment may not.
    fn is_prose(&self) -> bool {
        match self {
            Self::Text(text) | Self::State(text, _) => text.contains(' '),
            Self::Number(_) => false,
        }
    }

    fn into_cell(self) -> Cell {
        match self {
            Self::Text(text) => Cell::new(clean(&text)),
            Self::Number(text) => Cell::new(text).set_alignment(CellAlignment::Right),
            Self::State(text, mood) => {
                let cell = Cell::new(clean(&text));
                match mood {
                    Mood::Good => cell.fg(Color::Green),
                    Mood::Warning => cell.fg(Color::Yellow),
                    Mood::Bad => cell.fg(Color::Red),
                    Mood::Plain => cell,
                }
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A text of anything that can be shown.
pub(crate) fn text(value: impl ToString) -> Value {
    Value::Text(value.to_string())
}

/// A text, or a dash where there is none.
pub(crate) fn maybe(value: Option<impl ToString>) -> Value {
    Value::Text(value.map_or_else(|| "-".to_owned(), |value| value.to_string()))
}

/// A moment, to the second; a dash where there is none.
pub(crate) fn moment(at: impl Into<Option<Time>>) -> Value {
    maybe(
        at.into()
            .map(|at| Time::from_millis(at.as_millis().div_euclid(1000) * 1000)),
    )
}

/// "1 license", "2 licenses".
pub(crate) fn plural<N: From<u8> + PartialEq + Display>(count: N, one: &str, many: &str) -> String {
    format!("{count} {}", if count == N::from(1) { one } else { many })
}

/// A number.
pub(crate) fn number(value: impl ToString) -> Value {
    Value::Number(value.to_string())
}

/// "yes" or "no".
pub(crate) fn yes_no(value: bool) -> Value {
    Value::Text(if value { "yes" } else { "no" }.to_owned())
}

/// Two columns: a name, and what it is.
pub(crate) fn facts(rows: impl IntoIterator<Item = (&'static str, Value)>) -> Table {
    Table::of(["", ""], rows, |(name, value)| {
        let value = match value {
            Value::Number(text) => Value::Text(text),
            other => other,
        };
        [name.into(), value]
    })
}

/// A text that can't steer a terminal: control characters and bidirectional overrides are written out. Line breaks and
/// tabs become spaces.
pub(crate) fn clean(text: &str) -> String {
    let is_unfit =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(is_unfit) {
        return text.to_owned();
    }
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => cleaned.push(' '),
            c if is_unfit(c) => cleaned.extend(c.escape_unicode()),
            c => cleaned.push(c),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::of(
            ["serial", "seats", "state"],
            [("NW-1", 5, "active"), ("NW-22", 1000, "expired")],
            |(serial, seats, state)| {
                let state = Value::State(state.into(), Mood::Bad);
                [serial.into(), number(seats), state]
            },
        )
    }

    #[test]
    fn a_table_is_one_row_a_line_with_numbers_to_the_right() {
        let text = table().render(false, None);
        assert_eq!(
            text,
            "SERIAL  SEATS  STATE\nNW-1        5  active\nNW-22    1000  expired"
        );
    }

    #[test]
    fn a_column_that_says_nothing_can_be_left_out() {
        let table = |why: Option<&'static str>| {
            let rows = [("anna", None), ("boris", why)];
            Table::of(["user", "why"], rows, |(user, why)| {
                [user.into(), maybe(why)]
            })
            .without_empty(&["why"])
            .render(false, None)
        };
        assert_eq!(table(None), "USER\nanna\nboris");
        assert_eq!(table(Some("late")), "USER   WHY\nanna   -\nboris  late");
    }

    #[test]
    fn as_a_file_a_table_is_quoted_and_no_program() {
        let rows = [("a, \"b\"", 2.5), ("=1+1", -3.0)];
        let table = Table::of(["last day", "hours"], rows, |(name, hours)| {
            [name.into(), number(hours)]
        });
        assert_eq!(
            table.csv(),
            "last_day,hours\r\n\"a, \"\"b\"\"\",2.5\r\n'=1+1,-3\r\n"
        );
    }

    #[test]
    fn on_a_narrow_terminal_only_prose_is_broken() {
        let rows = [("2026-01-31T12:00:00Z", "All seats are taken by others.")];
        let table = Table::of(["at", "why"], rows, |(at, why)| [at.into(), why.into()]);
        assert_eq!(
            table.render(false, Some(40)),
            "AT                    WHY\n2026-01-31T12:00:00Z  All seats are\n                      taken by others."
        );
    }

    #[test]
    fn color_adds_and_takes_no_words() {
        let colored = table().render(true, None);
        assert!(colored.contains("\u{1b}["));
        assert!(colored.contains("expired"));
        assert!(!table().render(false, None).contains('\u{1b}'));
    }

    #[test]
    fn names_of_facts_stand_in_the_first_column() {
        let text = facts([("serial", "NW-1".into()), ("seats", number(5))]).render(false, None);
        assert_eq!(text, "serial  NW-1\nseats   5");
    }

    #[test]
    fn a_moment_is_shown_to_the_second() {
        let rows = [Some(Time::from_millis(1_999)), None];
        let table = Table::of(["at"], rows, |at| [moment(at)]);
        assert_eq!(table.render(false, None), "AT\n1970-01-01T00:00:01Z\n-");
    }

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}"), "a\\u{1b}[2Jb c\\u{202e}");
    }
}
