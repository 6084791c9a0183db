//! How many seats are too few for a replacement, and who would go without (L10).

use std::fmt;

use crate::names::{Serial, Username};

/// A holder for whom no seat would be left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Whose.
    pub username: Username,
    /// The license whose seat they hold.
    pub holds: Serial,
}

/// Too few seats for those who should get one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// Those that should go.
    pub old: Vec<Serial>,
    /// Those that should come.
    pub new: Vec<Serial>,
    /// How many seats these have free.
    pub free: u32,
    /// How many are needed.
    pub wanted: u32,
    /// How many holders would be left out.
    pub missing: u32,
    /// Who that would be, in the order in which they lose: the first [`Shortage::LISTED`].
    pub left_out: Vec<LeftOut>,
}

impl Shortage {
    /// How many of those who would be left out are listed by name.
    pub const LISTED: usize = 100;
    /// How many of them the sentence names.
    const TOLD: usize = 3;
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let have = if self.new.len() == 1 { "has" } else { "have" };
        let seats = if self.free == 1 { "seat" } else { "seats" };
        let holders = if self.wanted == 1 {
            "holder"
        } else {
            "holders"
        };
        write!(
            f,
            "{} {have} {} free {seats} for {} {holders} of {}: {} too few; left out would be ",
            listed(&self.new),
            self.free,
            self.wanted,
            listed(&self.old),
            self.missing,
        )?;
        let told = self.left_out.iter().take(Self::TOLD);
        let told: Vec<String> = told.map(|one| one.username.to_string()).collect();
        let others = self.missing as usize - told.len().min(self.missing as usize);
        match others {
            0 => f.write_str(&told.join(", ")),
            1 => write!(f, "{} and 1 other", told.join(", ")),
            _ => write!(f, "{} and {others} others", told.join(", ")),
        }
    }
}

fn listed(serials: &[Serial]) -> String {
    let texts: Vec<&str> = serials.iter().map(Serial::as_str).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortage(missing: u32) -> String {
        let serial = |text: &str| Serial::parse(text).unwrap();
        let left_out = (0..missing).map(|number| LeftOut {
            username: Username::parse(&format!("user{number}")).unwrap(),
            holds: serial("OLD"),
        });
        Shortage {
            old: vec![serial("OLD")],
            new: vec![serial("NEW")],
            free: 1,
            wanted: 1 + missing,
            missing,
            left_out: left_out.collect(),
        }
        .to_string()
    }

    #[test]
    fn l10_a_shortage_says_how_many_too_few_and_who() {
        assert_eq!(
            shortage(1),
            "NEW has 1 free seat for 2 holders of OLD: 1 too few; left out would be user0"
        );
        assert!(shortage(4).ends_with("user0, user1, user2 and 1 other"));
        assert!(shortage(9).ends_with("user0, user1, user2 and 6 others"));
    }
}
