//! A store of its own, and commands carried out on it.

use std::sync::Arc;

use super::place::Place;
use super::saved;
use domain::command::{FolderRef, NewLicense, NewUser, Target};
use domain::license::{Agreement, Terms};
use domain::names::{FolderName, Title};
use domain::outcome::GrantedAccess;
use domain::{
    AccessLevel, Actor, Ask, Command, Context, CountedBy, FolderId, Ids, LicenseId, LicenseRef,
    Millis, Model, Modules, Outcome, ProductCode, Refusal, Removable, Serial, SessionId, Stop,
    Timestamp, UserId, Username, WorkingSet, decide,
};
use store::{Reader, Store, StoreError, Writer};

/// When every test begins: 2026-01-01T00:00:00Z.
pub(crate) const BEGIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A store, its writer, and a clock that stands still unless moved.
pub(crate) struct World {
    pub place: Place,
    pub store: Store,
    pub writer: Writer,
    pub now: Timestamp,
    ids: (Timestamp, Ids),
}

impl World {
    /// On the database that this run of the tests is for.
    pub(crate) fn new() -> Self {
        Self::on(Place::of_this_run())
    }

    /// In a data folder, whatever this run is for.
    pub(crate) fn embedded() -> Self {
        Self::on(Place::embedded())
    }

    pub(crate) fn on(place: Place) -> Self {
        let (store, writer) = Store::open(&place.options()).unwrap();
        Self {
            place,
            store,
            writer,
            now: BEGIN,
            ids: (BEGIN, Ids::new(BEGIN, 42)),
        }
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopen(self) -> Self {
        let Self {
            place,
            store,
            writer,
            now,
            ids,
        } = self;
        drop((store, writer));
        let (store, writer) = Store::open(&place.options()).unwrap();
        Self {
            place,
            store,
            writer,
            now,
            ids,
        }
    }

    pub(crate) fn read<T>(&self, f: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>) -> T {
        self.store.read(f).unwrap()
    }

    /// Carries commands out in one transaction. Refused ones change nothing.
    pub(crate) fn batch(&mut self, commands: &[Command]) -> Vec<Result<Outcome, Refusal>> {
        // Ids say when they were made, as those of a server do.
        if self.ids.0 != self.now {
            self.ids = (self.now, Ids::new(self.now, self.ids.1.random()));
        }
        let mut transaction = self.writer.begin().unwrap();
        let mut set = WorkingSet::new(transaction.policy().unwrap());
        let actor = Actor::system();
        let mut outcomes = Vec::new();
        for command in commands {
            let mut context = Context {
                now: self.now,
                actor: &actor,
                ids: &mut self.ids.1,
                trace: None,
            };
            outcomes.push(loop {
                match decide(&mut set, command, &mut context) {
                    Ok(outcome) => break Ok(outcome),
                    Err(Stop::Refused(refusal)) => break Err(refusal),
                    Err(Stop::Need(need)) => transaction.load(&mut set, &need, self.now).unwrap(),
                }
            });
        }
        transaction.save(&set.changes(), self.now).unwrap();
        transaction.commit().unwrap();
        saved::compare(&self.store, &set.changes(), self.now);
        outcomes
    }

    /// Carries one command out.
    pub(crate) fn run(&mut self, command: Command) -> Outcome {
        let [outcome] = self.batch(&[command]).try_into().unwrap();
        outcome.unwrap()
    }

    /// Takes licenses in; answers their ids.
    pub(crate) fn import(&mut self, terms: Vec<Terms>) -> Vec<LicenseId> {
        self.trust();
        let outcome = self.run(import(terms));
        let Outcome::Imported(answers) = outcome else {
            panic!("{outcome:?}")
        };
        answers
            .iter()
            .map(|answer| answer.license.unwrap_or_else(|| panic!("{answer:?}")))
            .collect()
    }

    /// Trusts the key that signs the licenses here.
    pub(crate) fn trust(&mut self) {
        if self.read(|reader| reader.find_issuer("key-1")).is_some() {
            return;
        }
        self.run(Command::TrustIssuer {
            key: "key-1".into(),
            name: Title::parse("Northwind Software").unwrap(),
            kind: domain::IssuerKind::Seatkeeper,
            public_key: "x".into(),
            period: None,
        });
    }

    pub(crate) fn user(&mut self, name: &str, folder: &str) -> UserId {
        let outcome = self.run(Command::CreateUser(new_user(name, folder)));
        let Outcome::User { user, .. } = outcome else {
            panic!("{outcome:?}")
        };
        user
    }

    pub(crate) fn folder(&mut self, path: &str) -> FolderId {
        if let Some(folder) = self.read(|reader| reader.find_folder_by_path(path)) {
            return folder;
        }
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = match parent {
            "" => FolderId::ROOT,
            parent => self.folder(parent),
        };
        let name = FolderName::parse(name).unwrap();
        let outcome = self.run(Command::CreateFolder { parent, name });
        let Outcome::Folder(folder) = outcome else {
            panic!("{outcome:?}")
        };
        folder
    }

    pub(crate) fn sign_in(&mut self, user: &str, product: &str) -> GrantedAccess {
        match self.run(sign_in(user, product)) {
            Outcome::SignedIn(access) => access,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn sign_out(&mut self, session: SessionId) {
        self.run(Command::EndSession {
            session,
            reason: domain::EndReason::SignedOut,
        });
    }

    pub(crate) fn grant(&mut self, user: &str, license: LicenseId) {
        self.run(grant(user, license));
    }

    /// Nothing that is stored breaks a rule.
    pub(crate) fn is_sound(&self) {
        let violations = self.read(|reader| reader.check());
        assert!(violations.is_empty(), "{violations:#?}");
    }

    /// Changes the data behind the store's back.
    pub(crate) fn tamper(&self, sql: &str) {
        self.place.run(sql).unwrap();
    }

    pub(crate) fn after(&mut self, span: Millis) {
        self.now = self.now.plus(span);
    }
}

/// Terms of a license of `esm`: 3 write seats with all modules for a year.
pub(crate) fn terms(serial: &str, model: Model) -> Terms {
    Terms {
        reference: LicenseRef::parse(&format!("ref-{serial}")).unwrap(),
        revision: 1,
        serial: Serial::parse(serial).unwrap(),
        product: ProductCode::parse("esm").unwrap(),
        product_name: Title::parse("Service Management").unwrap(),
        model,
        access: AccessLevel::Write,
        modules: Modules::All,
        seats: if model == Model::Site { 0 } else { 3 },
        starts_at: BEGIN.minus(Millis::DAY),
        expires_at: BEGIN.plus(Millis::days(365)),
        grace: Millis::ZERO,
        assignable: true,
        removable: Removable::Always,
        counted_by: CountedBy::User,
        revalidate_every: None,
        offline_grace: Millis::ZERO,
        agreement: None,
        installation: None,
        replaces: Vec::new(),
    }
}

/// The same for another product.
pub(crate) fn of_product(code: &str, terms: Terms) -> Terms {
    Terms {
        product: ProductCode::parse(code).unwrap(),
        product_name: Title::parse(&format!("The {code}")).unwrap(),
        ..terms
    }
}

pub(crate) fn agreement(text: &str) -> Agreement {
    Agreement {
        text: text.into(),
        hash: "ab".repeat(32),
    }
}

pub(crate) fn import(terms: Vec<Terms>) -> Command {
    Command::ImportLicenses {
        licenses: terms
            .into_iter()
            .map(|terms| NewLicense {
                terms: Arc::new(terms),
                issuer: Title::parse("Northwind Software").unwrap(),
                key: "key-1".into(),
                issued_at: domain::Timestamp::from_millis(0),
                good_for: None,
                file: None,
            })
            .collect(),
        customers: Vec::new(),
        folder: FolderId::ROOT,
    }
}

pub(crate) fn new_user(name: &str, folder: &str) -> NewUser {
    let names = folder.split('/').filter(|name| !name.is_empty());
    NewUser {
        username: Username::parse(name).unwrap(),
        name: Some(domain::PersonName::parse(&format!("{name} Example")).unwrap()),
        email: Some(domain::Email::parse(&format!("{name}@example.org")).unwrap()),
        folder: FolderRef::Path(names.map(|name| FolderName::parse(name).unwrap()).collect()),
        active: true,
    }
}

/// Makes the account so, whether it is there or not.
pub(crate) fn put(user: NewUser) -> Command {
    Command::PutUser {
        username: user.username.clone(),
        patch: user.into(),
    }
}

pub(crate) fn user_ref(name: &str) -> domain::UserRef {
    domain::UserRef::Name(Username::parse(name).unwrap())
}

pub(crate) fn grant(user: &str, license: LicenseId) -> Command {
    Command::Grant {
        user: user_ref(user),
        target: Target::License(license),
        source: domain::Source::Hand,
    }
}

pub(crate) fn sign_in(user: &str, product: &str) -> Command {
    Command::SignIn {
        user: Username::parse(user).unwrap(),
        product: ProductCode::parse(product).unwrap(),
        ask: Ask::default(),
        client: None,
    }
}
