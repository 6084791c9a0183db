//! A small disk that only we and the programs we start see: a file system in memory, in a mount
//! namespace of its own. Works as root, and wherever users may have namespaces.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::{Ran, Start, assert_sound};

/// A disk; gone when this goes.
pub(super) struct Disk {
    folder: TempDir,
    /// Whose namespace the disk is mounted in; it waits for the end of its input.
    keeper: Child,
    as_root: bool,
}

impl Disk {
    /// A disk of so many KiB.
    #[track_caller]
    pub(super) fn of_kib(size: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let as_root = Ran::of(Command::new("id").arg("-u")).good().trim() == "0";
        let mut command = Command::new("unshare");
        if !as_root {
            command.arg("--map-root-user");
        }
        let mut keeper = command
            .args(["--mount", "sh", "-c"])
            .arg("mount -t tmpfs -o size=\"$1\" tmpfs \"$0\" && echo mounted && exec cat")
            .arg(folder.path())
            .arg(format!("{size}k"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`unshare` is part of util-linux, which every Debian has");
        let mut line = String::new();
        let stdout = keeper.stdout.as_mut().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(
            line.trim(),
            "mounted",
            "no disk could be mounted: run the tests as root, or allow users to make namespaces"
        );
        Self {
            folder,
            keeper,
            as_root,
        }
    }

    /// A folder outside of the disk, for the test's files.
    pub(super) fn beside() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    /// What is on the disk, as the test sees it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        let inside = self.folder.path().join(name);
        root.join(inside.strip_prefix("/").unwrap())
    }

    /// How to start a server with its data in a folder of the disk.
    pub(super) fn serve(&self, name: &str) -> Start {
        let data = self.folder.path().join(name);
        Start::on(data).through(self.enter(), self.path(name))
    }

    /// Checks every rule that the data of a stopped server must obey. From outside the disk
    /// only plain reading works, so that it is done on a copy.
    #[track_caller]
    pub(super) fn assert_sound(&self, name: &str) {
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(self.path(name)).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        assert_sound(copy.path());
    }

    /// Makes the disk read-only.
    pub(super) fn freeze(&self) {
        let mut words = self.enter();
        words.extend(["mount", "-o", "remount,ro"].map(OsString::from));
        let mut command = Command::new(&words[0]);
        Ran::of(command.args(&words[1..]).arg(self.folder.path())).good();
    }

    /// Fills the disk to the last byte.
    pub(super) fn fill(&self) {
        let mut file = std::fs::File::create(self.path("filler")).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    /// Makes room again.
    pub(super) fn clear(&self) {
        std::fs::remove_file(self.path("filler")).unwrap();
    }

    /// A file of the disk, as the programs see it that enter it.
    pub(super) fn inside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a program is started through to see the disk.
    pub(super) fn enter(&self) -> Vec<OsString> {
        let mut words = vec!["nsenter".to_owned()];
        if !self.as_root {
            words.extend(["--user", "--preserve-credentials"].map(str::to_owned));
        }
        words.extend([
            "--mount".to_owned(),
            format!("--target={}", self.keeper.id()),
        ]);
        words.into_iter().map(OsString::from).collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The namespace, and the disk with it, ends with its last process.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}
