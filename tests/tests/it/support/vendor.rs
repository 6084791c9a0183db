//! A vendor who signs licenses on the spot.

use std::path::{Path, PathBuf};

use license_file::key_file::PrivateKeyFile;
use vendor::spec::Spec;

/// The moment at which everything here is issued: 2026-01-01.
const ISSUED_AT_S: i64 = 1_767_225_600;

/// A vendor with a key pair of its own.
#[derive(Debug)]
pub(crate) struct Vendor {
    key: PrivateKeyFile,
}

impl Vendor {
    /// A vendor whose key nobody knows yet.
    pub(crate) fn new() -> Self {
        let (key, _) = vendor::keys::keygen("Northwind Software").expect("keys can be made");
        Self { key }
    }

    /// The text of the public key file.
    pub(crate) fn public_text(&self) -> String {
        self.key.public().to_text()
    }

    /// The text of the private key file.
    pub(crate) fn private_text(&self) -> String {
        self.key.to_text().to_string()
    }

    /// Writes the public key file into a folder.
    pub(crate) fn write_public(&self, folder: &Path) -> PathBuf {
        let path = folder.join("vendor.pub");
        std::fs::write(&path, self.public_text()).expect("the folder can be written to");
        path
    }

    /// A signed license file with these `[[license]]` tables, for nobody in particular.
    pub(crate) fn license_file(&self, licenses: &str) -> String {
        let text = format!("issuer = \"Northwind Software\"\n{licenses}");
        self.issue(&text)
    }

    /// A signed license file of a whole specification.
    pub(crate) fn issue(&self, specification: &str) -> String {
        let spec = Spec::parse(specification).expect("the test's specification is right");
        vendor::issue::issue(spec, &self.key.key, now()).expect("it can be issued")
    }
}

/// The table of a perpetual license for writing in all modules.
pub(crate) fn license(model: &str, product: &str, seats: u32) -> String {
    let seats = match model {
        "site" => String::new(),
        _ => format!("seats = {seats}\n"),
    };
    format!(
        "[[license]]\nserial = \"{}-{product}\"\nproduct = \"{product}\"\n\
         product_name = \"The {product} suite\"\nmodel = \"{model}\"\naccess = \"write\"\n\
         modules = \"all\"\nstarts_at = \"2020-01-01\"\n{seats}",
        model.to_uppercase()
    )
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(ISSUED_AT_S).expect("a moment in 2026")
}
