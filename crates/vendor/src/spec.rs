//! What an issuer wants to issue: built in code, or read from `licenses.toml`.

mod date;
mod error;
mod parse;

pub(crate) use date::{Edge, instant, start_of_day};
pub(crate) use error::lines;
pub use error::{SpecError, SpecProblem};

use jiff::Timestamp;
use license_file::document::{
    Access, Agreement, CountedBy, LicenseTerms, Model, Modules, Removable,
};

/// Licenses to be issued together in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The issuer's name, as it will stand in the document.
    pub issuer: String,
    /// The company id that the file is for (L5); anyone's when absent.
    pub customer: Option<String>,
    /// What is licensed.
    pub licenses: Vec<LicenseSpec>,
    /// Serials or ids of licenses that an answer to a request takes back (I4); nothing else can.
    pub withdraw: Vec<String>,
}

impl Spec {
    /// Reads a specification in TOML. Only its form is judged here; what the licenses say is judged when they are issued.
    ///
    /// # Errors
    /// [`SpecError`], with the line and the license that is to blame; an unknown key is named.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        parse::spec(text)
    }
}

/// One license to be issued. Start from [`LicenseSpec::dedicated`], [`LicenseSpec::floating`] or [`LicenseSpec::site`]:
///
/// ```text
/// LicenseSpec { grace_days: 14, ..LicenseSpec::floating("NW-001", "esm", "Service Management", 25) }
/// ```
///
/// The fields mean what they mean in [`LicenseTerms`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseSpec {
    /// The license's id; made from key and serial when absent, so that the same serial is always the same license.
    pub id: Option<String>,
    /// To be counted up whenever the terms of an issued license change (L4).
    pub revision: u64,
    /// The number people know the license by.
    pub serial: String,
    /// Code of the product.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// How seats are used.
    pub model: Model,
    /// What holders may do.
    pub access: Access,
    /// Which modules.
    pub modules: Modules,
    /// Number of seats; none for a site license.
    pub seats: Option<u32>,
    /// First instant; the start of the UTC day of issue when absent.
    pub starts_at: Option<Timestamp>,
    /// First instant after the term; perpetual when absent.
    pub expires_at: Option<Timestamp>,
    /// Days of grace.
    pub grace_days: u16,
    /// Whether seats may be assigned.
    pub assignable: bool,
    /// When the license may be removed.
    pub removable: Removable,
    /// What occupies a floating seat.
    pub counted_by: Option<CountedBy>,
    /// How often the license must be refreshed.
    pub revalidate_days: Option<u16>,
    /// How long a missed refresh is tolerated.
    pub offline_grace_days: Option<u16>,
    /// What must be accepted first.
    pub agreement: Option<Agreement>,
    /// The one installation that may use it.
    pub installation: Option<String>,
    /// The licenses it replaces.
    pub replaces: Vec<String>,
    /// Line of the specification's file where the license begins, for messages.
    pub line: Option<usize>,
}

impl LicenseSpec {
    /// Named-user seats: every module, write access, perpetual, from the day of issue.
    pub fn dedicated(serial: &str, product: &str, product_name: &str, seats: u32) -> Self {
        Self::plain(serial, product, product_name, Model::Dedicated, Some(seats))
    }

    /// Concurrent seats counted by user; else as [`LicenseSpec::dedicated`].
    pub fn floating(serial: &str, product: &str, product_name: &str, seats: u32) -> Self {
        Self::plain(serial, product, product_name, Model::Floating, Some(seats))
    }

    /// For everyone; else as [`LicenseSpec::dedicated`].
    pub fn site(serial: &str, product: &str, product_name: &str) -> Self {
        Self::plain(serial, product, product_name, Model::Site, None)
    }

    fn plain(
        serial: &str,
        product: &str,
        product_name: &str,
        model: Model,
        seats: Option<u32>,
    ) -> Self {
        Self {
            id: None,
            revision: 1,
            serial: serial.to_owned(),
            product: product.to_owned(),
            product_name: product_name.to_owned(),
            model,
            access: Access::default(),
            modules: Modules::All,
            seats,
            starts_at: None,
            expires_at: None,
            grace_days: 0,
            assignable: true,
            removable: Removable::default(),
            counted_by: None,
            revalidate_days: None,
            offline_grace_days: None,
            agreement: None,
            installation: None,
            replaces: Vec::new(),
            line: None,
        }
    }

    /// The terms, with what was left open filled in.
    pub(crate) fn into_terms(
        self,
        made_id: impl FnOnce(&str) -> String,
        starts_at: Timestamp,
    ) -> LicenseTerms {
        LicenseTerms {
            id: self.id.unwrap_or_else(|| made_id(&self.serial)),
            revision: self.revision,
            serial: self.serial,
            product: self.product,
            product_name: self.product_name,
            model: self.model,
            access: self.access,
            modules: self.modules,
            seats: self.seats,
            starts_at: self.starts_at.unwrap_or(starts_at),
            expires_at: self.expires_at,
            grace_days: self.grace_days,
            assignable: self.assignable,
            removable: self.removable,
            counted_by: self.counted_by,
            revalidate_days: self.revalidate_days,
            offline_grace_days: self.offline_grace_days,
            agreement: self.agreement,
            installation: self.installation,
            replaces: self.replaces,
        }
    }
}
