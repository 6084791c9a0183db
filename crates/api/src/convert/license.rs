//! Licenses and their seats.

use std::collections::HashMap;

use domain::outcome::{Displaced, ImportAnswer, RefreshAnswer};
use domain::refresh::Refresh;
use domain::{License, Timestamp, UserId};
use engine::{KeyLicense, Moment};
use store::query::{LicenseItem, PoolItem, SeatCounts, SeatHolder};
use wire::license::{
    AddedLicense, Agreement, ImportedLicense, Pool, RefreshState, RefreshTrouble, RefreshedLicense,
};

use super::{time, words};
/// Usernames by account, to name those whose ids an outcome holds.
pub(crate) type Usernames = HashMap<UserId, String>;

/// A license in a list: without the text of its agreement.
pub(crate) fn listed(item: &LicenseItem, moment: Moment) -> wire::license::License {
    let mut license = license(&item.license, item.seats, item.refresh.as_ref(), moment);
    if let Some(agreement) = &mut license.agreement {
        agreement.text = None;
    }
    license
}

/// A license as it stands.
pub(crate) fn license(
    license: &License,
    seats: SeatCounts,
    refresh: Option<&Refresh>,
    moment: Moment,
) -> wire::license::License {
    let terms = &license.terms;
    wire::license::License {
        id: license.id.0,
        reference: terms.reference.as_str().to_owned(),
        revision: terms.revision,
        serial: terms.serial.as_str().to_owned(),
        product: terms.product.as_str().to_owned(),
        product_name: terms.product_name.as_str().to_owned(),
        model: words::model(terms.model),
        access: words::access(terms.access),
        modules: words::modules(&terms.modules),
        seats: count(seats.of(license)),
        occupied: count(seats.occupied),
        free: count(seats.free),
        releasing: count(seats.releasing),
        unbacked: count(seats.unbacked),
        state: words::state(license.state(moment.now, moment.warn_before)),
        usable: license.is_usable(moment.now),
        starts_at: time::time(terms.starts_at),
        expires_at: time::end(terms.expires_at),
        grace_days: time::days(terms.grace),
        assignable: terms.assignable,
        auto_assign: words::auto_assign(license.auto_assign),
        removable: words::removable(terms.removable),
        counted_by: words::counted_by(terms.counted_by),
        issuer: license.issuer.as_str().to_owned(),
        key: license.key.clone(),
        revalidate_days: terms.revalidate_every.map(time::days),
        offline_grace_days: terms
            .revalidate_every
            .map(|_| time::days(terms.offline_grace)),
        stale_at: terms
            .revalidate_every
            .map(|_| time::time(license.stale_at())),
        days_until_stale: license.days_until_stale(moment.now),
        refresh: refresh.map(refreshing),
        agreement: terms.agreement.as_ref().map(|agreement| Agreement {
            text: Some(agreement.text.clone()),
            hash: agreement.hash.clone(),
            accepted_by: license
                .accepted
                .as_ref()
                .map(|accepted| accepted.by.clone()),
            accepted_at: license
                .accepted
                .as_ref()
                .map(|accepted| time::time(accepted.at)),
        }),
        replaced_by: license.replaced_by.map(|license| license.0),
        imported_at: time::time(license.imported_at),
        version: license.version,
    }
}

/// How the refreshing of a license stands.
fn refreshing(refresh: &Refresh) -> RefreshState {
    RefreshState {
        attempted_at: refresh.attempted_at.map(time::time),
        succeeded_at: refresh.succeeded_at.map(time::time),
        next_at: refresh.next_at.map(time::time),
        trouble: refresh.trouble.as_ref().map(|trouble| RefreshTrouble {
            since: time::time(trouble.since),
            attempts: trouble.attempts,
            fault: trouble.fault.code().to_owned(),
            detail: trouble.detail.clone(),
        }),
    }
}

/// What a license key brings, or brought.
pub(crate) fn added(brought: KeyLicense, usernames: &Usernames) -> AddedLicense {
    let terms = &brought.terms;
    AddedLicense {
        confirmed: brought.confirmed,
        issuer: brought.issuer.as_str().to_owned(),
        product_name: terms.product_name.as_str().to_owned(),
        model: words::model(terms.model),
        access: words::access(terms.access),
        modules: words::modules(&terms.modules),
        starts_at: time::time(terms.starts_at),
        expires_at: time::end(terms.expires_at),
        revalidate_days: terms.revalidate_every.map(time::days),
        has_agreement: terms.agreement.is_some(),
        license: imported(brought.answer, usernames),
    }
}

/// What a refresh of one license came to.
pub(crate) fn refreshed(answer: RefreshAnswer, usernames: &Usernames) -> RefreshedLicense {
    RefreshedLicense {
        id: answer.license.0,
        serial: answer.serial.into(),
        code: words::refresh_code(answer.code),
        fault: answer.fault.map(|fault| fault.code().to_owned()),
        detail: answer.detail,
        seats: answer.seats,
        expires_at: time::end(answer.expires_at),
        days_until_stale: answer.days_until_stale,
        next_refresh_at: answer.next_at.map(time::time),
        displaced: displaced(&answer.displaced, usernames),
    }
}

/// The seats of a license in one folder.
pub(crate) fn pool(item: PoolItem) -> Pool {
    Pool {
        id: item.pool.id.0,
        folder: item.pool.folder.0,
        path: item.path,
        size: item.pool.size,
        occupied: item.pool.occupied,
        free: item.pool.free(),
        unbacked: item.pool.unbacked(),
    }
}

/// Who holds a seat.
pub(crate) fn holder(holder: SeatHolder, now: Timestamp) -> wire::license::SeatHolder {
    let (username, name) = match holder.user {
        Some(user) => (user.username.into(), user.name.map(String::from)),
        None => (String::new(), None),
    };
    wire::license::SeatHolder {
        id: holder.seat.id.0,
        user: holder.seat.user.0,
        username,
        name,
        folder: holder.path,
        assigned_at: time::time(holder.seat.assigned_at),
        sources: words::sources(holder.seat.sources),
        releasing_since: holder.seat.releasing_since.map(time::time),
        unbacked: holder.seat.unbacked,
        borrowed_until: holder
            .borrowed_until
            .filter(|until| now < *until)
            .map(time::time),
        last_active: holder.last_active.map(time::time),
    }
}

/// What became of one license of a file.
pub(crate) fn imported(answer: ImportAnswer, usernames: &Usernames) -> ImportedLicense {
    ImportedLicense {
        id: answer.license.map(|id| id.0),
        reference: answer.reference,
        serial: answer.serial.into(),
        product: answer.product.into(),
        file: answer.file,
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

/// Seats of one license are counted in 32 bits.
fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
