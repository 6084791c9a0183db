//! The terms of a document as the rules know them.

use std::collections::HashMap;

use domain::license::Agreement;
use domain::names::Title;
use domain::{
    AccessLevel, CountedBy, LicenseRef, Millis, Model, ModuleCode, Modules, NameError, ProductCode,
    Removable, Serial, Terms, Timestamp,
};
use license_file::document::{self, LicenseTerms};

/// Lists of modules that were met: documents name few of them, and many licenses.
pub(super) type ModulesSeen = HashMap<Vec<String>, Modules>;

pub(super) fn terms(from: LicenseTerms, seen: &mut ModulesSeen) -> Result<Terms, NameError> {
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
        product_name: Title::parse(&from.product_name)?,
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

pub(super) fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millisecond())
}
