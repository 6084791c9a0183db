//! Whose ledger it is, and that one service works on a folder at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use license_file::key_file::PrivateKeyFile;
use serde::{Deserialize, Serialize};
use store::ledger::Place;

use super::{Now, Service, ServiceError};
use crate::issue::license_id;

/// The lock file within the folder.
const LOCK: &str = "service.lock";

/// The file within the folder that says whose ledger it is.
const ISSUER: &str = "issuer.json";

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another service works on the folder.
    #[error("another license service works on the folder {} already", .0.display())]
    AlreadyOpen(PathBuf),
    /// It is the ledger of another issuer.
    #[error(
        "the licenses here are those of {issuer}, and the key is that of {ours}; --take-over goes on with it all the same"
    )]
    AnotherIssuer {
        /// Whose ledger it is.
        issuer: String,
        /// Whose key it is.
        ours: String,
    },
    /// Nothing says whose ledger it is, and no license in it came from this key or one that it succeeds.
    #[error(
        "none of the licenses here was issued with this key, of {ours}, or one that it succeeds; --take-over goes on with it all the same"
    )]
    AnotherKey {
        /// Whose key it is.
        ours: String,
    },
    /// The ledger's folder can't be used.
    #[error("the folder {} can't be used: {source}", dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The ledger can't be opened or read.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl StartError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyOpen(_) => "already_open",
            Self::AnotherIssuer { .. } | Self::AnotherKey { .. } => "another_issuer",
            Self::Folder { .. } => "folder_unusable",
            Self::Service(error) => error.code(),
        }
    }
}

/// A folder's lock; given back when dropped, also by the end of the process however it comes.
pub(super) struct Claim(Option<File>);

/// Whose ledger a folder has.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    /// The issuer's name.
    issuer: String,
    /// The id of the issuer's first key, which a successor carries too.
    first_key: String,
}

impl Owner {
    fn of(key: &PrivateKeyFile) -> Self {
        Self {
            issuer: key.name.clone(),
            first_key: key.key.lineage().to_owned(),
        }
    }
}

impl Service {
    /// Opens the service as [`Service::open`] does, and keeps it from what must not be: a second service on the same
    /// folder, and a ledger of another issuer. With `takes_over` the ledger goes on with this key, whosever it was.
    /// Any number of services may work on a database, which does not say whose it is.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(
        place: &Place,
        key: PrivateKeyFile,
        now: Now,
        takes_over: bool,
    ) -> Result<Self, StartError> {
        let Place::Folder(dir) = place else {
            let service = Self::open(place, key, now)?;
            if !service.recognizes_ids()? {
                tracing::warn!(
                    "none of the licenses in the database was issued with this key or one that it succeeds"
                );
            }
            return Ok(service);
        };
        let owner = Owner::of(&key);
        let known = read_owner(dir)?;
        if let Some(known) = &known
            && known.issuer != owner.issuer
            && !takes_over
        {
            return Err(StartError::AnotherIssuer {
                issuer: known.issuer.clone(),
                ours: owner.issuer,
            });
        }
        // A folder that is not there yet is made by the ledger, with the permissions that it wants.
        let claim = place.exists().then(|| take(dir)).transpose()?;
        let mut service = Self::open(place, key, now)?;
        service.claim = match claim {
            Some(claim) => claim,
            None => take(dir)?,
        };
        match &known {
            Some(known) if *known == owner => return Ok(service),
            Some(_) => tracing::warn!(
                kid = service.kid(),
                "the key is another one than before and does not succeed it: customers must trust it first"
            ),
            None if takes_over || service.recognizes_ids()? => {}
            None => return Err(StartError::AnotherKey { ours: owner.issuer }),
        }
        write_owner(dir, &owner)?;
        Ok(service)
    }

    /// Whether a ledger that does not say whose it is may be this key's: the ids that are made for licenses come from
    /// the key.
    fn recognizes_ids(&self) -> Result<bool, ServiceError> {
        let mut is_of_another = false;
        for entry in self.list()? {
            let (id, serial) = (&entry.terms.id, &entry.terms.serial);
            let mut own = [self.key.key.lineage(), self.kid()].into_iter();
            if own.any(|kid| license_id(kid, serial) == *id) {
                return Ok(true);
            }
            is_of_another |= id.len() == 36 && id.as_bytes().get(14) == Some(&b'8');
        }
        Ok(!is_of_another)
    }
}

impl Claim {
    /// None: whoever opens the ledger so looks after it otherwise.
    pub(super) const fn none() -> Self {
        Self(None)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // Closing the file gives it back as well.
            drop(file.unlock());
        }
    }
}

fn take(dir: &Path) -> Result<Claim, StartError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join(LOCK))
        .map_err(|source| of_place(dir, source))?;
    match file.try_lock() {
        Ok(()) => Ok(Claim(Some(file))),
        Err(TryLockError::WouldBlock) => Err(StartError::AlreadyOpen(dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(of_place(dir, source)),
    }
}

fn read_owner(dir: &Path) -> Result<Option<Owner>, StartError> {
    let text = match std::fs::read(dir.join(ISSUER)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(of_place(dir, source)),
    };
    let owner = serde_json::from_slice(&text);
    owner
        .map(Some)
        .map_err(|error| StartError::Service(ServiceError::Damaged(format!("{ISSUER}: {error}"))))
}

fn write_owner(dir: &Path, owner: &Owner) -> Result<(), StartError> {
    let text = serde_json::to_vec(owner).map_err(|error| of_place(dir, error.into()))?;
    let fresh = dir.join("issuer.json.new");
    std::fs::write(&fresh, text)
        .and_then(|()| std::fs::rename(&fresh, dir.join(ISSUER)))
        .map_err(|source| of_place(dir, source))
}

fn of_place(dir: &Path, source: io::Error) -> StartError {
    StartError::Folder {
        dir: dir.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::keys::{keygen, succeed};
    use crate::service::model::NewLicenses;

    fn start(dir: &Path, key: &PrivateKeyFile, takes_over: bool) -> Result<Service, StartError> {
        let key = PrivateKeyFile::parse(&key.to_text()).unwrap();
        let now: Now = Arc::new(|| Timestamp::from_second(1_800_000_000).unwrap());
        Service::start(&Place::Folder(dir.to_owned()), key, now, takes_over)
    }

    fn issue(service: &Service) {
        let spec =
            "issuer = \"N\"\n[[license]]\nserial = \"S-1\"\nproduct = \"p\"\nmodel = \"site\"\n";
        let new = NewLicenses {
            spec: spec.to_owned(),
            installations: None,
        };
        service.issue(&new).unwrap();
    }

    #[test]
    fn one_service_works_on_a_folder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("service");
        let (key, _) = keygen("Northwind Software").unwrap();
        let first = start(&dir, &key, false).unwrap();
        let second = start(&dir, &key, false).unwrap_err();
        assert_eq!(second.code(), "already_open");
        assert!(second.to_string().contains("service"), "{second}");
        drop(first);
        start(&dir, &key, false).unwrap();
    }

    #[test]
    fn a_ledger_is_opened_with_keys_of_its_issuer_alone() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let (key, _) = keygen("Northwind Software").unwrap();
        drop(start(dir, &key, false).unwrap());
        let (other, _) = keygen("Southwind").unwrap();
        let error = start(dir, &other, false).unwrap_err();
        assert_eq!(error.code(), "another_issuer");
        let text = error.to_string();
        assert!(
            text.contains("Northwind Software") && text.contains("Southwind"),
            "{text}"
        );
        let successor = succeed(&key).unwrap();
        drop(start(dir, &successor, false).unwrap());
        let (namesake, _) = keygen("Northwind Software").unwrap();
        drop(start(dir, &namesake, false).unwrap());
        drop(start(dir, &other, true).unwrap());
        assert_eq!(
            start(dir, &key, false).unwrap_err().code(),
            "another_issuer"
        );
    }

    #[test]
    fn a_ledger_that_says_not_whose_it_is_is_known_by_its_licenses() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let (key, _) = keygen("Northwind Software").unwrap();
        issue(&start(dir, &key, false).unwrap());
        std::fs::remove_file(dir.join(ISSUER)).unwrap();
        let (other, _) = keygen("Southwind").unwrap();
        let error = start(dir, &other, false).unwrap_err();
        assert_eq!(error.code(), "another_issuer");
        assert!(!dir.join(ISSUER).exists());
        let third = succeed(&succeed(&key).unwrap()).unwrap();
        drop(start(dir, &third, false).unwrap());
    }
}
