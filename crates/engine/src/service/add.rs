//! A license key becomes a license (I2): first a look, then the license itself.

use std::sync::Arc;

use domain::command::FolderRef;
use domain::names::{Title, fold};
use domain::outcome::ImportAnswer;
use domain::refresh::{Fault, LicenseService};
use domain::{Command, Terms};
use license_file::document::{Document, FORMAT};
use license_file::exchange::{ACTIVATE_PATH, Answered, PREVIEW_PATH, Wish};
use license_file::license_key::{LicenseKey, LicenseKeyError};
use license_file::open::{Opened, TrustedKey};

use super::line::LineError;
use super::speakers::Speakers;
use super::{sentence, signed};
use crate::error::{EngineError, ImportError};
use crate::intake;
use crate::state::Shared;

/// What a license key brings, or brought.
#[derive(Clone, Debug)]
pub struct KeyLicense {
    /// Who issues it.
    pub issuer: Title,
    /// What it grants.
    pub terms: Arc<Terms>,
    /// What becomes of it here.
    pub answer: ImportAnswer,
    /// Whether it is here now; otherwise this was only a look.
    pub confirmed: bool,
}

/// Why a license key brought nothing. Nothing was changed here.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyError {
    /// The key can't be right.
    #[error("{0}")]
    Key(#[from] LicenseKeyError),
    /// The policy keeps this server off the internet.
    #[error(
        "the policy keeps this server off the internet (`internet`), so that a license key can't be exchanged; import a \
         license file instead"
    )]
    InternetOff,
    /// Nobody said where a license service is.
    #[error(
        "no license service is known; an administrator names that of an issuer first, or imports a license file"
    )]
    NoService,
    /// There are several, and a key is a secret that only its issuer should see.
    #[error("license services of several issuers are known; say whose key it is: {}", .0.join(", "))]
    WhichService(Vec<String>),
    /// No license service of that issuer is known.
    #[error("no license service of {0:?} is known")]
    NoServiceOf(String),
    /// The service said no.
    #[error("{detail}")]
    Refused {
        /// The service's own code.
        code: String,
        /// Whose service, and what it said.
        detail: String,
    },
    /// The service said nothing of use.
    #[error("{detail}")]
    Fault {
        /// What went wrong.
        fault: Fault,
        /// Whose service, and what went wrong.
        detail: String,
    },
    /// What it sent can't be taken in.
    #[error(transparent)]
    Import(#[from] ImportError),
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Key(error) => error.code(),
            Self::InternetOff => Fault::InternetOff.code(),
            Self::NoService | Self::NoServiceOf(_) => Fault::NoService.code(),
            Self::WhichService(_) => "which_issuer",
            Self::Refused { code, .. } => code,
            Self::Fault { fault, .. } => fault.code(),
            Self::Import(error) => error.code(),
        }
    }
}

impl From<EngineError> for KeyError {
    fn from(error: EngineError) -> Self {
        Self::Import(error.into())
    }
}

/// What is needed to take in what a key brings.
pub(crate) struct Brought {
    pub(crate) issuer: Title,
    pub(crate) terms: Arc<Terms>,
    /// Takes it in; of a preview: tells what that would come to.
    pub(crate) command: Command,
}

/// Asks what a key would bring.
pub(crate) fn preview(
    shared: &Shared,
    key: &str,
    issuer: Option<&str>,
    folder: &FolderRef,
) -> Result<Brought, KeyError> {
    let key = LicenseKey::parse(key)?;
    let exchange = Exchange::open(shared, issuer)?;
    // Who signed the answer is who will sign the license.
    let (signer, answered) = exchange.ask(shared, PREVIEW_PATH, Wish::Preview(key))?;
    let Answered::Offered { terms } = answered else {
        return Err(exchange.fault(Fault::WrongAnswer, "it offers no license for this key"));
    };
    let document = Document {
        format: FORMAT,
        issuer: exchange.service.issuer.to_string(),
        customer: None,
        issued_at: jiff::Timestamp::UNIX_EPOCH,
        licenses: vec![*terms],
    };
    if let Err(problems) = document.check() {
        return Err(exchange.fault(Fault::Unacceptable, &problems.to_string()));
    }
    exchange.brought(shared, signer, document, folder)
}

/// Exchanges a key for its license.
pub(crate) fn activate(
    shared: &Shared,
    key: &str,
    issuer: Option<&str>,
    folder: &FolderRef,
) -> Result<Brought, KeyError> {
    let key = LicenseKey::parse(key)?;
    let exchange = Exchange::open(shared, issuer)?;
    let (_, answered) = exchange.ask(shared, ACTIVATE_PATH, Wish::Activate(key))?;
    let Answered::Issued { document } = answered else {
        return Err(exchange.fault(Fault::WrongAnswer, "it sent no license for this key"));
    };
    let installation = &shared.installation.id_text;
    let opened = exchange.speakers.opened(&document, installation);
    let Opened { signer, document } =
        opened.map_err(|(fault, what)| exchange.fault(fault, &what))?;
    exchange.brought(shared, signer, document, folder)
}

/// An exchange with one service.
struct Exchange {
    service: LicenseService,
    speakers: Speakers,
}

impl Exchange {
    fn open(shared: &Shared, issuer: Option<&str>) -> Result<Self, KeyError> {
        if !shared.policy().internet {
            return Err(KeyError::InternetOff);
        }
        let services = shared.store.read(|reader| reader.license_services());
        let mut services = services.map_err(EngineError::from)?;
        if let Some(issuer) = issuer {
            services.retain(|service| service.issuer.key() == fold(issuer));
            if services.is_empty() {
                return Err(KeyError::NoServiceOf(issuer.to_owned()));
            }
        }
        if services.len() > 1 {
            let names = services.iter().map(|service| service.issuer.to_string());
            return Err(KeyError::WhichService(names.collect()));
        }
        let service = services.pop().ok_or(KeyError::NoService)?;
        let speakers = shared
            .store
            .read(|reader| Speakers::of(reader, &service.issuer, shared.now()));
        let speakers = speakers.map_err(EngineError::from)?;
        Ok(Self { service, speakers })
    }

    fn ask(
        &self,
        shared: &Shared,
        path: &str,
        wish: Wish,
    ) -> Result<(TrustedKey, Answered), KeyError> {
        let request = signed(shared, wish);
        let reply = shared
            .line
            .send(&format!("{}{path}", self.service.url), &request);
        if let Err(LineError::Refused { code, detail }) = reply {
            let detail = sentence(&self.service, &detail);
            return Err(KeyError::Refused { code, detail });
        }
        let installation = &shared.installation.id_text;
        let understood = self.speakers.understood(reply, &request, installation);
        let (signer, answer) = understood.map_err(|(fault, what)| self.fault(fault, &what))?;
        let mut answered = answer.licenses.into_iter();
        match (answered.next(), answered.next()) {
            (Some(only), None) => Ok((signer, only)),
            _ => Err(self.fault(Fault::WrongAnswer, "it does not answer of one license")),
        }
    }

    fn fault(&self, fault: Fault, what: &str) -> KeyError {
        KeyError::Fault {
            fault,
            detail: sentence(&self.service, what),
        }
    }

    fn brought(
        &self,
        shared: &Shared,
        signer: TrustedKey,
        document: Document,
        folder: &FolderRef,
    ) -> Result<Brought, KeyError> {
        let command = intake::take_in(shared, Opened { signer, document }, folder)?;
        let terms = match &command {
            Command::ImportLicenses { licenses, .. } => licenses.first(),
            _ => None,
        };
        let Some(terms) = terms.map(|license| Arc::clone(&license.terms)) else {
            return Err(self.fault(Fault::WrongAnswer, "it sent no license"));
        };
        Ok(Brought {
            issuer: self.service.issuer.clone(),
            terms,
            command,
        })
    }
}
