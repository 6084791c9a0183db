//! Licenses as a test describes them.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::command::NewLicense;
use domain::license::Agreement;
use domain::names::Title;
use domain::{
    AccessLevel, CountedBy, LicenseRef, Millis, Model, ModuleCode, Modules, ProductCode, Removable,
    Serial, Terms, Timestamp,
};

use super::BEGINNING;

/// A license to be imported. What is not said: product `esm`, one seat, write access, all
/// modules, since yesterday, for ever, by Northwind.
#[derive(Clone, Debug)]
pub(crate) struct LicenseSpec {
    terms: Terms,
    issuer: Title,
    issued_at: Timestamp,
    good_for: Option<Millis>,
    key: &'static str,
}

/// A license for named users.
pub(crate) fn dedicated(serial: &str) -> LicenseSpec {
    LicenseSpec::new(serial, Model::Dedicated)
}

/// A license for whoever works at the same time.
pub(crate) fn floating(serial: &str) -> LicenseSpec {
    LicenseSpec::new(serial, Model::Floating)
}

/// A license for everyone.
pub(crate) fn site(serial: &str) -> LicenseSpec {
    LicenseSpec::new(serial, Model::Site).seats(0)
}

fn day(day: i64) -> Timestamp {
    BEGINNING.plus(Millis::days(day))
}

impl LicenseSpec {
    fn new(serial: &str, model: Model) -> Self {
        Self {
            terms: Terms {
                reference: LicenseRef::parse(serial).unwrap(),
                revision: 1,
                serial: Serial::parse(serial).unwrap(),
                product: ProductCode::parse("esm").unwrap(),
                product_name: Title::parse("esm").unwrap(),
                model,
                access: AccessLevel::Write,
                modules: Modules::All,
                seats: 1,
                starts_at: day(-1),
                expires_at: Timestamp::FOREVER,
                grace: Millis::ZERO,
                assignable: true,
                removable: Removable::Always,
                counted_by: CountedBy::User,
                revalidate_every: None,
                offline_grace: Millis::ZERO,
                agreement: None,
                installation: None,
                replaces: Vec::new(),
            },
            issuer: Title::parse("Northwind Software").unwrap(),
            issued_at: BEGINNING,
            good_for: None,
            key: "key-1",
        }
    }

    pub(crate) fn build(&self) -> NewLicense {
        NewLicense {
            terms: Arc::new(self.terms.clone()),
            issuer: self.issuer.clone(),
            key: self.key.into(),
            issued_at: self.issued_at,
            good_for: self.good_for,
            file: None,
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn serial(&self) -> &str {
        self.terms.serial.as_str()
    }

    fn with(mut self, change: impl FnOnce(&mut Terms)) -> Self {
        change(&mut self.terms);
        self
    }

    pub(crate) fn of(self, product: &str) -> Self {
        let code = ProductCode::parse(product).unwrap();
        let name = Title::parse(product).unwrap();
        self.with(|terms| (terms.product, terms.product_name) = (code, name))
    }

    pub(crate) fn product_named(self, name: &str) -> Self {
        let name = Title::parse(name).unwrap();
        self.with(|terms| terms.product_name = name)
    }

    pub(crate) fn seats(self, seats: u32) -> Self {
        self.with(|terms| terms.seats = seats)
    }

    pub(crate) fn read_only(self) -> Self {
        self.with(|terms| terms.access = AccessLevel::Read)
    }

    pub(crate) fn modules(self, modules: &[&str]) -> Self {
        let modules: BTreeSet<ModuleCode> = modules
            .iter()
            .map(|code| ModuleCode::parse(code).unwrap())
            .collect();
        self.with(|terms| terms.modules = Modules::Only(modules))
    }

    /// Days are counted from the beginning of the world.
    pub(crate) fn starts(self, on: i64) -> Self {
        self.with(|terms| terms.starts_at = day(on))
    }

    pub(crate) fn expires(self, on: i64) -> Self {
        self.with(|terms| terms.expires_at = day(on))
    }

    pub(crate) fn grace_days(self, days: i64) -> Self {
        self.with(|terms| terms.grace = Millis::days(days))
    }

    pub(crate) fn revalidated(self, every_days: i64, offline_grace_days: i64) -> Self {
        self.with(|terms| {
            terms.revalidate_every = Some(Millis::days(every_days));
            terms.offline_grace = Millis::days(offline_grace_days);
        })
    }

    /// Signed with this key.
    pub(crate) fn signed_with(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    /// In a document issued then.
    pub(crate) fn issued(self, issued_at: Timestamp) -> Self {
        Self { issued_at, ..self }
    }

    /// In a document that is good only for a time after its issue.
    pub(crate) fn good_for(self, issued_at: Timestamp, good_for: Millis) -> Self {
        Self {
            issued_at,
            good_for: Some(good_for),
            ..self
        }
    }

    pub(crate) fn revision(self, revision: u64) -> Self {
        self.with(|terms| terms.revision = revision)
    }

    pub(crate) fn reference(self, reference: &str) -> Self {
        let reference = LicenseRef::parse(reference).unwrap();
        self.with(|terms| terms.reference = reference)
    }

    pub(crate) fn model(self, model: Model) -> Self {
        self.with(|terms| terms.model = model)
    }

    pub(crate) fn not_assignable(self) -> Self {
        self.with(|terms| terms.assignable = false)
    }

    pub(crate) fn removable_after_expiry(self) -> Self {
        self.with(|terms| terms.removable = Removable::AfterExpiry)
    }

    pub(crate) fn per_session(self) -> Self {
        self.with(|terms| terms.counted_by = CountedBy::Session)
    }

    pub(crate) fn agreement(self, text: &str) -> Self {
        let agreement = Agreement {
            text: text.into(),
            hash: format!("hash of {text}"),
        };
        self.with(|terms| terms.agreement = Some(agreement))
    }

    pub(crate) fn replaces(self, references: &[&str]) -> Self {
        let references = references.iter().map(|one| LicenseRef::parse(one).unwrap());
        let references = references.collect();
        self.with(|terms| terms.replaces = references)
    }

    pub(crate) fn issued_by(mut self, issuer: &str) -> Self {
        self.issuer = Title::parse(issuer).unwrap();
        self
    }
}
