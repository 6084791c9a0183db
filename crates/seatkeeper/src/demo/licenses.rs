//! What the demo's vendor sells: a license for every state that the screens can show.

use jiff::{SignedDuration, Timestamp};
use license_file::document::{Access, Agreement, CountedBy, Modules, Removable};
use vendor::spec::{LicenseSpec, Spec};

/// The name of the demo's vendor.
pub(super) const VENDOR: &str = "Northwind Software";

/// The products that the demo's traffic signs in to.
pub(super) const PRODUCTS: [&str; 4] = ["esm", "cad", "wiki", "reports"];

/// A license, and the one that took over its holders.
pub(super) const REPLACED: (&str, &str) = ("NW-ESM-003", "NW-ESM-004");

fn days(now: Timestamp, days: i64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_hours(24 * days)).ok()
}

fn modules(codes: &[&str]) -> Modules {
    Modules::Only(codes.iter().map(|code| (*code).to_owned()).collect())
}

/// Everything the company bought, as of `now`.
pub(super) fn spec(now: Timestamp) -> Spec {
    let term = |from: i64, until: i64, license: LicenseSpec| LicenseSpec {
        starts_at: days(now, from),
        expires_at: days(now, until),
        ..license
    };
    let licenses = vec![
        term(
            -200,
            165,
            LicenseSpec {
                grace_days: 14,
                ..LicenseSpec::dedicated("NW-ESM-001", "esm", "Service Management", 40)
            },
        ),
        term(
            -200,
            165,
            LicenseSpec::floating("NW-ESM-002", "esm", "Service Management", 12),
        ),
        term(
            -200,
            165,
            LicenseSpec {
                modules: modules(&["cmdb", "it-processes"]),
                ..LicenseSpec::dedicated(REPLACED.0, "esm", "Service Management", 8)
            },
        ),
        term(
            -2,
            363,
            LicenseSpec {
                modules: modules(&["cmdb", "it-processes", "self-service"]),
                ..LicenseSpec::dedicated(REPLACED.1, "esm", "Service Management", 10)
            },
        ),
        // Ends within the warning period; the next term is bought already.
        term(
            -355,
            10,
            LicenseSpec {
                removable: Removable::AfterExpiry,
                ..LicenseSpec::dedicated("NW-CAD-2025", "cad", "Drawing Board", 25)
            },
        ),
        term(
            10,
            375,
            LicenseSpec {
                removable: Removable::AfterExpiry,
                ..LicenseSpec::dedicated("NW-CAD-2026", "cad", "Drawing Board", 20)
            },
        ),
        term(
            -100,
            265,
            LicenseSpec {
                access: Access::Read,
                counted_by: Some(CountedBy::Session),
                ..LicenseSpec::floating("NW-CAD-VIEW", "cad", "Drawing Board", 15)
            },
        ),
        LicenseSpec {
            starts_at: days(now, -900),
            ..LicenseSpec::site("NW-WIKI-ALL", "wiki", "Company Wiki")
        },
        // Past its end, within its grace days.
        term(
            -370,
            -3,
            LicenseSpec {
                grace_days: 14,
                ..LicenseSpec::floating("NW-REP-001", "reports", "Report Writer", 5)
            },
        ),
        term(
            -800,
            -70,
            LicenseSpec::dedicated("NW-OLD-001", "archive", "Old Archive", 10),
        ),
        // Takes effect once an administrator accepts its agreement.
        term(
            -5,
            360,
            LicenseSpec {
                agreement: Some(Agreement {
                    title: Some("Terms of Mail Guard".into()),
                    text: "Seats are for employees of the company. They may be handed on at any \
                           time."
                        .into(),
                }),
                ..LicenseSpec::floating("NW-MAIL-001", "mailguard", "Mail Guard", 30)
            },
        ),
    ];
    Spec {
        issuer: VENDOR.into(),
        customer: Some("DEMO-1".into()),
        licenses,
        withdraw: Vec::new(),
    }
}
