//! From files to the signed documents in them, whatever they are packed in: `.lic`, `license.xml`, Keygen's license
//! files, and `.zip` archives of these (I1). What a file is, its bytes tell; its name is only for the account.
//!
//! [`unpack`] takes files apart into [`Part`]s, each with one signed document that nobody has verified yet;
//! [`Part::open`] verifies one. To add a container: its recognition in `recognize`, a [`Form`] or a way to more parts,
//! and its refusals in [`OpenError`]. To add a kind of signed document, look at [`Part::header`]: its `typ` says which it is.

mod zip;

pub use zip::{MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED, ZipError};

use std::fmt;

use crate::armor;
use crate::document::Document;
use crate::jws::Header;
use crate::keygen::{self, Certificate, Freshness, Given};
use crate::open::{MAX_FILE, OpenError, Opened, Ours, TrustedKey, TrustedKeys};
use crate::open::{check_binding, open_compact};
use crate::xml;

/// Most files that are taken in at once, those in archives not counted.
pub const MAX_FILES: usize = 100;

/// A file as it came.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// What its sender calls it, for the account; pasted text has no name.
    pub name: Option<&'a str>,
    /// All of it.
    pub bytes: &'a [u8],
}

/// One signed document of what came. Nothing in it is verified yet.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where it was: the file's name, and the path in the archive.
    pub source: Option<String>,
    /// What it is.
    pub form: Form,
}

/// The forms in which signed documents come.
#[derive(Debug, Clone)]
pub enum Form {
    /// A compact JWS: bare, between BEGIN and END lines, or in a `license.xml`.
    Signed(Signed),
    /// Keygen's license file.
    Keygen(Box<Certificate>),
}

/// A compact JWS, with what a `license.xml` says beside it.
#[derive(Debug, Clone)]
pub struct Signed {
    pub(crate) compact: String,
    pub(crate) clear: Option<xml::Clear>,
}

/// What files hold.
#[derive(Debug, Clone, Default)]
pub struct Unpacked {
    /// The signed documents, in the order of the files.
    pub parts: Vec<Part>,
    /// What was in archives beside them and was not looked at, such as a readme.
    pub ignored: Vec<String>,
}

/// A refused file, and which one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct IntakeError {
    /// Which; `None` where there is only one, without a name.
    pub file: Option<String>,
    /// Why.
    pub error: OpenError,
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}: {}", crate::show::plain(file), self.error),
            None => self.error.fmt(f),
        }
    }
}

impl IntakeError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        self.error.code()
    }
}

/// Takes files apart. All of them, or none.
///
/// # Errors
/// [`IntakeError`]: the first file that is nothing we know, or more than we take.
pub fn unpack<'a>(files: impl IntoIterator<Item = File<'a>>) -> Result<Unpacked, IntakeError> {
    let mut unpacked = Unpacked::default();
    for (index, file) in files.into_iter().enumerate() {
        let source = file.name.map(str::to_owned);
        let refuse = |error| IntakeError {
            file: source.clone(),
            error,
        };
        if index == MAX_FILES {
            return Err(refuse(OpenError::TooManyFiles));
        }
        if file.bytes.len() > MAX_FILE {
            let bytes = file.bytes.len();
            return Err(refuse(OpenError::TooLarge { bytes }));
        }
        if zip::is_zip(file.bytes) {
            let archive = zip::read(file.bytes).map_err(|error| refuse(error.into()))?;
            let path = |inside: &str| match &source {
                Some(source) => format!("{source}/{inside}"),
                None => inside.to_owned(),
            };
            for entry in archive.files {
                let source = Some(path(&entry.path));
                match recognize(&entry.bytes) {
                    Ok(form) => unpacked.parts.push(Part { source, form }),
                    Err(error) => {
                        return Err(IntakeError {
                            file: source,
                            error,
                        });
                    }
                }
            }
            unpacked
                .ignored
                .extend(archive.ignored.iter().map(|inside| path(inside)));
        } else {
            let form = recognize(file.bytes).map_err(refuse)?;
            unpacked.parts.push(Part { source, form });
        }
    }
    Ok(unpacked)
}

/// What a file is, unless it is an archive.
fn recognize(bytes: &[u8]) -> Result<Form, OpenError> {
    if let Some(text) = keygen::recognize(bytes) {
        let certificate = Certificate::parse(text)?;
        return Ok(Form::Keygen(Box::new(certificate)));
    }
    if let Some(text) = as_xml(bytes) {
        let xml::Taken { compact, clear } = xml::read(text)?;
        let clear = Some(clear);
        return Ok(Form::Signed(Signed { compact, clear }));
    }
    let compact = armor::unwrap(bytes)?;
    Ok(Form::Signed(Signed {
        compact,
        clear: None,
    }))
}

/// The text, where it can be nothing but XML.
fn as_xml(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
    text.starts_with('<').then_some(text)
}

/// An opened document, and how long it says that it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedPart {
    /// Who signed it, and what it says.
    pub opened: Opened,
    /// For documents that are only good for a time of their own (Keygen's).
    pub freshness: Option<Freshness>,
}

/// What opening a part takes.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    /// Whose license documents are believed.
    pub trusted: &'a TrustedKeys,
    /// Whose Keygen license files are believed.
    pub keygen: &'a [TrustedKey],
    /// What whoever imports knows beside the files.
    pub given: &'a Given,
}

impl Part {
    /// The header of a signed document: which key it names, and which kind it claims to be. `None` for Keygen's files.
    ///
    /// # Errors
    /// [`OpenError`] where there is no readable header.
    pub fn header(&self) -> Result<Option<Header>, OpenError> {
        match &self.form {
            Form::Signed(signed) => crate::jws::peek_header(&signed.compact)
                .map(Some)
                .map_err(|error| OpenError::of_jws(error, "")),
            Form::Keygen(_) => Ok(None),
        }
    }

    /// Verifies the part and answers the licenses in it.
    ///
    /// # Errors
    /// [`IntakeError`], naming the part.
    pub fn open(&self, keys: Keys<'_>, ours: &Ours<'_>) -> Result<OpenedPart, IntakeError> {
        self.opened(keys, ours).map_err(|error| IntakeError {
            file: self.source.clone(),
            error,
        })
    }

    fn opened(&self, keys: Keys<'_>, ours: &Ours<'_>) -> Result<OpenedPart, OpenError> {
        match &self.form {
            Form::Signed(signed) => Ok(OpenedPart {
                opened: signed.open(keys.trusted, ours)?,
                freshness: None,
            }),
            Form::Keygen(certificate) => {
                let (opened, freshness) = certificate.open(keys.keygen, keys.given)?;
                check_binding(&opened.document, ours)?;
                Ok(OpenedPart {
                    opened,
                    freshness: Some(freshness),
                })
            }
        }
    }
}

impl Signed {
    /// The compact JWS.
    pub fn compact(&self) -> &str {
        &self.compact
    }

    fn open(&self, trust: &TrustedKeys, ours: &Ours<'_>) -> Result<Opened, OpenError> {
        let opened = open_compact(&self.compact, trust)?;
        self.agrees(&opened.document)?;
        check_binding(&opened.document, ours)?;
        Ok(opened)
    }

    /// Whether the readable part of a `license.xml` says what is signed.
    pub(crate) fn agrees(&self, document: &Document) -> Result<(), OpenError> {
        match &self.clear {
            Some(clear) => Ok(clear.agrees(document)?),
            None => Ok(()),
        }
    }
}
