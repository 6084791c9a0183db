//! What administrators do, with answers in words.

use domain::command::{FolderRef, UserPatch};
use domain::outcome::{Displaced, Fate, PutCode};
use domain::{AutoAssign, Command, LicenseId, Outcome, Refusal};

use super::World;
use super::acts::named;
use super::setup::path;

impl World {
    /// Whoever was affected, as `USERNAME: FATE`, or `USERNAME: moved to SERIAL`.
    pub(crate) fn in_words(&self, displaced: &[Displaced]) -> Vec<String> {
        let words = |one: &Displaced| {
            let username = &self.rows.users[&one.holder.user].username;
            match one.to {
                Some(to) => format!("{username}: {} to {}", one.fate, self.serial(to)),
                None => format!("{username}: {}", one.fate),
            }
        };
        displaced.iter().map(words).collect()
    }

    /// Who was affected.
    pub(crate) fn remove(&mut self, serial: &str) -> Vec<String> {
        let removed = self.run(&Command::RemoveLicense(self.license_id(serial)));
        self.in_words(&removed_by(&removed).1)
    }

    /// Who was affected.
    pub(crate) fn revoke(&mut self, serial: &str) -> Vec<String> {
        let removed = self.run(&Command::RevokeLicense(self.license_id(serial)));
        self.in_words(&removed_by(&removed).1)
    }

    /// Which licenses are gone.
    pub(crate) fn remove_expired(&mut self) -> Vec<String> {
        let removed = self.run(&Command::RemoveExpired);
        let mut serials: Vec<String> = removed_by(&removed)
            .0
            .iter()
            .map(|id| self.serial(*id).to_owned())
            .collect();
        serials.sort();
        serials
    }

    /// Who was affected by a new revision of a license.
    pub(crate) fn revise(&mut self, spec: super::LicenseSpec) -> Vec<String> {
        let answers = self.import(&[spec]);
        self.in_words(&answers[0].displaced)
    }

    /// How many moved, and who did not simply move.
    pub(crate) fn replace(&mut self, old: &str, new: &str) -> (u32, Vec<String>) {
        let command = self.replacing(old, new, false);
        self.replaced(&command)
    }

    /// The same for whom it fits.
    pub(crate) fn replace_partly(&mut self, old: &str, new: &str) -> (u32, Vec<String>) {
        let command = self.replacing(old, new, true);
        self.replaced(&command)
    }

    pub(crate) fn replace_refused(&mut self, old: &str, new: &str) -> Refusal {
        let command = self.replacing(old, new, false);
        self.refused(&command)
    }

    pub(crate) fn replacing(&self, old: &str, new: &str, partly: bool) -> Command {
        self.replacing_all(&[old], &[new], partly)
    }

    /// Several by several.
    pub(crate) fn replacing_all(&self, old: &[&str], new: &[&str], partly: bool) -> Command {
        let ids = |serials: &[&str]| serials.iter().map(|one| self.license_id(one)).collect();
        Command::ReplaceLicenses {
            old: ids(old),
            new: ids(new),
            partly,
        }
    }

    /// Everyone in the order in which they are served, with what becomes of them.
    pub(crate) fn replace_all(&mut self, old: &[&str], new: &[&str]) -> Vec<String> {
        let command = self.replacing_all(old, new, false);
        match self.run(&command) {
            Outcome::Replaced { holders, .. } => self.in_words(&holders),
            other => panic!("no answer to a replacement: {other:?}"),
        }
    }

    /// The command that undoes the latest replacement.
    pub(crate) fn undoing(&self) -> Command {
        let latest = self.rows.replacements.keys().next_back();
        Command::UndoReplacement(*latest.expect("something was replaced"))
    }

    /// Undoes the latest replacement: `USERNAME: CODE`, in the order in which they are served.
    pub(crate) fn undo_replace(&mut self) -> Vec<String> {
        let command = self.undoing();
        let Outcome::ReplacementUndone(restored) = self.run(&command) else {
            panic!("no answer to an undoing");
        };
        let words = restored.iter().map(|one| {
            let user = self.rows.users.get(&one.holder.user);
            let name = user.map_or("(gone)", |user| user.username.as_str());
            format!("{name}: {}", one.code)
        });
        words.collect()
    }

    fn replaced(&mut self, command: &Command) -> (u32, Vec<String>) {
        match self.run(command) {
            Outcome::Replaced { mut holders, .. } => {
                let left_out = |one: &&Displaced| one.fate == Fate::LeftOut;
                let moved = holders.len() - holders.iter().filter(left_out).count();
                holders.retain(|one| one.fate != Fate::Moved);
                (u32::try_from(moved).unwrap(), self.in_words(&holders))
            }
            other => panic!("no answer to a replacement: {other:?}"),
        }
    }

    /// Whether that changed anything.
    pub(crate) fn set_auto_assign(&mut self, serial: &str, auto_assign: AutoAssign) -> bool {
        let license = self.license_id(serial);
        done(&self.run(&Command::SetAutoAssign {
            license,
            auto_assign,
            version: None,
        }))
    }

    pub(crate) fn moving_seats(&self, serial: &str, from: &str, to: &str, count: u32) -> Command {
        Command::MoveSeats {
            license: self.license_id(serial),
            from: self.folder_id(from),
            to: self.folder_id(to),
            count,
        }
    }

    pub(crate) fn move_seats(&mut self, serial: &str, from: &str, to: &str, count: u32) -> bool {
        let command = self.moving_seats(serial, from, to, count);
        done(&self.run(&command))
    }

    pub(crate) fn moving_seat(&self, username: &str, serial: &str, to: &str) -> Command {
        Command::MoveSeat {
            user: named(username),
            license: self.license_id(serial),
            to: self.folder_id(to),
        }
    }

    pub(crate) fn move_seat(&mut self, username: &str, serial: &str, to: &str) -> bool {
        let command = self.moving_seat(username, serial, to);
        done(&self.run(&command))
    }

    pub(crate) fn put(&mut self, username: &str, patch: UserPatch) -> PutCode {
        let username = domain::Username::parse(username).unwrap();
        match self.run(&Command::PutUser { username, patch }) {
            Outcome::User { code, .. } => code,
            other => panic!("no answer to the putting of an account: {other:?}"),
        }
    }

    pub(crate) fn patch(&mut self, username: &str, patch: UserPatch) -> PutCode {
        let user = self.user_id(username);
        match self.run(&Command::UpdateUser {
            user,
            patch,
            version: None,
        }) {
            Outcome::User { code, .. } => code,
            other => panic!("no answer to a change of an account: {other:?}"),
        }
    }

    pub(crate) fn set_active(&mut self, username: &str, active: bool) -> PutCode {
        let patch = UserPatch {
            active: Some(active),
            ..UserPatch::default()
        };
        self.patch(username, patch)
    }

    pub(crate) fn move_user(&mut self, username: &str, folder: &str) -> PutCode {
        let patch = UserPatch {
            folder: Some(FolderRef::Path(path(folder))),
            ..UserPatch::default()
        };
        self.patch(username, patch)
    }

    pub(crate) fn delete_user(&mut self, username: &str) -> bool {
        let command = Command::DeleteUser(self.user_id(username));
        done(&self.run(&command))
    }

    pub(crate) fn link(&mut self, username: &str, with: &str) -> bool {
        let user = self.user_id(username);
        let with = self.user_id(with);
        done(&self.run(&Command::LinkUser { user, with }))
    }

    pub(crate) fn unlink(&mut self, username: &str) -> bool {
        let command = Command::UnlinkUser(self.user_id(username));
        done(&self.run(&command))
    }
}

fn removed_by(outcome: &Outcome) -> (&[LicenseId], Vec<Displaced>) {
    match outcome {
        Outcome::Removed {
            licenses,
            displaced,
        } => (licenses, displaced.clone()),
        other => panic!("no answer to a removal: {other:?}"),
    }
}

/// Whether something was done.
pub(crate) fn done(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Done(done) => *done,
        other => panic!("neither done nor not: {other:?}"),
    }
}
