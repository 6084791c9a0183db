//! From a license file to a command: opened and verified there, judged by the rules here (I1).

use std::collections::HashMap;
use std::sync::Arc;

use domain::command::{FolderRef, NewLicense};
use domain::license::Agreement;
use domain::names::CompanyId;
use domain::{
    AccessLevel, Command, CountedBy, FolderId, FolderName, LicenseRef, Millis, Model, ModuleCode,
    Modules, NameError, ProductCode, Refusal, Removable, Serial, Terms, Timestamp,
};
use license_file::document::{self, LicenseTerms};
use license_file::jws::{VerifyingKey, peek_header};
use license_file::open::{self, Opened, Ours, TrustedKeys};
use license_file::{armor, open::MAX_FILE};
use store::{Reader, StoreError};

use crate::error::{EngineError, ImportError};
use crate::state::Shared;

/// The command that takes in a license file, after all that can be told without the rules.
pub(crate) fn prepare(
    shared: &Shared,
    file: &[u8],
    folder: &FolderRef,
) -> Result<Command, ImportError> {
    let (trust, folder) = shared
        .store
        .read(|reader| Ok((trusted(reader, file)?, find_folder(reader, folder)?)))
        .map_err(EngineError::from)?;
    let opened = open::open(
        file,
        &trust?,
        &Ours {
            // The rules judge it: the first document says who we are.
            company: None,
            installation: Some(&shared.installation.id_text),
        },
    )?;
    let folder = folder.ok_or(EngineError::Refused(Refusal::UnknownFolder))?;
    command(opened, folder)
}

/// The key that a file names, if it is trusted; what else is trusted does not matter.
fn trusted(
    reader: &mut Reader<'_>,
    file: &[u8],
) -> Result<Result<TrustedKeys, EngineError>, StoreError> {
    let mut trust = TrustedKeys::new();
    let named = Some(file)
        .filter(|file| file.len() <= MAX_FILE)
        .and_then(|file| armor::unwrap(file).ok())
        .and_then(|text| peek_header(&text).ok());
    let Some(header) = named else {
        return Ok(Ok(trust));
    };
    if let Some(issuer) = reader.find_issuer(&header.kid)? {
        match VerifyingKey::from_base64url(&issuer.public_key) {
            Ok(key) => trust.add(issuer.name.as_str(), key),
            Err(error) => {
                let why = format!("the trusted key {} can't be used: {error}", issuer.key);
                return Ok(Err(EngineError::internal(why)));
            }
        }
    }
    Ok(Ok(trust))
}

/// The folder that is meant, if it is there.
fn find_folder(
    reader: &mut Reader<'_>,
    folder: &FolderRef,
) -> Result<Option<FolderId>, StoreError> {
    match folder {
        FolderRef::Id(id) => Ok(Some(*id)),
        FolderRef::Path(names) => {
            let names: Vec<&str> = names.iter().map(FolderName::as_str).collect();
            reader.find_folder_by_path(&names.join("/"))
        }
    }
}

/// The command that takes in the licenses of an opened document.
fn command(opened: Opened, folder: FolderId) -> Result<Command, ImportError> {
    let signer = domain::names::Title::parse(&opened.signer.name);
    let issuer = signer.map_err(|error| at(0, "", error))?;
    let key = opened.signer.key.kid().to_owned();
    let customer = match &opened.document.customer {
        Some(customer) => Some(CompanyId::parse(customer).map_err(|error| at(0, "", error))?),
        None => None,
    };
    // A document names few products and few lists of modules, but many licenses.
    let mut modules_seen = HashMap::new();
    let mut licenses = Vec::with_capacity(opened.document.licenses.len());
    for (index, license) in opened.document.licenses.into_iter().enumerate() {
        let serial = license.serial.clone();
        let terms =
            terms(license, &mut modules_seen).map_err(|error| at(index + 1, &serial, error))?;
        licenses.push(NewLicense {
            terms: Arc::new(terms),
            issuer: issuer.clone(),
            key: key.clone(),
        });
    }
    Ok(Command::ImportLicenses {
        licenses,
        customer,
        folder,
    })
}

fn at(position: usize, serial: &str, error: NameError) -> ImportError {
    ImportError::Terms {
        position,
        serial: serial.to_owned(),
        error,
    }
}

type ModulesSeen = HashMap<Vec<String>, Modules>;

fn terms(from: LicenseTerms, seen: &mut ModulesSeen) -> Result<Terms, NameError> {
    let days = |days: u16| Millis::days(i64::from(days));
    let counted_by = from.counting();
    let agreement = from.agreement.map(|agreement| Agreement {
        hash: agreement.text_hash(),
        text: agreement.text,
    });
    let replaces: Result<Vec<_>, _> = from
        .replaces
        .iter()
        .map(|id| LicenseRef::parse(id))
        .collect();
    Ok(Terms {
        reference: LicenseRef::parse(&from.id)?,
        revision: from.revision,
        serial: Serial::parse(&from.serial)?,
        product: ProductCode::parse(&from.product)?,
        product_name: domain::names::Title::parse(&from.product_name)?,
        model: match from.model {
            document::Model::Dedicated => Model::Dedicated,
            document::Model::Floating => Model::Floating,
            document::Model::Site => Model::Site,
        },
        access: match from.access {
            document::Access::Read => AccessLevel::Read,
            document::Access::Write => AccessLevel::Write,
        },
        modules: modules(from.modules, seen)?,
        seats: from.seats.unwrap_or(0),
        starts_at: moment(from.starts_at),
        expires_at: from.expires_at.map_or(Timestamp::FOREVER, moment),
        grace: days(from.grace_days),
        assignable: from.assignable,
        removable: match from.removable {
            document::Removable::Always => Removable::Always,
            document::Removable::AfterExpiry => Removable::AfterExpiry,
        },
        counted_by: match counted_by {
            document::CountedBy::User => CountedBy::User,
            document::CountedBy::Session => CountedBy::Session,
        },
        revalidate_every: from.revalidate_days.map(days),
        offline_grace: from.offline_grace_days.map_or(Millis::ZERO, days),
        agreement,
        installation: from.installation,
        replaces: replaces?,
    })
}

fn modules(from: document::Modules, seen: &mut ModulesSeen) -> Result<Modules, NameError> {
    let codes = match from {
        document::Modules::All => return Ok(Modules::All),
        document::Modules::Only(codes) => codes,
    };
    if let Some(modules) = seen.get(&codes) {
        return Ok(modules.clone());
    }
    let parsed: Result<_, _> = codes.iter().map(|code| ModuleCode::parse(code)).collect();
    let modules = Modules::Only(parsed?);
    seen.insert(codes, modules.clone());
    Ok(modules)
}

fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millisecond())
}
