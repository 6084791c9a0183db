//! The offline way to an issuer and back: requests that this installation signs, and the
//! responses to them (I4).

use domain::command::{FolderRef, Withdrawal};
use domain::names::{CompanyId, Title, fold};
use domain::{
    AccessLevel, Command, IssuerKind, LicenseRef, LicenseRequest, Model, NameError, ProductCode,
    Refusal, RequestId, Serial, Timestamp,
};
use license_file::document::{self, Document};
use license_file::intake::OpenedPart;
use license_file::offline::{FORMAT, Kind, Operation, OwnedLicense, Request, Response};
use license_file::open::Opened;
use store::query::{LicenseFilter, LicenseItem, LicenseSort, Paging};
use store::{Reader, StoreError};

use crate::error::{EngineError, ImportError};
use crate::intake::{Intake, Trust, find_folder, licenses_of};
use crate::state::Shared;

/// How many licenses are read at once.
const PAGE: u32 = 1_000;

/// The command that takes in a response, after all that can be told without the rules; none
/// where the files are of another kind.
pub(crate) fn prepare(shared: &Shared, intake: &Intake) -> Result<Option<Command>, ImportError> {
    let kinds = || intake.files.iter().map(|(_, file)| Kind::of(file));
    if kinds().any(|kind| kind == Some(Kind::Request)) {
        return Err(ImportError::IsARequest);
    }
    if !kinds().any(|kind| kind == Some(Kind::Response)) {
        return Ok(None);
    }
    let [(_, file)] = intake.files.as_slice() else {
        return Err(ImportError::ResponseAmongOthers);
    };
    let root = FolderRef::Path(Vec::new());
    let folder = intake.folder.as_ref().unwrap_or(&root);
    take(shared, file, folder).map(Some)
}

fn take(shared: &Shared, file: &[u8], folder: &FolderRef) -> Result<Command, ImportError> {
    let (trust, folder) = shared
        .store
        .read(|reader| Ok((trusted(reader, file)?, find_folder(reader, folder)?)))
        .map_err(EngineError::from)?;
    let trust = trust?.documents;
    let (signer, response) = Response::open(file, &trust, &shared.installation.id_text)?;
    let folder = folder.ok_or(EngineError::Refused(Refusal::UnknownFolder))?;
    let request: RequestId = response
        .request
        .parse()
        .map_err(|_| EngineError::Refused(Refusal::UnknownRequest))?;
    let company = CompanyId::parse(&response.company).map_err(|error| at(0, "", error))?;
    let issuer = Title::parse(&signer.name).map_err(|error| at(0, "", error))?;
    let key = signer.key.kid().to_owned();
    let withdrawn = withdrawals(&response)?;
    let terms = response.operations.iter().filter_map(Operation::terms);
    let part = OpenedPart {
        opened: Opened {
            signer,
            document: Document {
                format: document::FORMAT,
                licenses: terms.cloned().collect(),
                issuer: response.issuer,
                customer: None,
                issued_at: response.issued_at,
            },
        },
        freshness: None,
    };
    let mut licenses = Vec::new();
    licenses_of(None, part, &mut licenses, &mut Vec::new())?;
    Ok(Command::TakeResponse {
        request,
        issuer,
        key,
        company,
        licenses,
        withdrawn,
        folder,
    })
}

fn at(position: usize, serial: &str, error: NameError) -> ImportError {
    ImportError::Terms {
        file: None,
        position,
        serial: serial.to_owned(),
        error,
    }
}

fn withdrawals(response: &Response) -> Result<Vec<Withdrawal>, ImportError> {
    let mut withdrawn = Vec::new();
    for (index, operation) in response.operations.iter().enumerate() {
        let Some(one) = operation.withdrawn() else {
            continue;
        };
        let at = |error| at(index + 1, &one.serial, error);
        withdrawn.push(Withdrawal {
            reference: LicenseRef::parse(&one.id).map_err(at)?,
            serial: Serial::parse(&one.serial).map_err(at)?,
            product: ProductCode::parse(&one.product).map_err(at)?,
            reason: one.reason.clone(),
        });
    }
    Ok(withdrawn)
}

/// The key that a response names, if it is trusted.
fn trusted(reader: &mut Reader<'_>, file: &[u8]) -> Result<Result<Trust, EngineError>, StoreError> {
    let issuer = match Response::peek_kid(file) {
        Some(kid) => reader.find_issuer(&kid)?,
        None => None,
    };
    let issuer = issuer.filter(|issuer| issuer.kind == IssuerKind::Seatkeeper);
    Ok(Trust::of_issuers(issuer.into_iter().collect()))
}

/// Every license of an issuer that is here, with its seats.
pub(crate) fn owned(
    reader: &mut Reader<'_>,
    issuer: Option<&Title>,
    now: Timestamp,
    warn_before: domain::Millis,
) -> Result<Vec<LicenseItem>, StoreError> {
    let mut found = Vec::new();
    let mut paging = Paging::first(PAGE);
    loop {
        let filter = LicenseFilter::default();
        let page = reader.licenses(&filter, LicenseSort::Serial, now, warn_before, &paging)?;
        found.extend(page.items.into_iter().filter(|item| {
            issuer.is_none_or(|name| fold(item.license.issuer.as_str()) == fold(name.as_str()))
        }));
        match page.next {
            Some(after) => paging.after = Some(after),
            None => return Ok(found),
        }
    }
}

/// The text of a `.tlr` file, signed by this installation.
pub(crate) fn write(
    shared: &Shared,
    request: &LicenseRequest,
    licenses: &[LicenseItem],
    now: Timestamp,
    warn_before: domain::Millis,
) -> Result<String, EngineError> {
    let installation = &shared.installation;
    let key = installation.jwks.keys.first().cloned();
    let key = key.ok_or_else(|| EngineError::internal("the installation has no key"))?;
    let document = Request {
        format: FORMAT,
        id: request.id.to_string(),
        installation: installation.id_text.clone(),
        key,
        company: request.company.as_str().to_owned(),
        version: request.version.to_string(),
        issuer: request.issuer.as_ref().map(|name| name.as_str().to_owned()),
        made_at: instant(request.at),
        licenses: licenses
            .iter()
            .map(|item| owned_license(item, now, warn_before))
            .collect(),
    };
    let sign = |bytes: &[u8]| -> [u8; 64] {
        let signature = installation.signer.sign(bytes);
        signature
            .as_ref()
            .try_into()
            .expect("an Ed25519 signature has 64 bytes (RFC 8032)")
    };
    document
        .sign_with(sign)
        .map_err(|problems| EngineError::internal(format!("the request is not sound: {problems}")))
}

fn owned_license(item: &LicenseItem, now: Timestamp, warn_before: domain::Millis) -> OwnedLicense {
    let terms = &item.license.terms;
    let perpetual = terms.expires_at == Timestamp::FOREVER;
    OwnedLicense {
        id: terms.reference.as_str().to_owned(),
        revision: terms.revision,
        serial: terms.serial.as_str().to_owned(),
        product: terms.product.as_str().to_owned(),
        model: match terms.model {
            Model::Dedicated => document::Model::Dedicated,
            Model::Floating => document::Model::Floating,
            Model::Site => document::Model::Site,
        },
        access: match terms.access {
            AccessLevel::Read => document::Access::Read,
            AccessLevel::Write => document::Access::Write,
        },
        seats: (terms.model != Model::Site).then_some(terms.seats),
        used: item.seats.occupied,
        expires_at: (!perpetual).then(|| instant(terms.expires_at)),
        state: item.license.state(now, warn_before).code().to_owned(),
    }
}

/// A moment as documents write it; one beyond what they can is their last.
fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX)
}
