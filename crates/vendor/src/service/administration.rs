//! What the service's administrators do.

use license_file::document::{Document, FORMAT, LicenseTerms};
use license_file::license_key::LicenseKey;
use store::ledger::{NewLicense, Reading};

use super::kept::{activation, entry, json, kept, revision};
use super::model::{Activation, Detail, Entry, Issued, NewLicenses, Reissue};
use super::token::{fresh_key, token_hash};
use super::{Service, ServiceError};
use crate::issue::license_id;
use crate::spec::{Edge, Spec, SpecError, instant, lines, start_of_day};

/// Most installations that one license may be active on.
const MOST_INSTALLATIONS: u32 = 100_000;

impl Service {
    /// Issues the licenses of a specification: one key for each, all or none.
    ///
    /// # Errors
    /// [`ServiceError::Spec`], [`ServiceError::SerialTaken`], [`ServiceError::Invalid`].
    pub fn issue(&self, new: &NewLicenses) -> Result<Vec<Issued>, ServiceError> {
        let installations = new.installations.unwrap_or(1);
        if !(1..=MOST_INSTALLATIONS).contains(&installations) {
            let why = format!("a license is active on 1 to {MOST_INSTALLATIONS} installations");
            return Err(ServiceError::Invalid(why));
        }
        let (customer, licenses) = self.terms(&new.spec)?;
        let keys: Vec<LicenseKey> = licenses
            .iter()
            .map(|_| fresh_key())
            .collect::<Result<_, _>>()?;
        let now = kept(self.now());
        self.ledger.write(|book| {
            let mut issued = Vec::with_capacity(licenses.len());
            for (terms, key) in licenses.iter().zip(&keys) {
                let new = NewLicense {
                    id: &terms.id,
                    serial: &terms.serial,
                    customer: customer.as_deref(),
                    revision: terms.revision,
                    terms: &json(terms)?,
                    key_hash: key.hash(),
                    key_shown: &key.shown(),
                    installations,
                };
                if !book.add(&new, now)? {
                    return Err(ServiceError::SerialTaken(terms.serial.clone()));
                }
                issued.push(Issued {
                    license: found(*book, &terms.id)?,
                    license_key: key.reveal().to_string(),
                });
            }
            Ok(issued)
        })
    }

    /// The sound terms of a specification.
    fn terms(&self, spec: &str) -> Result<(Option<String>, Vec<LicenseTerms>), ServiceError> {
        let spec = Spec::parse(spec)?;
        let now = self.now();
        let lines = lines(&spec.licenses);
        let made_id = |serial: &str| license_id(self.key.key.lineage(), serial);
        let document = Document {
            format: FORMAT,
            issuer: self.key.name.clone(),
            customer: spec.customer,
            issued_at: now,
            licenses: spec
                .licenses
                .into_iter()
                .map(|license| license.into_terms(made_id, start_of_day(now)))
                .collect(),
        };
        document
            .check()
            .map_err(|problems| SpecError::of_terms(&problems, &lines))?;
        Ok((document.customer, document.licenses))
    }

    /// The license with an id or serial.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`].
    pub fn get(&self, license: &str) -> Result<Entry, ServiceError> {
        self.ledger.read(|book| found(book, license))
    }

    /// The same, with where it is active and how it became what it is.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`].
    pub fn detail(&self, license: &str) -> Result<Detail, ServiceError> {
        self.ledger.read(|book| {
            let license = found(book, license)?;
            let id = &license.terms.id;
            let activations = book.activations(Some(id))?.into_iter().map(activation);
            let revisions = book.revisions(id)?;
            let revisions = revisions.iter().map(|one| revision(id, one));
            Ok(Detail {
                activations: activations.collect::<Result<_, _>>()?,
                revisions: revisions.collect::<Result<_, _>>()?,
                license,
            })
        })
    }

    /// Every license, by serial.
    ///
    /// # Errors
    /// [`ServiceError::Ledger`].
    pub fn list(&self) -> Result<Vec<Entry>, ServiceError> {
        self.ledger
            .read(|book| book.licenses()?.into_iter().map(entry).collect())
    }

    /// Every activation, by serial and time.
    ///
    /// # Errors
    /// [`ServiceError::Ledger`].
    pub fn activations(&self) -> Result<Vec<Activation>, ServiceError> {
        self.ledger.read(|book| {
            book.activations(None)?
                .into_iter()
                .map(activation)
                .collect()
        })
    }

    /// Issues a license again, with the next revision (L4). Installations get it at their next refresh. One that was
    /// withdrawn is back by it.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`], [`ServiceError::Spec`], [`ServiceError::Invalid`].
    pub fn reissue(&self, license: &str, change: &Reissue) -> Result<Entry, ServiceError> {
        let now = self.now();
        self.ledger.write(|book| {
            let before = found(*book, license)?;
            let terms = self.changed(&before, change)?;
            let document = Document {
                format: FORMAT,
                issuer: self.key.name.clone(),
                customer: before.customer,
                issued_at: now,
                licenses: vec![terms],
            };
            document
                .check()
                .map_err(|problems| ServiceError::Invalid(problems.to_string()))?;
            for terms in &document.licenses {
                let text = json(terms)?;
                book.reissue(&terms.id, &terms.serial, terms.revision, &text, kept(now))?;
            }
            found(*book, &before.terms.id)
        })
    }

    /// The terms that follow on those that were issued.
    fn changed(&self, before: &Entry, change: &Reissue) -> Result<LicenseTerms, ServiceError> {
        let mut terms = match &change.spec {
            Some(spec) => self.respecified(before, spec)?,
            None => before.terms.clone(),
        };
        if let Some(seats) = change.seats {
            terms.seats = Some(seats);
        }
        match change.expires_at.as_deref() {
            Some("perpetual") => terms.expires_at = None,
            Some(text) => {
                let value = toml::Value::String(text.to_owned());
                let end = instant(&value, Edge::End)
                    .map_err(|why| ServiceError::Invalid(format!("the end {why}")))?;
                terms.expires_at = Some(end);
            }
            None => {}
        }
        if terms == before.terms && before.withdrawn_at.is_none() {
            let why = "nothing would change: give seats, an end, or a specification";
            return Err(ServiceError::Invalid(why.to_owned()));
        }
        terms.revision = before.terms.revision + 1;
        Ok(terms)
    }

    /// The terms of a specification that is to take the place of what was issued.
    fn respecified(&self, before: &Entry, spec: &str) -> Result<LicenseTerms, ServiceError> {
        let (customer, mut licenses) = self.terms(spec)?;
        let (Some(terms), true) = (licenses.pop(), licenses.is_empty()) else {
            let why = "the specification must have exactly one license";
            return Err(ServiceError::Invalid(why.to_owned()));
        };
        let was = &before.terms;
        let same = terms.serial == was.serial
            && terms.product == was.product
            && terms.model == was.model
            && customer == before.customer;
        if !same {
            let why = format!(
                "a revision of {} keeps its serial, its product, its model and its customer; issue another license \
                 instead",
                was.serial
            );
            return Err(ServiceError::Invalid(why));
        }
        Ok(LicenseTerms {
            // Whatever key signs now: the license keeps its name.
            id: was.id.clone(),
            revision: was.revision,
            starts_at: if spec.contains("starts_at") {
                terms.starts_at
            } else {
                was.starts_at
            },
            ..terms
        })
    }

    /// Withdraws a license: installations lose it at their next refresh. Harmless twice.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`].
    pub fn withdraw(&self, license: &str, why: Option<&str>) -> Result<Entry, ServiceError> {
        let now = kept(self.now());
        self.ledger.write(|book| {
            let id = found(*book, license)?.terms.id;
            book.withdraw(&id, why, now)?;
            found(*book, &id)
        })
    }

    /// Gives a license another key, should the first be lost or have become known. Where it is active it stays so.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`].
    pub fn rekey(&self, license: &str) -> Result<Issued, ServiceError> {
        let key = fresh_key()?;
        self.ledger.write(|book| {
            let id = found(*book, license)?.terms.id;
            book.rekey(&id, &key.hash(), &key.shown())?;
            Ok(Issued {
                license: found(*book, &id)?,
                license_key: key.reveal().to_string(),
            })
        })
    }

    /// Takes a license from one installation, so that another can have it.
    ///
    /// # Errors
    /// [`ServiceError::UnknownLicense`], [`ServiceError::NotActivated`].
    pub fn release(&self, license: &str, installation: &str) -> Result<Entry, ServiceError> {
        let now = kept(self.now());
        self.ledger.write(|book| {
            let id = found(*book, license)?.terms.id;
            if !book.release(&id, installation, now)? {
                return Err(ServiceError::NotActivated(installation.to_owned()));
            }
            found(*book, &id)
        })
    }

    /// Whether this is an administrator's token.
    pub(super) fn admits(&self, token: &str) -> Result<bool, ServiceError> {
        let hash = token_hash(token);
        self.ledger.read(|book| Ok(book.knows_token(&hash)?))
    }

    /// Whether anybody could administer the service.
    ///
    /// # Errors
    /// [`ServiceError::Ledger`].
    pub fn has_tokens(&self) -> Result<bool, ServiceError> {
        self.ledger.read(|book| Ok(book.has_tokens()?))
    }
}

/// The license with an id or serial.
fn found(book: Reading<'_>, license: &str) -> Result<Entry, ServiceError> {
    let found = book.find(license)?;
    entry(found.ok_or_else(|| ServiceError::UnknownLicense(license.to_owned()))?)
}
