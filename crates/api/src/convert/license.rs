//! Licenses.

use std::collections::HashMap;

use domain::UserId;
use domain::outcome::{Displaced, ImportAnswer};
use wire::license::ImportedLicense;

use super::words;

/// Usernames by account, to name those whose ids an outcome holds.
pub(crate) type Usernames = HashMap<UserId, String>;

/// What became of one license of a file.
pub(crate) fn imported(answer: ImportAnswer, usernames: &Usernames) -> ImportedLicense {
    ImportedLicense {
        id: answer.license.map(|id| id.0),
        reference: answer.reference,
        serial: answer.serial.into(),
        product: None,
        code: words::import_code(answer.code),
        refusal: answer.refusal,
        detail: answer.detail,
        seats: answer.seats,
        displaced: displaced(&answer.displaced, usernames),
    }
}

/// What would have become of one license of a refused file: nobody is displaced.
pub(crate) fn refused_import(answer: &ImportAnswer) -> ImportedLicense {
    let answer = ImportAnswer {
        displaced: Vec::new(),
        ..answer.clone()
    };
    imported(answer, &Usernames::new())
}

/// Who is affected, in the order in which they lose (S13).
pub(crate) fn displaced(
    displaced: &[Displaced],
    usernames: &Usernames,
) -> Vec<wire::license::Displaced> {
    displaced
        .iter()
        .map(|displaced| wire::license::Displaced {
            person: displaced.holder.person.0,
            user: displaced.holder.user.0,
            username: usernames
                .get(&displaced.holder.user)
                .cloned()
                .unwrap_or_default(),
            from: displaced.from.0,
            to: displaced.to.map(|license| license.0),
            fate: words::fate(displaced.fate),
        })
        .collect()
}
