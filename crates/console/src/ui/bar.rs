//! Seats as a bar, days as columns: SVG without a style of its own, so that the policy against
//! inline styles holds.

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;

/// Seats as a bar: at work, given, free; and what is occupied beyond what there is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bar {
    pub(crate) used: u64,
    pub(crate) held: u64,
    pub(crate) free: u64,
    pub(crate) over: u64,
    pub(crate) thin: bool,
}

impl Display for Bar {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let all = self.used + self.held + self.free + self.over;
        let thin = if self.thin { " thin" } else { "" };
        write!(
            f,
            "<svg class=\"bar{thin}\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        )?;
        let mut from = 0;
        let mut upto = 0;
        for (class, count) in [
            ("used", self.used),
            ("held", self.held),
            ("over", self.over),
        ] {
            upto += count;
            let to = (upto * 1000).checked_div(all).unwrap_or(0);
            if count > 0 {
                let width = to.saturating_sub(from).max(4);
                write!(
                    f,
                    "<rect class=\"{class}\" x=\"{from}\" width=\"{width}\" height=\"8\"/>"
                )?;
            }
            from = to;
        }
        f.write_str("</svg>")
    }
}

impl HtmlSafe for Bar {}

/// Numbers of consecutive days as columns; the last is today.
#[derive(Clone, Debug)]
pub(crate) struct Spark(pub(crate) Vec<u64>);

impl Display for Spark {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let days = self.0.len().max(1) as u64;
        let most = self.0.iter().copied().max().unwrap_or(0).max(1);
        let wide = days * 20 - 4;
        write!(
            f,
            "<svg class=\"spark\" viewBox=\"0 0 {wide} 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        )?;
        for (index, count) in self.0.iter().copied().enumerate() {
            let x = index * 20;
            let height = if count == 0 {
                2
            } else {
                (count * 40 / most).max(4)
            };
            let class = match (count, index + 1 == self.0.len()) {
                (0, _) => "none",
                (_, true) => "today",
                (_, false) => "day",
            };
            let y = 40 - height;
            write!(
                f,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"16\" height=\"{height}\" rx=\"2\"/>"
            )?;
        }
        f.write_str("</svg>")
    }
}

impl HtmlSafe for Spark {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_bar_follow_each_other() {
        let bar = Bar {
            used: 1,
            held: 1,
            free: 2,
            ..Bar::default()
        };
        let text = bar.to_string();
        assert!(
            text.contains("class=\"used\" x=\"0\" width=\"250\""),
            "{text}"
        );
        assert!(
            text.contains("class=\"held\" x=\"250\" width=\"250\""),
            "{text}"
        );
        assert!(!Bar::default().to_string().contains("rect"));
    }

    #[test]
    fn a_day_without_anything_is_still_a_day() {
        let text = Spark(vec![0, 2, 1]).to_string();
        assert_eq!(text.matches("<rect").count(), 3);
        assert!(text.contains("class=\"today\" x=\"40\" y=\"20\""), "{text}");
    }
}
