//! From a request of an installation and a specification to a signed response (I4).

use jiff::Timestamp;
use license_file::document::{LicenseTerms, Problems};
use license_file::jws::SigningKey;
use license_file::offline::{Operation, OwnedLicense, Request, Response, Withdrawn};

use crate::issue::license_id;
use crate::spec::{LicenseSpec, Spec, SpecError, lines, start_of_day};

/// A response, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The text of the `.tls` file.
    pub text: String,
    /// What it says.
    pub response: Response,
}

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The specification is for another customer than the one that asks.
    #[error("the specification is for the customer `{theirs}`, and the request is of `{asks}`")]
    OtherCustomer {
        /// The specification's.
        theirs: String,
        /// The request's.
        asks: String,
    },
    /// The request is for the licenses of another issuer.
    #[error("the request is for licenses of `{asked}`, and the specification is of `{ours}`")]
    OtherIssuer {
        /// Whom the request is for.
        asked: String,
        /// The specification's issuer.
        ours: String,
    },
    /// A license to be withdrawn is none that the installation has.
    #[error("`{0}` can't be withdrawn: the request lists no license with that serial or id")]
    NotOwned(String),
    /// A license can't be given and taken back at once.
    #[error("`{0}` is both in the specification and among those to be withdrawn")]
    GivenAndWithdrawn(String),
    /// There is nothing to answer.
    #[error("the specification has neither licenses nor any to be withdrawn")]
    Nothing,
    /// The licenses of the specification are not sound.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

impl AnswerError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherCustomer { .. } => "other_customer",
            Self::OtherIssuer { .. } => "wrong_issuer",
            Self::NotOwned(_) => "not_owned",
            Self::GivenAndWithdrawn(_) => "given_and_withdrawn",
            Self::Nothing => "nothing_to_answer",
            Self::Spec(error) => error.code(),
        }
    }
}

/// Answers a request: each license of the specification that the installation does not have is added; one that it has,
/// by id or by serial, is extended or shrunk, with a revision above the one there; those in [`Spec::withdraw`] are
/// taken back.
///
/// # Errors
/// [`AnswerError`]; then nothing is signed.
pub fn answer(
    request: &Request,
    spec: Spec,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Answered, AnswerError> {
    if let Some(theirs) = &spec.customer
        && *theirs != request.company
    {
        return Err(AnswerError::OtherCustomer {
            theirs: theirs.clone(),
            asks: request.company.clone(),
        });
    }
    if let Some(asked) = &request.issuer
        && *asked != spec.issuer
    {
        return Err(AnswerError::OtherIssuer {
            asked: asked.clone(),
            ours: spec.issuer,
        });
    }
    let issued_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let mut response = Response::to(request, &spec.issuer, issued_at);
    let lines = lines(&spec.licenses);
    for license in spec.licenses {
        let operation = operation(request, license, key, now);
        response.operations.push(operation);
    }
    for name in spec.withdraw {
        let owned = request
            .licenses
            .iter()
            .find(|owned| owned.serial == name || owned.id == name)
            .ok_or_else(|| AnswerError::NotOwned(name.clone()))?;
        let is_given = |one: &Operation| one.terms().is_some_and(|terms| terms.id == owned.id);
        if response.operations.iter().any(is_given) {
            return Err(AnswerError::GivenAndWithdrawn(name));
        }
        response.operations.push(Operation::Withdraw(Withdrawn {
            id: owned.id.clone(),
            serial: owned.serial.clone(),
            product: owned.product.clone(),
            reason: None,
        }));
    }
    if response.operations.is_empty() {
        return Err(AnswerError::Nothing);
    }
    let text = response
        .sign(key)
        .map_err(|problems: Problems| SpecError::of_terms(&problems, &lines))?;
    Ok(Answered { text, response })
}

fn operation(
    request: &Request,
    license: LicenseSpec,
    key: &SigningKey,
    now: Timestamp,
) -> Operation {
    let made_id = |serial: &str| license_id(key.kid(), serial);
    let id = license.id.clone();
    let serial = license.serial.clone();
    let mut terms = license.into_terms(made_id, start_of_day(now));
    // A license keeps its id whatever key signs for it now.
    let owned = request.licenses.iter().find(|owned| match &id {
        Some(id) => owned.id == *id,
        None => owned.serial == serial,
    });
    let Some(owned) = owned else {
        return Operation::Add(Box::new(terms));
    };
    terms.id.clone_from(&owned.id);
    terms.revision = terms.revision.max(owned.revision + 1);
    let is_less = is_less(owned, &terms);
    let terms = Box::new(terms);
    if is_less {
        Operation::Shrink(terms)
    } else {
        Operation::Extend(terms)
    }
}

/// Whether anything that the request tells of a license becomes less.
fn is_less(owned: &OwnedLicense, terms: &LicenseTerms) -> bool {
    let ends_earlier = match (owned.expires_at, terms.expires_at) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(was), Some(is)) => is < was,
    };
    let has_fewer = matches!((owned.seats, terms.seats), (Some(was), Some(is)) if is < was);
    let only_looks =
        owned.access != terms.access && terms.access == license_file::document::Access::Read;
    ends_earlier || has_fewer || only_looks
}

#[cfg(test)]
mod tests;
