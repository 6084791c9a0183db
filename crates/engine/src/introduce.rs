//! Further keys of an issuer, on the word of one that is trusted (L3).

use domain::command::Introduction as Told;
use domain::{Command, IssuerKind, Period, Timestamp};
use license_file::introduction::{Introduction, IntroductionError};
use license_file::jws::VerifyingKey;

use crate::error::{EngineError, IntroduceError};
use crate::state::Shared;

/// The command that trusts the key of a document, after its signature was verified.
pub(crate) fn prepare(shared: &Shared, text: &str) -> Result<Command, IntroduceError> {
    let header = Introduction::header(text)?;
    let issuer = shared
        .store
        .read(|reader| reader.find_issuer(&header.kid))
        .map_err(EngineError::from)?;
    let issuer =
        issuer.filter(|issuer| issuer.is_trusted() && issuer.kind == IssuerKind::Seatkeeper);
    let key = issuer
        .map(|issuer| VerifyingKey::from_base64url(&issuer.public_key))
        .transpose()
        .map_err(|error| EngineError::internal(format!("a trusted key can't be used: {error}")))?;
    let new = Introduction::open(text, key.as_ref())?;
    let moment = |at: jiff::Timestamp| Timestamp::from_millis(at.as_millisecond());
    Ok(Command::IntroduceIssuer(Told {
        by: header.kid,
        issued_at: moment(new.issued_at),
        key: new.key.kid().to_owned(),
        public_key: new.key.to_base64url(),
        period: Period {
            from: new.valid_from.map(moment),
            until: new.valid_until.map(moment),
        },
        old_until: new.old_until.map(moment),
    }))
}

impl From<IntroductionError> for IntroduceError {
    fn from(error: IntroductionError) -> Self {
        Self::Document(error)
    }
}
