//! Setting a world up, by the same commands that people have.

use domain::command::{FolderRef, NewUser};
use domain::names::{CompanyId, Title};
use domain::outcome::ImportAnswer;
use domain::{
    Actor, AutoAssign, Command, Email, FolderId, FolderName, Ids, Issuer, IssuerKind, Outcome,
    Period, Policy, Refusal, Username,
};

use super::{BEGINNING, LicenseSpec, Rows, World};

/// An empty world.
pub(crate) fn world() -> World {
    let mut rows = Rows::default();
    for key in ["key-1", "key-2"] {
        rows.issuers.insert(key.to_owned(), northwinds(key));
    }
    World {
        rows,
        now: BEGINNING,
        ids: Ids::new(BEGINNING, 7),
        actor: Actor::system(),
        needs: 0,
        memory: None,
    }
}

/// A key of Northwind's that is trusted.
pub(crate) fn northwinds(key: &str) -> Issuer {
    Issuer {
        key: key.to_owned(),
        name: Title::parse("Northwind Software").unwrap(),
        kind: IssuerKind::Seatkeeper,
        public_key: "abc".to_owned(),
        period: Period::ALWAYS,
        introduced_by: None,
        trusted_at: BEGINNING,
        distrusted_at: None,
    }
}

/// The folder that a path such as `/Sales/EMEA` means.
pub(crate) fn path(text: &str) -> Vec<FolderName> {
    let names = text.split('/').filter(|name| !name.is_empty());
    names.map(|name| FolderName::parse(name).unwrap()).collect()
}

/// An active account in a folder.
pub(crate) fn account(username: &str, folder: &str) -> NewUser {
    NewUser {
        username: Username::parse(username).unwrap(),
        name: None,
        email: Some(Email::parse(&format!("{username}@example.org")).unwrap()),
        folder: FolderRef::Path(path(folder)),
        active: true,
    }
}

impl World {
    pub(crate) fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        self.change_policy(change);
        self
    }

    pub(crate) fn change_policy(&mut self, change: impl FnOnce(&mut Policy)) {
        let mut policy = self.rows.policy.clone();
        change(&mut policy);
        self.run(&Command::SetPolicy {
            policy,
            version: None,
        });
    }

    /// A user in the root.
    pub(crate) fn user(self, username: &str) -> Self {
        self.user_in(username, "/")
    }

    /// Users in the root.
    pub(crate) fn users(self, usernames: &[&str]) -> Self {
        usernames.iter().fold(self, |world, name| world.user(name))
    }

    /// A user in a folder, which is made if need be.
    pub(crate) fn user_in(mut self, username: &str, folder: &str) -> Self {
        self.run(&Command::CreateUser(account(username, folder)));
        self
    }

    /// A folder, which is made if need be; whoever made it for is gone.
    pub(crate) fn folder(mut self, text: &str) -> Self {
        let mut parent = FolderId::ROOT;
        for name in path(text) {
            let key = name.key();
            let mut folders = self.rows.folders.values();
            let there = folders.find(|row| row.parent == parent && row.name.key() == key);
            parent = match there {
                Some(folder) => folder.id,
                None => match self.run(&Command::CreateFolder { parent, name }) {
                    Outcome::Folder(id) => id,
                    other => panic!("expected a folder, got {other:?}"),
                },
            };
        }
        self
    }

    /// A license whose seats stand in the root.
    pub(crate) fn license(mut self, spec: LicenseSpec) -> Self {
        self.import(&[spec]);
        self
    }

    /// A license whose seats stand in a folder.
    pub(crate) fn license_in(mut self, folder: &str, spec: LicenseSpec) -> Self {
        self = self.folder(folder);
        let command = self.importing(&[spec], None, folder);
        self.run(&command);
        self
    }

    /// A license with a certain auto-assign.
    pub(crate) fn license_auto(self, spec: LicenseSpec, auto_assign: AutoAssign) -> Self {
        let serial = spec.serial().to_owned();
        let mut world = self.license(spec);
        world.set_auto_assign(&serial, auto_assign);
        world
    }

    /// The command that imports a document.
    pub(crate) fn importing(
        &self,
        specs: &[LicenseSpec],
        customer: Option<&str>,
        folder: &str,
    ) -> Command {
        Command::ImportLicenses {
            licenses: specs.iter().map(LicenseSpec::build).collect(),
            customers: customer
                .map(|id| CompanyId::parse(id).unwrap())
                .into_iter()
                .collect(),
            folder: self.folder_id(folder),
        }
    }

    /// The command that imports documents, each with one license, from files with names.
    pub(crate) fn importing_files(&self, files: &[(&str, LicenseSpec)]) -> Command {
        let licenses = files
            .iter()
            .map(|(file, spec)| domain::command::NewLicense {
                file: Some((*file).into()),
                ..spec.build()
            });
        Command::ImportLicenses {
            licenses: licenses.collect(),
            customers: Vec::new(),
            folder: self.folder_id("/"),
        }
    }

    /// Imports a document that must be taken in.
    pub(crate) fn import(&mut self, specs: &[LicenseSpec]) -> Vec<ImportAnswer> {
        let command = self.importing(specs, None, "/");
        match self.run(&command) {
            Outcome::Imported(answers) => answers,
            other => panic!("expected an import, got {other:?}"),
        }
    }

    /// Imports a document that must be refused.
    pub(crate) fn import_refused(&mut self, specs: &[LicenseSpec]) -> Refusal {
        let command = self.importing(specs, None, "/");
        self.refused(&command)
    }
}
