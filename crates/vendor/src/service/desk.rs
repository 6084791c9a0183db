//! What installations ask for (I2, I3).

use jiff::Timestamp;
use license_file::document::{Document, FORMAT as DOCUMENT_FORMAT, LicenseTerms};
use license_file::exchange::{Answer, Answered, FORMAT, Held, Request, Wish, open_request};
use license_file::jws::VerifyingKey;
use license_file::license_key::LicenseKey;
use store::ledger::Reading;

use super::kept::{entry, kept};
use super::model::Entry;
use super::{Service, ServiceError};

/// Which kind of request an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// Looks and changes nothing.
    Preview,
    /// A key for its license.
    Activate,
    /// Licenses that are there already.
    Refresh,
}

impl Service {
    /// Answers a request of an installation: the text of a signed [`Answer`].
    ///
    /// # Errors
    /// [`ServiceError`], when there is nothing to answer. Nothing was changed then.
    pub(super) fn exchange(&self, address: Address, text: &str) -> Result<String, ServiceError> {
        let signed = open_request(text)?;
        let request = &signed.request;
        let now = self.now();
        let licenses = match (&request.wish, address) {
            (Wish::Preview(key), Address::Preview) => vec![self.preview(key, request)?],
            (Wish::Activate(key), Address::Activate) => {
                vec![self.activate(key, request, &signed.signer, now)?]
            }
            (Wish::Refresh(held), Address::Refresh) => {
                self.refresh(held, request, &signed.signer, now)?
            }
            _ => return Err(ServiceError::WrongAddress),
        };
        let answer = Answer {
            format: FORMAT,
            request: signed.fingerprint,
            installation: request.installation.clone(),
            at: now,
            licenses,
        };
        Ok(answer.sign(&self.key.key))
    }

    fn preview(&self, key: &LicenseKey, request: &Request) -> Result<Answered, ServiceError> {
        let entry = self.ledger.read(|book| {
            let entry = licensed(book, key, request)?;
            has_room(book, &entry, request)?;
            Ok::<_, ServiceError>(entry)
        })?;
        Ok(Answered::Offered {
            terms: Box::new(bound(entry.terms, request)),
        })
    }

    /// All in one transaction, so that no two requests see the same last place.
    fn activate(
        &self,
        key: &LicenseKey,
        request: &Request,
        signer: &VerifyingKey,
        now: Timestamp,
    ) -> Result<Answered, ServiceError> {
        let public_key = signer.to_base64url();
        self.ledger.write(|book| {
            let entry = licensed(*book, key, request)?;
            let (id, here) = (&entry.terms.id, &request.installation);
            let before = book.find_signer(id, here)?;
            if before.is_some_and(|before| !before.is_released && before.public_key != public_key) {
                return Err(ServiceError::InstallationKeyChanged);
            }
            has_room(*book, &entry, request)?;
            let company = request.company.as_deref();
            let revision = entry.terms.revision;
            book.activate(id, here, &public_key, company, revision, kept(now))?;
            Ok(Answered::Issued {
                document: self.document(&entry, request, now)?,
            })
        })
    }

    fn refresh(
        &self,
        held: &[Held],
        request: &Request,
        signer: &VerifyingKey,
        now: Timestamp,
    ) -> Result<Vec<Answered>, ServiceError> {
        let public_key = signer.to_base64url();
        self.ledger.write(|book| {
            let mut answered = Vec::with_capacity(held.len());
            let mut seen = Vec::new();
            for held in held {
                let id = held.id.clone();
                let license = book.find_by_id(&held.id)?;
                let activated = book.find_signer(&held.id, &request.installation)?;
                let (Some(license), Some(activated)) = (license, activated) else {
                    answered.push(Answered::Unknown { id });
                    continue;
                };
                if activated.public_key != public_key {
                    return Err(ServiceError::InstallationKeyChanged);
                }
                let entry = entry(license)?;
                let revision = entry.terms.revision;
                seen.push((id.clone(), revision));
                answered.push(if activated.is_released || entry.withdrawn_at.is_some() {
                    let why = if activated.is_released {
                        Some("its vendor released it from this installation".to_owned())
                    } else {
                        entry.withdrawn_why
                    };
                    // Also what is newer there than here: the issuer's word is the last one.
                    let revision = revision.max(held.revision);
                    Answered::Withdrawn { id, revision, why }
                } else if revision > held.revision {
                    Answered::Issued {
                        document: self.document(&entry, request, now)?,
                    }
                } else {
                    Answered::Current { id, revision }
                });
            }
            let company = request.company.as_deref();
            for (license, revision) in &seen {
                let at = &request.installation;
                book.seen(license, at, company, *revision, kept(now))?;
            }
            Ok(answered)
        })
    }

    /// A license file with this license alone, for the installation that asks.
    fn document(
        &self,
        entry: &Entry,
        request: &Request,
        now: Timestamp,
    ) -> Result<String, ServiceError> {
        let document = Document {
            format: DOCUMENT_FORMAT,
            issuer: self.key.name.clone(),
            customer: entry.customer.clone(),
            issued_at: now,
            licenses: vec![bound(entry.terms.clone(), request)],
        };
        document
            .sign(&self.key.key)
            .map_err(|problems| ServiceError::Damaged(problems.to_string()))
    }
}

/// The license of a key, if the one who asks may have it.
fn licensed(book: Reading<'_>, key: &LicenseKey, request: &Request) -> Result<Entry, ServiceError> {
    let found = book.find_by_key(&key.hash())?;
    let entry = entry(found.ok_or(ServiceError::UnknownLicenseKey)?)?;
    if entry.withdrawn_at.is_some() {
        return Err(ServiceError::Withdrawn(entry.withdrawn_why));
    }
    if let (Some(theirs), Some(ours)) = (&entry.customer, &request.company)
        && theirs.to_lowercase() != ours.to_lowercase()
    {
        return Err(ServiceError::WrongCompany {
            theirs: theirs.clone(),
            ours: ours.clone(),
        });
    }
    match &entry.terms.installation {
        Some(only) if !only.eq_ignore_ascii_case(&request.installation) => {
            Err(ServiceError::WrongInstallation(only.clone()))
        }
        _ => Ok(entry),
    }
}

/// Whether it may be active on this installation beside the others.
fn has_room(book: Reading<'_>, entry: &Entry, request: &Request) -> Result<(), ServiceError> {
    let activated = book.find_signer(&entry.terms.id, &request.installation)?;
    let is_active_here = activated.is_some_and(|activated| !activated.is_released);
    if entry.active - u32::from(is_active_here) < entry.installations {
        return Ok(());
    }
    Err(ServiceError::AlreadyActivated {
        most: entry.installations,
    })
}

/// Terms bound to the installation that asks (I2).
fn bound(terms: LicenseTerms, request: &Request) -> LicenseTerms {
    LicenseTerms {
        installation: Some(request.installation.clone()),
        ..terms
    }
}
