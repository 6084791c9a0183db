//! Small pieces of markup that many screens use. What they write needs no escaping: every text
//! that comes from elsewhere is escaped here.

mod bar;
mod chart;
mod confirm;
pub(crate) mod csv;
mod enclosed;
mod moment;
mod number;
mod state;

pub(crate) use bar::{Bar, Spark};
pub(crate) use chart::{Columns, UseChart, UseColumn};
pub(crate) use confirm::{Confirm, Line, Tally};
pub(crate) use enclosed::{Enclosed, Returning};
pub(crate) use moment::{Month, ago, date, day_of, iso_day, last_day, moment, month};
pub(crate) use number::{Count, grouped, num};
pub(crate) use state::{Badge, state_badge};

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;

use crate::assets::ICONS_SVG;

/// An icon of the sprite; it says nothing to those who don't see it.
pub(crate) struct Icon(&'static str);

/// The icon with a name of `assets/icons.txt`.
pub(crate) const fn icon(name: &'static str) -> Icon {
    Icon(name)
}

impl Display for Icon {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(
            f,
            "<svg class=\"i\" aria-hidden=\"true\"><use href=\"{ICONS_SVG}#{}\"/></svg>",
            self.0
        )
    }
}

impl HtmlSafe for Icon {}

#[cfg(test)]
mod tests {
    /// Every icon that a template or a screen names is in the sprite.
    #[test]
    fn icons_are_listed() {
        let listed: Vec<&str> = include_str!("../../assets/icons.txt")
            .split_whitespace()
            .collect();
        let mut folders = vec![
            std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")),
            concat!(env!("CARGO_MANIFEST_DIR"), "/src").into(),
        ];
        let mut found = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for piece in text.split("icon(\"").skip(1) {
                    let name = piece.split('"').next().unwrap();
                    if name.is_empty() || name.contains(')') {
                        continue;
                    }
                    assert!(listed.contains(&name), "{name} in {}", path.display());
                    found += 1;
                }
            }
        }
        assert!(found > 10);
    }
}
