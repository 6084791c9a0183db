//! Licenses and issuers' keys for tests.

use uuid::Uuid;
use wire::issuer::Issuer;
use wire::license::License;
use wire::{
    AccessLevel, AutoAssign, CountedBy, IssuerKind, Model, Modules, Removable, Standing, State,
    Time,
};

/// A license with this serial, whose id is made of the serial's address in memory: another for each call.
pub(crate) fn license(serial: &str) -> License {
    let serial = serial.to_owned();
    License {
        id: Uuid::from_u128(serial.as_ptr() as u128),
        reference: "ref".into(),
        revision: 1,
        serial,
        product: "esm".into(),
        product_name: "Service Management".into(),
        model: Model::Dedicated,
        access: AccessLevel::Write,
        modules: Modules::All,
        seats: 25,
        occupied: 20,
        free: 5,
        releasing: 0,
        unbacked: 0,
        state: State::Active,
        usable: true,
        starts_at: Time::from_millis(0),
        expires_at: None,
        grace_days: 0,
        assignable: true,
        auto_assign: AutoAssign::AsNeeded,
        removable: Removable::Always,
        counted_by: CountedBy::User,
        issuer: "Northwind Software".into(),
        key: "kid".into(),
        revalidate_days: None,
        offline_grace_days: None,
        stale_at: None,
        days_until_stale: None,
        refresh: None,
        agreement: None,
        replaced_by: None,
        imported_at: Time::from_millis(0),
        version: 1,
    }
}

/// A key with this id, with a period that says how it stands.
pub(crate) fn issuer(kid: &str, standing: Standing) -> Issuer {
    Issuer {
        kid: kid.into(),
        name: "Northwind Software".into(),
        kind: IssuerKind::Seatkeeper,
        x: String::new(),
        standing,
        valid_from: Some(Time::from_millis(5000)),
        valid_until: Some(Time::from_millis(6000)),
        introduced_by: None,
        trusted_at: Time::from_millis(0),
        service: None,
    }
}
