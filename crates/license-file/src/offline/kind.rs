//! Which kind of file it is.

use crate::armor;
use crate::jws::{LICENSE_TYP, REQUEST_TYP, RESPONSE_TYP, peek_header};

/// The kinds of signed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Licenses (`.lic`).
    License,
    /// What an installation asks for (`.tlr`).
    Request,
    /// What an issuer answers (`.tls`).
    Response,
}

impl Kind {
    const ALL: [Self; 3] = [Self::License, Self::Request, Self::Response];

    /// The `typ` in its header.
    pub const fn typ(self) -> &'static str {
        match self {
            Self::License => LICENSE_TYP,
            Self::Request => REQUEST_TYP,
            Self::Response => RESPONSE_TYP,
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::License => "license file",
            Self::Request => "license request",
            Self::Response => "license response",
        }
    }

    /// First line of the file.
    pub const fn begin(self) -> &'static str {
        match self {
            Self::License => armor::BEGIN,
            Self::Request => "-----BEGIN SEATKEEPER LICENSE REQUEST-----",
            Self::Response => "-----BEGIN SEATKEEPER LICENSE RESPONSE-----",
        }
    }

    /// Last line of the file.
    pub const fn end(self) -> &'static str {
        match self {
            Self::License => armor::END,
            Self::Request => "-----END SEATKEEPER LICENSE REQUEST-----",
            Self::Response => "-----END SEATKEEPER LICENSE RESPONSE-----",
        }
    }

    /// What a file says it is, by its first line or, where it has none, by its header. None when it says nothing of
    /// the kind; what it says is not verified.
    pub fn of(file: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(file).ok()?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
        let by_line = Self::ALL
            .into_iter()
            .find(|kind| text.starts_with(kind.begin()));
        by_line.or_else(|| {
            let compact = armor::unwrap(file).ok()?;
            let typ = peek_header(&compact).ok()?.typ;
            Self::ALL.into_iter().find(|kind| kind.typ() == typ)
        })
    }
}
