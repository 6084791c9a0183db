//! Certificates, made on the spot by the `openssl` program.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Nothing of the machine's own configuration; what is signed keeps what was asked for.
const CONFIGURATION: &str = "\
[req]
distinguished_name = nothing
[nothing]
[ca]
default_ca = here
[here]
database = issued.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
default_days = 2
unique_subject = no
copy_extensions = copy
policy = named
[named]
commonName = supplied
";

/// Somebody who signs certificates.
pub(super) struct Authority {
    folder: TempDir,
}

/// A certificate with its private key.
pub(super) struct Certificate {
    pub(super) file: PathBuf,
    pub(super) key: PathBuf,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("openssl.cnf"), CONFIGURATION).unwrap();
        std::fs::write(folder.path().join("issued.txt"), "").unwrap();
        let authority = Self { folder };
        let extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign"];
        let mut command = authority.openssl(&["req", "-x509", "-days", "2"]);
        command.args(["-subj", &format!("/CN={name}")]);
        for extension in extensions {
            command.args(["-addext", extension]);
        }
        done(with_new_key(&mut command).args(["-keyout", "own.key", "-out", "own.crt"]));
        authority
    }

    /// The file for `sslrootcert`.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("own.crt")
    }

    /// Its own certificate, as if it were a server's.
    pub(super) fn own(&self) -> Certificate {
        Certificate {
            file: self.file(),
            key: self.folder.path().join("own.key"),
        }
    }

    /// A certificate for a host or a role, good today and tomorrow.
    pub(super) fn certifies(&self, name: &str) -> Certificate {
        self.signs(name, &["ca", "-batch", "-notext"])
    }

    /// One that was good for the January of 2020.
    pub(super) fn certified_once(&self, name: &str) -> Certificate {
        let term = ["-startdate", "20200101000000Z", "-enddate"];
        let ca = ["ca", "-batch", "-notext"];
        self.signs(name, &[&ca[..], &term, &["20200201000000Z"]].concat())
    }

    /// One of version 1, which has no place for names besides its subject's.
    pub(super) fn certifies_as_of_old(&self, name: &str) -> Certificate {
        let request = ["x509", "-req", "-CA", "own.crt", "-CAkey", "own.key"];
        let made = self.requested(name);
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(request);
        done(
            command
                .args(["-set_serial", "1", "-days", "2", "-in", "request.csr"])
                .arg("-out")
                .arg(&made.file),
        );
        made
    }

    fn signs(&self, name: &str, how: &[&str]) -> Certificate {
        let made = self.requested(name);
        let mut command = self.openssl(how);
        command.args(["-cert", "own.crt", "-keyfile", "own.key"]);
        command.args(["-in", "request.csr", "-out"]).arg(&made.file);
        done(&mut command);
        made
    }

    /// A new key, and the request for its certificate.
    fn requested(&self, name: &str) -> Certificate {
        let place = |ending: &str| self.folder.path().join(format!("{name}.{ending}"));
        let key = place("key");
        let names = format!("subjectAltName=DNS:{name}");
        let mut command = self.openssl(&["req", "-new", "-out", "request.csr", "-addext", &names]);
        command.args(["-subj", &format!("/CN={name}")]);
        done(with_new_key(&mut command).arg("-keyout").arg(&key));
        Certificate {
            file: place("crt"),
            key,
        }
    }

    fn openssl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments);
        command.args(["-config", "openssl.cnf"]);
        command
    }
}

/// Makes a key on the way, which needs no password.
fn with_new_key(command: &mut Command) -> &mut Command {
    let curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"];
    command.args(["-newkey", "ec", "-nodes"]).args(curve)
}

/// Runs it to its good end.
#[track_caller]
pub(super) fn done(command: &mut Command) -> String {
    let output = command.output().expect("the program is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// A path as an option of a URL.
pub(super) fn option(name: &str, path: &Path) -> String {
    format!("&{name}={}", path.display())
}
