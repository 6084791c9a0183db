//! License keys: what a buyer types to get a license from its issuer's license service (I2).
//!
//! `SK-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`: five groups of four random symbols and one check symbol, 100 random bits in all.
//! The 32 symbols are Crockford's, without I, L, O and U; I and L are read as 1, O as 0, case does not matter.
//! A check symbol is a sum over GF(32) with another weight for each place and another constant for each group, so every
//! single wrong symbol and every two swapped symbols are found in their group, and swapped groups in both.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What every key begins with. Never to be changed: people's scanners look for it.
pub const PREFIX: &str = "SK";
/// How many groups follow the prefix.
pub const GROUPS: usize = 5;
/// How many symbols a group has; the last one checks the others.
pub const GROUP: usize = 5;
/// How many random bytes a key is made from; four of their bits are left over.
pub const RANDOM: usize = 13;

const SYMBOLS: usize = GROUPS * GROUP;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A license key. Whoever has it can activate the license, so it is wiped when dropped and never printed;
/// only [`LicenseKey::reveal`] gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct LicenseKey(Zeroizing<[u8; SYMBOLS]>);

/// Why a text is no license key. The sentence names the place, never the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LicenseKeyError {
    /// Nothing was typed.
    #[error("no license key was typed")]
    Empty,
    /// A character that occurs in no key.
    #[error("{character:?} at position {position} occurs in no license key{}", hint(*.character))]
    BadCharacter {
        /// The first such character.
        character: char,
        /// Its position in characters, counted from 1.
        position: usize,
    },
    /// Too few or too many symbols.
    #[error(
        "a license key has {GROUPS} groups of {GROUP} after {PREFIX}, {SYMBOLS} symbols in all; this has {found}"
    )]
    Length {
        /// How many there are, without prefix and dashes.
        found: usize,
    },
    /// Some groups can't be right.
    #[error("there is a typing error in {}", groups(.0))]
    Mistyped(
        /// Which, counted from 1 after the prefix, in order.
        Vec<usize>,
    ),
}

fn hint(character: char) -> &'static str {
    match character {
        'u' | 'U' => " (perhaps a V?)",
        _ => "",
    }
}

fn groups(wrong: &[usize]) -> String {
    let list = |numbers: &[usize]| {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    };
    match wrong {
        [one] => format!("group {one} of the license key"),
        [first @ .., last] => format!("groups {} and {last} of the license key", list(first)),
        [] => "the license key".to_owned(),
    }
}

impl LicenseKeyError {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        "invalid_license_key"
    }
}

impl LicenseKey {
    /// The key of these random bytes.
    pub fn from_random(bytes: &[u8; RANDOM]) -> Self {
        let mut symbols = Zeroizing::new([0; SYMBOLS]);
        for (index, symbol) in symbols.iter_mut().enumerate() {
            if index % GROUP != GROUP - 1 {
                *symbol = five_bits(bytes, index / GROUP * (GROUP - 1) + index % GROUP);
            }
        }
        for group in 0..GROUPS {
            let place = group * GROUP;
            // The check symbol itself is still 0 and adds nothing.
            symbols[place + GROUP - 1] = sum(&symbols[place..place + GROUP]) ^ constant(group);
        }
        Self(symbols)
    }

    /// Reads what somebody typed: with or without prefix, dashes and spaces, in either case.
    ///
    /// # Errors
    /// [`LicenseKeyError`], which says where the mistake is. Nothing is sent anywhere for that.
    pub fn parse(text: &str) -> Result<Self, LicenseKeyError> {
        let typed = Zeroizing::new(
            text.chars()
                .enumerate()
                .filter(|(_, c)| !is_separator(*c))
                .map(|(index, c)| (index + 1, c.to_ascii_uppercase()))
                .collect::<Vec<(usize, char)>>(),
        );
        let has_prefix = typed.len() >= PREFIX.len()
            && typed.iter().map(|(_, c)| *c).take(2).eq(PREFIX.chars())
            && (typed.len() == SYMBOLS + 2
                || text.trim_start().chars().nth(2).is_some_and(is_separator));
        let typed = if has_prefix { &typed[2..] } else { &typed[..] };
        if typed.is_empty() {
            return Err(LicenseKeyError::Empty);
        }
        let mut symbols = Zeroizing::new([0; SYMBOLS]);
        for (place, (position, character)) in typed.iter().enumerate() {
            let symbol = value(*character).ok_or(LicenseKeyError::BadCharacter {
                character: *character,
                position: *position,
            })?;
            if let Some(slot) = symbols.get_mut(place) {
                *slot = symbol;
            }
        }
        if typed.len() != SYMBOLS {
            return Err(LicenseKeyError::Length { found: typed.len() });
        }
        let wrong: Vec<usize> = symbols
            .chunks(GROUP)
            .enumerate()
            .filter(|(group, symbols)| sum(symbols) != constant(*group))
            .map(|(group, _)| group + 1)
            .collect();
        if wrong.is_empty() {
            Ok(Self(symbols))
        } else {
            Err(LicenseKeyError::Mistyped(wrong))
        }
    }

    /// The text, as it is handed to its owner.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + SYMBOLS + GROUPS));
        text.push_str(PREFIX);
        for group in self.0.chunks(GROUP) {
            text.push('-');
            text.extend(group.iter().map(|symbol| letter(*symbol)));
        }
        text
    }

    /// Its first group, to tell keys apart by: `SK-XXXXX-…`. The other 80 bits stay secret.
    pub fn shown(&self) -> String {
        let first: String = self.0[..GROUP]
            .iter()
            .map(|symbol| letter(*symbol))
            .collect();
        format!("{PREFIX}-{first}-…")
    }

    /// SHA-256 of the key, by which the service finds it: the key itself is kept nowhere.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update("seatkeeper-license-key\0")
            .chain_update(self.0.as_slice())
            .finalize()
            .into()
    }
}

impl fmt::Debug for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LicenseKey")
    }
}

/// What people and word processors put between groups.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{feff}'
        )
}

fn value(character: char) -> Option<u8> {
    let plain = match character {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let found = ALPHABET
        .iter()
        .position(|symbol| char::from(*symbol) == plain)?;
    u8::try_from(found).ok()
}

fn letter(symbol: u8) -> char {
    char::from(ALPHABET[usize::from(symbol & 31)])
}

/// The `index`-th five bits of some bytes.
fn five_bits(bytes: &[u8; RANDOM], index: usize) -> u8 {
    (0..5).fold(0, |bits, offset| {
        let bit = index * 5 + offset;
        bits << 1 | (bytes[bit / 8] >> (7 - bit % 8)) & 1
    })
}

/// Twice a number of GF(32), whose polynomial is x^5 + x^2 + 1.
const fn double(number: u8) -> u8 {
    let shifted = number << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        (shifted ^ 0b10_0101) & 31
    }
}

/// The weighted sum of a group: each place weighs twice the next one.
fn sum(group: &[u8]) -> u8 {
    group.iter().fold(0, |sum, symbol| double(sum) ^ symbol)
}

/// What the sum of a group must be: another number for each group.
fn constant(group: usize) -> u8 {
    (0..=group).fold(1, |number, _| double(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> LicenseKey {
        let mut bytes = [0; RANDOM];
        for (index, byte) in (0_u8..).zip(&mut bytes) {
            *byte = seed.wrapping_mul(97).wrapping_add(index.wrapping_mul(61));
        }
        LicenseKey::from_random(&bytes)
    }

    #[test]
    fn i2_a_key_reads_back_however_it_was_typed() {
        for seed in 0..=255 {
            let key = key(seed);
            let text = key.reveal();
            assert_eq!(text.len(), "SK-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX".len());
            let bare = text.replace('-', "");
            for typed in [
                text.to_string(),
                text.to_lowercase(),
                text.replace('-', " "),
                text.replace('-', "\u{2013}"),
                format!("  {}\r\n", text.as_str()),
                text[3..].to_owned(),
                bare.clone(),
                bare[2..].to_owned(),
                text.replace('1', "l").replace('0', "o"),
                text.replace('1', "I").replace('0', "O"),
            ] {
                assert_eq!(LicenseKey::parse(&typed), Ok(key.clone()), "{typed}");
            }
        }
    }

    #[test]
    fn i2_every_wrong_symbol_is_found_in_its_group() {
        let text = key(7).reveal();
        for (index, right) in text.char_indices().skip(3).filter(|(_, c)| *c != '-') {
            for wrong in ALPHABET.iter().map(|symbol| char::from(*symbol)) {
                if wrong == right {
                    continue;
                }
                let typed = format!("{}{wrong}{}", &text[..index], &text[index + 1..]);
                let group = (index - 3) / 6 + 1;
                let expected = LicenseKeyError::Mistyped(vec![group]);
                assert_eq!(LicenseKey::parse(&typed), Err(expected), "{typed}");
            }
        }
    }

    #[test]
    fn i2_two_swapped_symbols_or_groups_are_found() {
        for seed in 0..=255 {
            let text = key(seed).reveal();
            let groups: Vec<&str> = text[3..].split('-').collect();
            for (number, group) in groups.iter().enumerate() {
                for first in 0..GROUP {
                    for second in first + 1..GROUP {
                        let mut symbols: Vec<char> = group.chars().collect();
                        symbols.swap(first, second);
                        let swapped: String = symbols.iter().collect();
                        if swapped == *group {
                            continue;
                        }
                        let mut typed = groups.clone();
                        typed[number] = &swapped;
                        let expected = LicenseKeyError::Mistyped(vec![number + 1]);
                        assert_eq!(LicenseKey::parse(&typed.join("-")), Err(expected));
                    }
                }
                for other in number + 1..GROUPS {
                    let mut typed = groups.clone();
                    typed.swap(number, other);
                    let expected = LicenseKeyError::Mistyped(vec![number + 1, other + 1]);
                    assert_eq!(LicenseKey::parse(&typed.join("-")), Err(expected));
                }
            }
        }
    }

    #[test]
    fn i2_what_is_no_key_is_told_with_its_place() {
        let says = |text: &str| LicenseKey::parse(text).unwrap_err().to_string();
        assert_eq!(says(" - "), "no license key was typed");
        assert_eq!(says("SK-"), "no license key was typed");
        assert!(
            says("SK-ABCDU-").contains("'U' at position 8 occurs in no license key (perhaps a V?)")
        );
        assert!(says("SK-ÄBCDE").contains("position 4"));
        assert!(says("SK-ABCDE-ABCDE").ends_with("this has 10"));
        assert!(says(&"A".repeat(26)).ends_with("this has 26"));
        assert!(says(&"7".repeat(1_000_000)).ends_with("this has 1000000"));
        let text = key(1).reveal();
        let groups: Vec<&str> = text[3..].split('-').collect();
        let turned = [groups[1], groups[2], groups[0], groups[3], groups[4]].join("-");
        assert_eq!(
            says(&turned),
            "there is a typing error in groups 1, 2 and 3 of the license key"
        );
    }

    #[test]
    fn i2_whatever_is_typed_is_a_key_or_a_refusal() {
        let letters: Vec<char> = "SK-0123456789ABCDEFGHJKMNPQRSTVWXYZilou \u{2013}\t\u{202e}ß漢\0"
            .chars()
            .collect();
        let mut random: u64 = 7;
        let mut next = move |below: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(random >> 33).unwrap() % below
        };
        for _ in 0..20_000 {
            let text: String = (0..next(40))
                .map(|_| letters[next(letters.len())])
                .collect();
            if let Ok(key) = LicenseKey::parse(&text) {
                assert_eq!(LicenseKey::parse(&key.reveal()), Ok(key), "{text:?}");
            }
        }
    }

    #[test]
    fn a_key_does_not_print_and_keys_differ() {
        let (one, other) = (key(1), key(2));
        assert_eq!(format!("{one:?}"), "LicenseKey");
        assert_ne!(one.hash(), other.hash());
        assert_eq!(one.shown().chars().count(), "SK-XXXXX-…".chars().count());
        let zeros = LicenseKey::from_random(&[0; RANDOM]).reveal();
        let ones = LicenseKey::from_random(&[255; RANDOM]).reveal();
        assert!(zeros.starts_with("SK-0000") && ones.starts_with("SK-ZZZZ"));
    }
}
