//! A file that travels in a page, and comes back with what its form sends.

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;
use base64::Engine as _;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// A file, written as base64 wherever it is shown: as its page is, and not before.
#[derive(Debug)]
pub(crate) struct Enclosed(Bytes);

impl Enclosed {
    /// The field of a form that it is in; no other field of any form has this name.
    pub(crate) const FIELD: &str = "enclosed";

    /// A file as it is; nothing is copied.
    pub(crate) const fn new(file: Bytes) -> Self {
        Self(file)
    }

    /// How many bytes it adds to a page.
    pub(crate) const fn size(&self) -> usize {
        self.0.len().div_ceil(3) * 4
    }
}

impl Display for Enclosed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl HtmlSafe for Enclosed {}

/// Such a file on its way back, read as its pieces arrive.
#[derive(Debug, Default)]
pub(crate) struct Returning {
    file: Vec<u8>,
    /// The end of the last piece: less than four letters, which are no bytes yet.
    rest: Vec<u8>,
    /// Whether the last letters were read that it can have.
    is_over: bool,
    is_broken: bool,
}

impl Returning {
    /// How much of it is here, in bytes.
    pub(crate) const fn len(&self) -> usize {
        self.file.len()
    }

    /// Makes room for a file that is written in so many letters.
    pub(crate) fn make_room(&mut self, letters: usize) {
        let size = letters / 4 * 3;
        self.file.reserve(size.saturating_sub(self.file.len()));
    }

    /// Reads the next piece.
    pub(crate) fn take(&mut self, piece: &[u8]) {
        let missing = (4 - self.rest.len()) % 4;
        let (first, piece) = piece.split_at(missing.min(piece.len()));
        self.rest.extend_from_slice(first);
        if self.rest.len() == 4 {
            let first = std::mem::take(&mut self.rest);
            self.read(&first);
        }
        let (whole, rest) = piece.split_at(piece.len() / 4 * 4);
        self.read(whole);
        self.rest.extend_from_slice(rest);
    }

    /// The file; none if what came is not what went out.
    pub(crate) fn end(self) -> Option<Bytes> {
        let is_whole = !self.is_broken && self.rest.is_empty();
        is_whole.then(|| self.file.into())
    }

    fn read(&mut self, letters: &[u8]) {
        self.is_broken |= self.is_over && !letters.is_empty();
        self.is_over |= letters.ends_with(b"=");
        self.is_broken |= STANDARD.decode_vec(letters, &mut self.file).is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned(text: &str, piece: usize) -> Option<Bytes> {
        let mut file = Returning::default();
        for piece in text.as_bytes().chunks(piece) {
            file.take(piece);
        }
        file.end()
    }

    #[test]
    fn a_file_comes_back_as_it_went_whatever_pieces_it_is_in() {
        for length in [0, 1, 2, 3, 4, 5_000] {
            let file: Vec<u8> = (0_u8..=255).cycle().take(length).collect();
            let enclosed = Enclosed::new(file.clone().into());
            let text = enclosed.to_string();
            assert_eq!(text.len(), enclosed.size());
            for piece in [1, 2, 3, 4, 5, 7, 1_024, 10_000] {
                assert_eq!(returned(&text, piece).unwrap(), file);
            }
        }
    }

    #[test]
    fn what_is_broken_on_its_way_is_no_file() {
        for broken in ["YWJj!", "YWJ", "YW==YWJj", "no base64, all of it"] {
            for piece in [1, 3, 100] {
                assert_eq!(returned(broken, piece), None, "{broken} by {piece}");
            }
        }
    }
}
