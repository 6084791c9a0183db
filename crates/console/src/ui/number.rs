//! Numbers: written with thousands apart, and in the reader's way by the script.

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;

/// A whole number of things.
pub(crate) trait Count {
    fn count(&self) -> u64;
}

impl Count for u64 {
    fn count(&self) -> u64 {
        *self
    }
}

impl Count for u32 {
    fn count(&self) -> u64 {
        u64::from(*self)
    }
}

impl Count for usize {
    fn count(&self) -> u64 {
        u64::try_from(*self).unwrap_or(u64::MAX)
    }
}

impl<T: Count> Count for &T {
    fn count(&self) -> u64 {
        T::count(self)
    }
}

/// A number on a page.
pub(crate) struct Number(u64);

/// A number on a page.
pub(crate) fn num(number: impl Count) -> Number {
    Number(number.count())
}

/// With commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.0 < 1000 {
            return write!(f, "{}", self.0);
        }
        write!(f, "<data value=\"{}\">{}</data>", self.0, grouped(self.0))
    }
}

impl HtmlSafe for Number {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(100), "100");
        assert_eq!(num(12_u64).to_string(), "12");
        assert_eq!(
            num(1000_u32).to_string(),
            "<data value=\"1000\">1,000</data>"
        );
    }
}
