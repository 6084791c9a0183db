//! Use over time, and what ends when, as columns: SVG without a style of its own.

use std::fmt::{Display, Formatter, Result, Write as _};

use askama::filters::HtmlSafe;

/// One column of [`UseChart`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UseColumn {
    /// The most seats in use at the same moment.
    pub(crate) peak: u64,
    /// Seats in use on average, in hundredths.
    pub(crate) average: u64,
    /// Seats owned.
    pub(crate) owned: u64,
}

/// Peak and average as columns, with a line for what is owned.
#[derive(Clone, Debug)]
pub(crate) struct UseChart(pub(crate) Vec<UseColumn>);

const HIGH: u64 = 100;
const WIDE: u64 = 10;

impl UseChart {
    /// The number at the top of the chart.
    pub(crate) fn top(&self) -> u64 {
        let columns = self.0.iter();
        columns
            .map(|column| column.peak.max(column.owned))
            .max()
            .unwrap_or(0)
            .max(1)
    }
}

impl Display for UseChart {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let wide = self.0.len().max(1) as u64 * WIDE;
        let top = self.top();
        write!(
            f,
            "<svg class=\"use-chart\" viewBox=\"0 0 {wide} {HIGH}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        )?;
        let height = |count: u64| {
            let height = count * HIGH / top;
            if count > 0 { height.max(1) } else { 0 }
        };
        let mut line = String::new();
        let mut drawn = false;
        for (index, column) in self.0.iter().enumerate() {
            let x = index as u64 * WIDE;
            for (class, height) in [
                ("peak", height(column.peak)),
                ("average", (column.average * HIGH / (top * 100)).min(HIGH)),
            ] {
                if height > 0 {
                    let (x, y, width) = (x + 1, HIGH - height, WIDE - 2);
                    write!(
                        f,
                        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
                    )?;
                }
            }
            // Where nothing was owned, or nothing is known of it, there is no line.
            if column.owned > 0 {
                let (y, to) = (HIGH - height(column.owned), x + WIDE);
                if drawn {
                    write!(line, "V{y}H{to}")?;
                } else {
                    write!(line, "M{x} {y}H{to}")?;
                }
            }
            drawn = column.owned > 0;
        }
        write!(f, "<path class=\"owned\" d=\"{line}\"/></svg>")
    }
}

impl HtmlSafe for UseChart {}

/// Numbers with a part of each that is worth a warning, as columns beside each other.
#[derive(Clone, Debug)]
pub(crate) struct Columns(pub(crate) Vec<(u64, u64)>);

impl Display for Columns {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let wide = self.0.len().max(1) as u64 * WIDE;
        let most = self.0.iter().map(|(all, _)| *all).max().unwrap_or(0).max(1);
        write!(
            f,
            "<svg class=\"use-chart\" viewBox=\"0 0 {wide} {HIGH}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        )?;
        for (index, (all, bad)) in self.0.iter().enumerate() {
            let x = index as u64 * WIDE + 1;
            for (class, count) in [("average", *all), ("bad", *bad)] {
                if count > 0 {
                    let height = (count * HIGH / most).max(2);
                    let (y, width) = (HIGH - height, WIDE - 2);
                    write!(
                        f,
                        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
                    )?;
                }
            }
        }
        f.write_str("</svg>")
    }
}

impl HtmlSafe for Columns {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_as_high_as_what_is_owned_reaches_its_line() {
        let column = UseColumn {
            peak: 20,
            average: 500,
            owned: 20,
        };
        let text = UseChart(vec![column]).to_string();
        assert!(text.contains("class=\"peak\" x=\"1\" y=\"0\""), "{text}");
        assert!(
            text.contains("class=\"average\" x=\"1\" y=\"75\""),
            "{text}"
        );
        assert!(text.contains("d=\"M0 0H10\""), "{text}");
    }

    #[test]
    fn nothing_is_no_column() {
        assert!(
            !UseChart(vec![UseColumn::default()])
                .to_string()
                .contains("rect")
        );
        assert_eq!(
            Columns(vec![(4, 1), (0, 0)])
                .to_string()
                .matches("<rect")
                .count(),
            2
        );
    }
}
