//! The way in for whoever can read the data folder: a running server leaves its address and a
//! secret there, for its owner's eyes only. So there is one writer, and `token create --data`
//! works whether the server runs or not.

use std::fs::TryLockError;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use client::Client;
use domain::names::TokenName;
use domain::{FolderId, Reach, Refusal};
use engine::{Engine, EngineError, EngineOptions, Rights};
use serde::{Deserialize, Serialize};
use wire::Secret;
use wire::token::NewToken;

use crate::serve;

/// What lies in the data folder while a server runs.
#[derive(Serialize, Deserialize)]
pub(crate) struct Door {
    /// Where the server listens.
    pub address: SocketAddr,
    /// What opens the API as an administrator, until the server stops.
    pub secret: String,
    /// The server's process.
    pub process: u32,
    /// Whether everything is in a database, so that the folder's lock is nobody's.
    #[serde(default)]
    pub on_database: bool,
}

impl Door {
    /// Whoever goes through it.
    pub(crate) fn client(&self) -> Result<Client, client::Error> {
        Client::new(&format!("http://{}", self.address), &self.secret)
    }
}

/// The file, removed when the server ends.
pub(crate) struct DoorFile(PathBuf);

fn path(data: &Path) -> PathBuf {
    data.join("server.json")
}

impl DoorFile {
    /// Leaves the door open for the owner of the data folder.
    pub(crate) fn write(data: &Path, door: &Door) -> std::io::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = path(data);
        let fresh = data.join("server.json.new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(serde_json::to_string(door)?.as_bytes())?;
        std::fs::rename(&fresh, &path)?;
        Ok(Self(path))
    }
}

impl Drop for DoorFile {
    fn drop(&mut self) {
        // A door that stays behind leads nowhere: its secret died with the server.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The lock file of a store, which its server holds.
const LOCK: &str = "seatkeeper.lock";

/// Whether the server that left a door is there still. After its sudden end the door stays behind, and at its address
/// may be anybody.
fn is_served(data: &Path, door: &Door) -> bool {
    if door.on_database {
        let processes = Path::new("/proc");
        return !processes.join("self").exists()
            || processes.join(door.process.to_string()).exists();
    }
    let lock = std::fs::File::open(data.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// The door of the server that runs on a data folder, if one does.
pub(crate) fn find(data: &Path) -> Option<Door> {
    let text = std::fs::read_to_string(path(data)).ok()?;
    let mut door: Door = serde_json::from_str(&text).ok()?;
    if !is_served(data, &door) {
        return None;
    }
    if door.address.ip().is_unspecified() {
        let loopback: std::net::IpAddr = match door.address {
            SocketAddr::V4(_) => [127, 0, 0, 1].into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        door.address.set_ip(loopback);
    }
    std::net::TcpStream::connect_timeout(&door.address, Duration::from_secs(2)).ok()?;
    Some(door)
}

/// A folder that was named and in which no server ever ran: most likely the name is wrong.
#[derive(Debug, thiserror::Error)]
#[error("there is no store in the folder {}", .0.display())]
pub(crate) struct NoStore(PathBuf);

/// A folder that may not be looked into.
#[derive(Debug, thiserror::Error)]
#[error("the folder {} may not be read: {source}; use the account that the server runs under", dir.display())]
pub(crate) struct Unreadable {
    dir: PathBuf,
    source: io::Error,
}

/// Waits for what a program that has just been started brings about: asks again and again until something is there,
/// and gives up after a while.
pub(crate) fn awaited<T, E>(
    mut look: impl FnMut() -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    awaited_within(PATIENCE, &mut look)
}

fn awaited_within<T, E>(
    patience: Duration,
    look: &mut dyn FnMut() -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    let deadline = std::time::Instant::now() + patience;
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        if std::time::Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether something is in a folder. What may not be seen is told from what is not there.
pub(crate) fn is_there(dir: &Path, name: &str) -> Result<bool, Unreadable> {
    seen(dir, std::fs::metadata(dir.join(name)))
}

fn seen<T>(dir: &Path, found: io::Result<T>) -> Result<bool, Unreadable> {
    match found {
        Ok(_) => Ok(true),
        Err(source) if source.kind() == io::ErrorKind::PermissionDenied => Err(Unreadable {
            dir: dir.to_owned(),
            source,
        }),
        Err(_) => Ok(false),
    }
}

/// Where the store lies in a data folder.
const STORE: &str = "seatkeeper.db";

/// How long to wait for a server that has just been started: for its store, or for its door.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a token on a data folder: through the server that runs on it, or, where none does,
/// in its store. The store must be there: only a server makes one.
pub(crate) fn create_token(data: &Path, token: &NewToken) -> anyhow::Result<Secret> {
    create_token_within(PATIENCE, data, token)
}

fn create_token_within(
    patience: Duration,
    data: &Path,
    token: &NewToken,
) -> anyhow::Result<Secret> {
    let mut held = None;
    let made = awaited_within(patience, &mut || -> anyhow::Result<Option<Secret>> {
        if let Some(door) = find(data) {
            return Ok(Some(door.client()?.create_token(token)?.token));
        }
        if !is_there(data, STORE)? {
            return Ok(None);
        }
        match Engine::start(EngineOptions::new(data)) {
            Ok(engine) => in_store(engine, token).map(Some),
            Err(error) if serve::is_held(&error) => {
                held = Some(error);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    })?;
    match (made, held) {
        (Some(secret), _) => Ok(secret),
        (None, Some(error)) => Err(error.into()),
        (None, None) => Err(NoStore(data.to_owned()).into()),
    }
}

fn in_store(engine: Engine, token: &NewToken) -> anyhow::Result<Secret> {
    let name = TokenName::parse(&token.name)?;
    let role = domain::Role::from_code(token.role.code()).context("an unknown role")?;
    let expires_at = token
        .expires_at
        .map(|at| domain::Timestamp::from_millis(at.as_millis()));
    let actor = domain::Actor::of_data_folder();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let folder = token.folder.clone();
    runtime.block_on(async {
        let made = match reach(&engine, folder).await {
            Ok(reach) => {
                let rights = Rights { role, reach };
                engine
                    .create_token(&actor, name, rights, expires_at, None)
                    .await
            }
            Err(error) => Err(error),
        };
        engine.shutdown().await?;
        let (_, secret) = made?;
        Ok(Secret::new(secret.reveal()))
    })
}

/// How far a token goes that is limited to a folder, given by id or path.
async fn reach(engine: &Engine, folder: Option<String>) -> Result<Reach, EngineError> {
    let Some(folder) = folder else {
        return Ok(Reach::Everything);
    };
    let found = engine
        .read(move |reader| match folder.parse::<FolderId>() {
            Ok(id) => Ok(reader.find_folder(id)?.map(|folder| folder.id)),
            Err(_) => reader.find_folder_by_path(&folder),
        })
        .await?;
    let found = found.ok_or(Refusal::UnknownFolder)?;
    Ok(Reach::of_folder(Some(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_store_is_refused_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("dta");
        let token = NewToken {
            name: "me".into(),
            role: wire::Role::Administrator,
            folder: None,
            expires_at: None,
        };
        for data in [folder.path(), &missing] {
            let error = create_token_within(Duration::ZERO, data, &token).unwrap_err();
            let failure = crate::failure::Failure::of_server(error);
            assert_eq!(failure.code, "no_store");
            assert!(failure.hint.as_ref().unwrap().contains("serve"));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_told_at_once_from_an_empty_one() {
        let of = |kind| seen::<()>(Path::new("store"), Err(io::Error::from(kind)));
        let denied = of(io::ErrorKind::PermissionDenied).unwrap_err();
        let failure = crate::failure::Failure::of_server(denied.into());
        assert!(failure.detail.contains("may not be read"), "{failure:?}");
        assert!(failure.detail.contains("store"), "{failure:?}");
        assert!(matches!(of(io::ErrorKind::NotFound), Ok(false)));
        assert!(matches!(seen(Path::new("store"), Ok(())), Ok(true)));
    }

    #[test]
    fn what_comes_a_little_later_is_waited_for() {
        let mut looks = 0;
        let found = awaited(|| -> anyhow::Result<Option<u32>> {
            looks += 1;
            Ok((looks == 3).then_some(looks))
        });
        assert_eq!(found.unwrap(), Some(3));
        let never = awaited_within(Duration::ZERO, &mut || Ok::<Option<u32>, io::Error>(None));
        assert_eq!(never.unwrap(), None);
        let failed = awaited(|| Err::<Option<u32>, _>(io::Error::other("no")));
        assert!(failed.is_err());
    }

    /// Who answers at the address is another program that took it since.
    #[test]
    fn a_door_that_a_dead_server_left_is_not_gone_through() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut door = Door {
            address: other.local_addr().unwrap(),
            secret: "x".into(),
            process: std::process::id(),
            on_database: false,
        };
        let left = DoorFile::write(data, &door).unwrap();
        assert!(find(data).is_none(), "no lock at all");
        let lock = std::fs::File::create(data.join(LOCK)).unwrap();
        assert!(find(data).is_none(), "a lock that nobody holds");
        lock.lock().unwrap();
        assert_eq!(find(data).unwrap().address, door.address);
        lock.unlock().unwrap();
        drop(left);

        door.on_database = true;
        let left = DoorFile::write(data, &door).unwrap();
        assert!(find(data).is_some(), "this process lives");
        drop(left);
        // No process has this number: it is above what systems give out.
        door.process = u32::MAX;
        let _left = DoorFile::write(data, &door).unwrap();
        assert_eq!(find(data).is_none(), Path::new("/proc/self").exists());
    }
}
