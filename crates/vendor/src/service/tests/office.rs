//! A service with its clock, the installations that ask it, and where its ledger is.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use license_file::exchange::{Answered, Held, Request, Wish, open_answer};
use license_file::jws::SigningKey;
use license_file::key_file::PrivateKeyFile;
use license_file::license_key::LicenseKey;
use license_file::open::{Ours, TrustedKeys, open};
use store::Database;
use store::ledger::Place;
use tempfile::TempDir;

use crate::keys::keygen;
use crate::service::desk::Address;
use crate::service::model::NewLicenses;
use crate::service::{Service, ServiceError};

/// Runs each test on a ledger in a folder, and, where PostgreSQL is at hand, on one there.
macro_rules! on_both {
    ($($name:ident;)*) => {
        mod sqlite {
            $(
                #[test]
                fn $name() {
                    super::$name(&super::Office::embedded());
                }
            )*
        }

        mod postgres {
            $(
                #[test]
                #[ignore = "slow: needs PostgreSQL"]
                fn $name() {
                    super::$name(&super::Office::on_postgres());
                }
            )*
        }
    };
}
pub(super) use on_both;

/// A service with a clock.
pub(super) struct Office {
    pub(super) service: Service,
    trust: TrustedKeys,
    pub(super) seconds: Arc<AtomicI64>,
    nonce: AtomicI64,
    place: Place,
    key: PrivateKeyFile,
    _folder: TempDir,
}

/// A license of 25 seats.
pub(super) const SPEC: &str = "issuer = \"Northwind Software\"\ncustomer = \"CUST-42\"\n[[license]]\nserial = \"NW-1\"\n\
    product = \"esm\"\nmodel = \"dedicated\"\nseats = 25\n";

impl Office {
    /// On SQLite, in a folder of its own.
    pub(super) fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::at(Place::Folder(folder.path().to_owned()), folder)
    }

    /// On PostgreSQL, in a schema of its own; it goes with its server.
    pub(super) fn on_postgres() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::at(Place::Database(Box::new(fresh_schema(&folder))), folder)
    }

    fn at(place: Place, folder: TempDir) -> Self {
        let (key, public) = keygen("Northwind Software").unwrap();
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        Self {
            service: service(&place, &key, &seconds),
            trust: std::iter::once(public).collect(),
            seconds,
            nonce: AtomicI64::new(0),
            place,
            key,
            _folder: folder,
        }
    }

    /// A second service on the same ledger, as another process has it.
    pub(super) fn second_service(&self) -> Service {
        service(&self.place, &self.key, &self.seconds)
    }

    pub(super) fn sells(&self, spec: &str, installations: u32) -> LicenseKey {
        let new = NewLicenses {
            spec: spec.to_owned(),
            installations: Some(installations),
        };
        let issued = self.service.issue(&new).unwrap();
        assert_eq!(issued.len(), 1);
        LicenseKey::parse(&issued[0].license_key).unwrap()
    }

    pub(super) fn asks(
        &self,
        house: &House,
        address: Address,
        wish: Wish,
    ) -> Result<Vec<Answered>, ServiceError> {
        self.asks_at(&self.service, house, address, wish)
    }

    /// The same of a certain service.
    pub(super) fn asks_at(
        &self,
        service: &Service,
        house: &House,
        address: Address,
        wish: Wish,
    ) -> Result<Vec<Answered>, ServiceError> {
        let request = Request {
            installation: house.id.to_owned(),
            company: house.company.map(str::to_owned),
            at: Timestamp::UNIX_EPOCH,
            wish,
        };
        let nonce = self.nonce.fetch_add(1, Ordering::SeqCst);
        let text = request.sign(&house.key, &i128::from(nonce).to_be_bytes());
        let answer = service.exchange(address, &text)?;
        let opened = open_answer(answer.as_bytes(), &self.trust, &text, house.id);
        Ok(opened
            .expect("what the service signs is understood")
            .1
            .licenses)
    }

    pub(super) fn activates(&self, house: &House, key: &LicenseKey) -> Result<u64, ServiceError> {
        let answered = self.asks(house, Address::Activate, Wish::Activate(key.clone()))?;
        let [Answered::Issued { document }] = &answered[..] else {
            panic!("{answered:?}");
        };
        let ours = Ours {
            company: None,
            installation: Some(house.id),
        };
        let opened = open(document.as_bytes(), &self.trust, &ours).expect("it is a license file");
        Ok(opened.document.licenses[0].revision)
    }

    pub(super) fn refreshes(&self, house: &House, revision: u64) -> Result<Answered, ServiceError> {
        let id = self.service.get("NW-1").unwrap().terms.id;
        let held = vec![Held { id, revision }];
        let mut answered = self.asks(house, Address::Refresh, Wish::Refresh(held))?;
        assert_eq!(answered.len(), 1);
        Ok(answered.remove(0))
    }
}

/// An installation.
pub(super) struct House {
    pub(super) id: &'static str,
    pub(super) company: Option<&'static str>,
    pub(super) key: SigningKey,
}

/// One whose key is told by the length of its id.
pub(super) fn house(id: &'static str) -> House {
    House {
        id,
        company: None,
        key: SigningKey::from_seed(&[id.len().to_le_bytes()[0]; 32]),
    }
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    result.unwrap_err().code()
}

fn service(place: &Place, key: &PrivateKeyFile, seconds: &Arc<AtomicI64>) -> Service {
    let clock = Arc::clone(seconds);
    let now = move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap();
    let key = PrivateKeyFile::parse(&key.to_text()).unwrap();
    Service::open(place, key, Arc::new(now)).unwrap()
}

/// A schema that is named as a folder is.
pub(super) fn fresh_schema(folder: &TempDir) -> Database {
    let server = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it");
    let name = folder.path().file_name().unwrap().to_string_lossy();
    let mut schema = String::from("vendor_");
    for byte in name.bytes() {
        write!(schema, "{byte:02x}").unwrap();
    }
    let mut psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", &server])
        .stdin(Stdio::piped())
        .spawn()
        .expect("psql is installed");
    let mut input = psql.stdin.take().unwrap();
    writeln!(input, "CREATE SCHEMA {schema}").unwrap();
    drop(input);
    assert!(psql.wait().unwrap().success());
    let url = format!("{server}?options=-csearch_path%3D{schema}");
    Database::parse(&url, None).unwrap()
}
