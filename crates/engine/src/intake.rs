//! From files to a command: taken apart and verified there, judged by the rules here (I1).
//!
//! Every way in ends in [`licenses_of`]: an opened document becomes [`NewLicense`]s, and those
//! of all documents one command, which is taken whole or not at all.

mod terms;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use domain::command::{FolderRef, NewLicense};
use domain::names::{CompanyId, Title};
use domain::{
    Command, FolderId, FolderName, Issuer, IssuerKind, Millis, NameError, ProductCode, Refusal,
    Timestamp,
};
use license_file::intake::{File, IntakeError, Keys, OpenedPart, Part, unpack};
use license_file::jws::VerifyingKey;
use license_file::keygen::Given;
use license_file::open::{Opened, Ours, TrustedKey, TrustedKeys};
use store::{Reader, StoreError};

use crate::error::{EngineError, ImportError};
use crate::offline;
use crate::state::Shared;

/// Files to take in together.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The files, with the names that their sender gives them.
    pub files: Vec<(Option<String>, Vec<u8>)>,
    /// Where new seats stand; none: the root.
    pub folder: Option<FolderRef>,
    /// What whoever imports knows beside the files.
    pub given: Given,
}

/// What files come to, after all that can be told without the rules.
pub(crate) struct Prepared {
    pub(crate) command: Command,
    /// What was in archives beside license files, and not looked at.
    pub(crate) ignored: Vec<String>,
}

/// The command that takes files in.
pub(crate) fn prepare(shared: &Shared, intake: &Intake) -> Result<Prepared, ImportError> {
    if let Some(command) = offline::prepare(shared, intake)? {
        return Ok(Prepared {
            command,
            ignored: Vec::new(),
        });
    }
    let files = intake.files.iter().map(|(name, bytes)| File {
        name: name.as_deref(),
        bytes,
    });
    let unpacked = unpack(files)?;
    let root = FolderRef::Path(Vec::new());
    let folder = intake.folder.as_ref().unwrap_or(&root);
    let (trust, folder, product) = shared
        .store
        .read(|reader| {
            let trust = Trust::of(reader, &unpacked.parts)?;
            let product = known_product(reader, intake.given.product.as_deref(), shared.now())?;
            Ok((trust, find_folder(reader, folder)?, product))
        })
        .map_err(EngineError::from)?;
    let trust = trust?;
    let ours = Ours {
        // The rules judge it: the first document says who we are.
        company: None,
        installation: Some(&shared.installation.id_text),
    };
    let mut parts = Vec::with_capacity(unpacked.parts.len());
    for part in unpacked.parts {
        let opened = part.open(trust.keys(&intake.given), &ours)?;
        parts.push((part.source, opened));
    }
    let folder = folder.ok_or(EngineError::Refused(Refusal::UnknownFolder))?;
    let (mut licenses, mut customers) = (Vec::new(), Vec::new());
    for (source, mut opened) in parts {
        if let Some((given, name)) = &product
            && opened.freshness.is_some()
        {
            // Under the code that was given there is a product already: it keeps its name.
            for license in &mut opened.opened.document.licenses {
                if license.product.eq_ignore_ascii_case(given) {
                    license.product_name.clone_from(name);
                }
            }
        }
        licenses_of(source.as_deref(), opened, &mut licenses, &mut customers)?;
    }
    Ok(Prepared {
        command: Command::ImportLicenses {
            licenses,
            customers,
            folder,
        },
        ignored: unpacked.ignored,
    })
}

/// The command that takes in an opened document that came from a license service.
pub(crate) fn take_in(
    shared: &Shared,
    opened: Opened,
    folder: &FolderRef,
) -> Result<Command, ImportError> {
    let found = shared.store.read(|reader| find_folder(reader, folder));
    let folder = found
        .map_err(EngineError::from)?
        .ok_or(EngineError::Refused(Refusal::UnknownFolder))?;
    let (licenses, customers) = licenses(opened)?;
    Ok(Command::ImportLicenses {
        licenses,
        customers,
        folder,
    })
}

/// The licenses of such a document, and the company that it is for.
pub(crate) fn licenses(opened: Opened) -> Result<(Vec<NewLicense>, Vec<CompanyId>), ImportError> {
    let part = OpenedPart {
        opened,
        freshness: None,
    };
    let (mut licenses, mut customers) = (Vec::new(), Vec::new());
    licenses_of(None, part, &mut licenses, &mut customers)?;
    Ok((licenses, customers))
}

/// The keys that documents name, where they are trusted; what else is trusted does not matter.
pub(crate) struct Trust {
    pub(crate) documents: TrustedKeys,
    keygen: Vec<TrustedKey>,
}

impl Trust {
    fn of(
        reader: &mut Reader<'_>,
        parts: &[Part],
    ) -> Result<Result<Self, EngineError>, StoreError> {
        let mut found: HashMap<String, Option<Issuer>> = HashMap::new();
        let mut names_none = false;
        for part in parts {
            match part.header() {
                Ok(Some(header)) => {
                    if let Entry::Vacant(place) = found.entry(header.kid) {
                        let issuer = reader.find_issuer(place.key())?;
                        place.insert(issuer);
                    }
                }
                // Keygen's files name no key: any of the trusted accounts may have signed.
                Ok(None) => names_none = true,
                // Opening it says what is wrong with it.
                Err(_) => {}
            }
        }
        let mut issuers: Vec<Issuer> = found
            .into_values()
            .flatten()
            .filter(|issuer| issuer.kind == IssuerKind::Seatkeeper)
            .collect();
        if names_none {
            let all = reader.issuers()?.into_iter();
            issuers.extend(all.filter(|issuer| issuer.kind == IssuerKind::Keygen));
        }
        Ok(Self::of_issuers(issuers))
    }

    pub(crate) fn of_issuers(issuers: Vec<Issuer>) -> Result<Self, EngineError> {
        let (mut documents, mut keygen) = (TrustedKeys::new(), Vec::new());
        for issuer in issuers.into_iter().filter(Issuer::is_trusted) {
            let key = VerifyingKey::from_base64url(&issuer.public_key).map_err(|error| {
                let why = format!("the trusted key {} can't be used: {error}", issuer.key);
                EngineError::internal(why)
            })?;
            let name = issuer.name.as_str().to_owned();
            match issuer.kind {
                IssuerKind::Seatkeeper => documents.add(name, key),
                IssuerKind::Keygen => keygen.push(TrustedKey { name, key }),
            }
        }
        Ok(Self { documents, keygen })
    }

    fn keys<'a>(&'a self, given: &'a Given) -> Keys<'a> {
        Keys {
            trusted: &self.documents,
            keygen: &self.keygen,
            given,
        }
    }
}

/// The folder that is meant, if it is there.
pub(crate) fn find_folder(
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

/// The code that was given and the name of the product that has it, if there is one.
fn known_product(
    reader: &mut Reader<'_>,
    given: Option<&str>,
    now: Timestamp,
) -> Result<Option<(String, String)>, StoreError> {
    let Some(code) = given.and_then(|given| ProductCode::parse(given).ok()) else {
        return Ok(None);
    };
    let product = reader.find_product(&code.key(), now)?;
    Ok(product.map(|found| (code.into(), found.product.name.into())))
}

/// Adds the licenses of an opened document, and the company that it is for.
pub(crate) fn licenses_of(
    source: Option<&str>,
    part: OpenedPart,
    licenses: &mut Vec<NewLicense>,
    customers: &mut Vec<CompanyId>,
) -> Result<(), ImportError> {
    let at = |position: usize, serial: &str, error: NameError| ImportError::Terms {
        file: source.map(str::to_owned),
        position,
        serial: serial.to_owned(),
        error,
    };
    let OpenedPart { opened, freshness } = part;
    let issuer = Title::parse(&opened.signer.name).map_err(|error| at(0, "", error))?;
    let key = opened.signer.key.kid().to_owned();
    if let Some(customer) = &opened.document.customer {
        let customer = CompanyId::parse(customer).map_err(|error| at(0, "", error))?;
        if !customers.contains(&customer) {
            customers.push(customer);
        }
    }
    let issued_at = terms::moment(opened.document.issued_at);
    let good_for = freshness
        .and_then(|freshness| freshness.good_until)
        .map(|end| terms::moment(end).since(issued_at));
    let file: Option<Arc<str>> = source.map(Arc::from);
    let mut seen = terms::ModulesSeen::new();
    licenses.reserve(opened.document.licenses.len());
    for (index, license) in opened.document.licenses.into_iter().enumerate() {
        let serial = license.serial.clone();
        let mut terms =
            terms::terms(license, &mut seen).map_err(|error| at(index + 1, &serial, error))?;
        if let Some(good_for) = good_for {
            // What is good for a time must be confirmed again within it (I3).
            terms.revalidate_every = Some(good_for);
            terms.offline_grace = Millis::ZERO;
        }
        licenses.push(NewLicense {
            terms: Arc::new(terms),
            issuer: issuer.clone(),
            key: key.clone(),
            issued_at,
            good_for,
            file: file.clone(),
        });
    }
    Ok(())
}

impl From<IntakeError> for ImportError {
    fn from(error: IntakeError) -> Self {
        Self::File(error)
    }
}
