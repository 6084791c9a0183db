//! Who this installation is: its id, and the key pair that signs its session tokens.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::Ed25519KeyPair;
use license_file::jws::{
    BORROW_TYP, EncodedHeader, Jwks, SESSION_TYP, SigningKey, VerifyingKey, assemble, signing_input,
};
use license_file::key_file::PrivateKeyFile;
use uuid::Uuid;

use crate::error::StartError;

/// The name of the key file within the data folder.
pub const KEY_FILE: &str = "installation.key";

/// Whether an installation had a key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// This is its first start.
    New,
    /// It ran before.
    Known,
}

impl Age {
    /// Says what it means that a key was made.
    fn complain(self, path: &Path) {
        if self == Self::Known {
            tracing::warn!(
                file = %path.display(),
                "the installation's key is gone, and another was made: session tokens, borrowed \
                 seats and open license requests of before are not recognized any more; stop the \
                 server and restore {KEY_FILE} from a backup if there is one"
            );
        }
    }
}

/// The identity under which tokens are issued.
pub(crate) struct Installation {
    /// The installation's id (L5), made at the first start.
    pub(crate) id: Uuid,
    /// The id as text, as tokens and licenses write it.
    pub(crate) id_text: String,
    /// Signs session tokens; twice as fast as the library that reads license files.
    pub(crate) signer: Ed25519KeyPair,
    /// The public half of the key pair.
    pub(crate) public: VerifyingKey,
    /// The header of every session token, encoded once.
    pub(crate) header: EncodedHeader,
    /// The header of every token of a borrowed seat (H5).
    pub(crate) borrow_header: EncodedHeader,
    /// The public half, for those who check tokens.
    pub(crate) jwks: Jwks,
}

impl Installation {
    /// Reads the key pair from the data folder, or makes one there.
    pub(crate) fn open(data: &Path, id: Uuid, age: Age) -> Result<Self, StartError> {
        let path = data.join(KEY_FILE);
        let key = match fs::read_to_string(&path) {
            Ok(text) => {
                PrivateKeyFile::parse(&text)
                    .map_err(|error| not_a_key(&path, error.to_string()))?
                    .key
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = make_key(&path, id)?;
                age.complain(&path);
                key
            }
            Err(error) => return Err(StartError::KeyFile { path, error }),
        };
        Self::of(&key, id).map_err(|why| not_a_key(&path, why))
    }

    /// The identity of a key file's text, which a store keeps.
    pub(crate) fn parse(text: &str, id: Uuid) -> Result<Self, StartError> {
        let fault = |why| not_a_key(Path::new("in the database"), why);
        let file = PrivateKeyFile::parse(text).map_err(|error| fault(error.to_string()))?;
        Self::of(&file.key, id).map_err(fault)
    }

    /// The text of the key file in the data folder, or of a fresh one, which is not written.
    pub(crate) fn key_text(data: &Path, id: Uuid, age: Age) -> Result<String, StartError> {
        let path = data.join(KEY_FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                age.complain(&path);
                Ok(fresh_key(id).to_text().as_str().to_owned())
            }
            Err(error) => Err(StartError::KeyFile { path, error }),
        }
    }

    fn of(key: &SigningKey, id: Uuid) -> Result<Self, String> {
        let public: &VerifyingKey = key.verifying_key();
        let signer =
            Ed25519KeyPair::from_seed_and_public_key(key.seed().as_slice(), public.as_bytes())
                .map_err(|error| error.to_string())?;
        Ok(Self {
            id,
            id_text: id.to_string(),
            signer,
            header: EncodedHeader::new(public.kid(), SESSION_TYP),
            borrow_header: EncodedHeader::new(public.kid(), BORROW_TYP),
            jwks: std::iter::once(public).collect(),
            public: public.clone(),
        })
    }

    /// Signs something of this type as this installation: a compact JWS.
    pub(crate) fn sign(&self, typ: &str, payload: &[u8]) -> String {
        let input = signing_input(&EncodedHeader::new(self.public.kid(), typ), payload);
        let signature = self.signer.sign(input.as_bytes());
        let signature = signature.as_ref().try_into();
        assemble(input, signature.expect("Ed25519 signatures have 64 bytes"))
    }
}

fn not_a_key(path: &Path, why: String) -> StartError {
    StartError::NotAKey {
        path: path.to_owned(),
        why,
    }
}

fn fresh_key(id: Uuid) -> PrivateKeyFile {
    PrivateKeyFile {
        name: format!("installation {id}"),
        key: SigningKey::from_seed(&rand::random()),
    }
}

/// Makes a key file that only its owner can read. It appears whole or not at all.
fn make_key(path: &Path, id: Uuid) -> Result<SigningKey, StartError> {
    let file = fresh_key(id);
    write_private(path, file.to_text().as_bytes()).map_err(|error| StartError::KeyFile {
        path: path.to_owned(),
        error,
    })?;
    Ok(file.key)
}

/// Writes a file that only its owner can read. It appears whole or not at all.
pub(crate) fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let unfinished: PathBuf = path.with_extension("key.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    // The name itself must survive a crash too.
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing::{Event, Level, Metadata, Subscriber, span};

    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_reads_it() {
        let data = tempfile::tempdir().unwrap();
        let id = Uuid::from_u128(7);
        let first = Installation::open(data.path(), id, Age::New).unwrap();
        let second = Installation::open(data.path(), id, Age::New).unwrap();
        assert_eq!(first.jwks, second.jwks);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(data.path().join(KEY_FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    /// Counts warnings.
    #[derive(Clone, Default)]
    struct Warnings(Arc<AtomicUsize>);

    impl Subscriber for Warnings {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() == Level::WARN
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, _: &Event<'_>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn a_lost_key_is_not_replaced_without_a_word() {
        let data = tempfile::tempdir().unwrap();
        let warnings = Warnings::default();
        let said = |age| {
            let open = || Installation::open(data.path(), Uuid::nil(), age).map(drop);
            tracing::subscriber::with_default(warnings.clone(), open).unwrap();
            warnings.0.swap(0, Ordering::SeqCst)
        };
        assert_eq!(said(Age::New), 0);
        assert_eq!(said(Age::Known), 0);
        fs::remove_file(data.path().join(KEY_FILE)).unwrap();
        assert_eq!(said(Age::Known), 1);
        assert_eq!(said(Age::Known), 0);
    }

    #[test]
    fn a_damaged_key_file_is_named_and_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(KEY_FILE);
        fs::write(&path, "damaged").unwrap();
        let error = Installation::open(data.path(), Uuid::nil(), Age::New)
            .err()
            .unwrap();
        assert_eq!(error.code(), "not_a_key");
        assert_eq!(fs::read_to_string(&path).unwrap(), "damaged");
    }
}
