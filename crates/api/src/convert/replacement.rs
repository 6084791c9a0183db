//! Replacements of licenses, and their undoing (L10).

use domain::outcome::{Displaced, Fate, Restored};
use domain::replacement::{Before, RestoreCode};
use domain::{LicenseId, ReplacementId};
use store::query::ReplacementItem;
use wire::license::{LicenseSerial, Replaced, Replacement, ReplacementUndone};

use super::license::{Usernames, displaced};
use super::{time, words};

/// What a replacement came to; without an id when it was only asked what would happen.
pub(crate) fn replaced(
    id: Option<ReplacementId>,
    holders: &[Displaced],
    usernames: &Usernames,
) -> Replaced {
    let left_out = count(holders.iter().filter(|one| one.fate == Fate::LeftOut));
    let special: Vec<Displaced> = holders
        .iter()
        .filter(|one| one.fate != Fate::Moved)
        .cloned()
        .collect();
    Replaced {
        replacement: id.map(|id| id.0),
        moved: count(holders.iter()) - left_out,
        left_out,
        holders: displaced(holders, usernames),
        displaced: displaced(&special, usernames),
    }
}

/// A replacement in a list.
pub(crate) fn replacement(item: ReplacementItem) -> Replacement {
    let named = |before: &[Before]| {
        let named = before.iter().map(|one| LicenseSerial {
            id: one.license.0,
            serial: serial(&item.serials, one.license),
        });
        named.collect()
    };
    let replacement = &item.replacement;
    Replacement {
        id: replacement.id.0,
        at: time::time(replacement.at),
        old: named(&replacement.old),
        new: named(&replacement.new),
        moved: item.holders,
        left_out: replacement.left_out,
        undo_until: time::time(replacement.undo_until()),
        undone_at: replacement.undone_at.map(time::time),
        by: replacement.by.clone(),
    }
}

fn serial(serials: &[(LicenseId, domain::Serial)], id: LicenseId) -> String {
    let found = serials.iter().find(|(known, _)| *known == id);
    found.map_or_else(String::new, |(_, serial)| serial.as_str().to_owned())
}

/// What undoing a replacement came to.
pub(crate) fn undone(restored: &[Restored], usernames: &Usernames) -> ReplacementUndone {
    let is_restored = |one: &&Restored| one.code == RestoreCode::Restored;
    let holders = restored.iter().map(|one| wire::license::Restored {
        user: one.holder.user.0,
        username: usernames.get(&one.holder.user).cloned().unwrap_or_default(),
        license: one.license.0,
        code: words::restore_code(one.code),
        detail: sentence(one.code).to_owned(),
    });
    ReplacementUndone {
        restored: count(restored.iter().filter(is_restored)),
        holders: holders.collect(),
    }
}

const fn sentence(code: RestoreCode) -> &'static str {
    match code {
        RestoreCode::Restored => "holds the old seat again",
        RestoreCode::UnknownUser => "the account was deleted since",
        RestoreCode::UserInactive => "the account is not active any more",
        RestoreCode::RecalledSince => {
            "the new seat was taken from them since, so the old one is not given back"
        }
        RestoreCode::NotUsable => {
            "the old license is not in force any more; they keep the new seat"
        }
        RestoreCode::NoFreeSeat => {
            "no seat of the old license is free for them; they keep the new seat"
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
