//! An engine on a folder of its own, with an issuer whose licenses it takes.

use domain::command::{FolderRef, NewUser};
use domain::outcome::{GrantedAccess, ImportAnswer};
use domain::{
    Actor, Ask, Command, EndReason, Outcome, ProductCode, Role, SessionId, Source, Target,
    Timestamp, UserRef, Username,
};
use engine::{Engine, EngineError, ImportError, SetClock, StartError};
use license_file::document::{Document, LicenseTerms, Model};
use license_file::jws::SigningKey;

use crate::place::Place;

/// Noon of a day in 2026.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

pub(crate) struct World {
    pub(crate) place: Place,
    pub(crate) clock: SetClock,
    pub(crate) engine: Engine,
}

/// The issuer's key, always the same.
pub(crate) fn issuer() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub(crate) fn administrator() -> Actor {
    Actor::new("root", Role::Administrator)
}

/// Terms of a license for `esm` that has begun and never ends.
pub(crate) fn terms(serial: &str, model: Model, seats: u32) -> LicenseTerms {
    let seats = if model == Model::Site {
        serde_json::Value::Null
    } else {
        seats.into()
    };
    serde_json::from_value(serde_json::json!({
        "id": serial, "serial": serial, "product": "esm", "product_name": "Service Management",
        "model": model.as_str(), "seats": seats, "starts_at": "2025-01-01T00:00:00Z",
    }))
    .unwrap()
}

pub(crate) fn file(licenses: Vec<LicenseTerms>) -> Vec<u8> {
    let document = Document {
        format: license_file::document::FORMAT,
        issuer: "Northwind Software".into(),
        customer: None,
        issued_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        licenses,
    };
    document.sign(&issuer()).unwrap().into_bytes()
}

pub(crate) fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}

pub(crate) fn sign_in(user: &str) -> Command {
    Command::SignIn {
        user: name(user),
        product: ProductCode::parse("esm").unwrap(),
        ask: Ask::default(),
        client: None,
    }
}

pub(crate) fn sign_out(session: SessionId) -> Command {
    Command::EndSession {
        session,
        reason: EndReason::SignedOut,
    }
}

pub(crate) fn esm() -> Target {
    Target::Product(ProductCode::parse("esm").unwrap(), Ask::default())
}

pub(crate) fn grant(user: &str) -> Command {
    Command::Grant {
        user: UserRef::Name(name(user)),
        target: esm(),
        source: Source::Hand,
    }
}

pub(crate) fn recall_now(user: &str) -> Command {
    Command::Recall {
        user: UserRef::Name(name(user)),
        target: esm(),
        source: None,
        now: true,
    }
}

pub(crate) fn new_user(username: &str) -> NewUser {
    NewUser {
        username: name(username),
        name: None,
        email: None,
        folder: FolderRef::Path(Vec::new()),
        active: true,
    }
}

impl World {
    /// On the store that this run of the tests is for.
    pub(crate) fn new() -> Self {
        Self::on(Place::of_this_run())
    }

    pub(crate) fn on(place: Place) -> Self {
        let clock = SetClock::new(NOON);
        let engine = Engine::start(place.options(&clock)).unwrap();
        Self {
            place,
            clock,
            engine,
        }
    }

    /// Stops the engine; its store stays.
    pub(crate) async fn stop(self) -> (Place, SetClock) {
        self.engine.shutdown().await.unwrap();
        (self.place, self.clock)
    }

    /// Stops the engine and starts another on the same store.
    pub(crate) async fn restart(self) -> Self {
        let (place, clock) = self.stop().await;
        let engine = Engine::start(place.options(&clock)).unwrap();
        Self {
            place,
            clock,
            engine,
        }
    }

    /// Starts a second one on the same folder.
    pub(crate) fn second(&self) -> Result<Engine, StartError> {
        Engine::start(self.place.options(&self.clock))
    }

    pub(crate) async fn import(
        &self,
        licenses: Vec<LicenseTerms>,
    ) -> Result<Vec<ImportAnswer>, ImportError> {
        let root = FolderRef::Path(Vec::new());
        self.engine
            .import(&administrator(), file(licenses), root, false, None)
            .await
    }

    /// Imports one license for `esm`.
    pub(crate) async fn license(&self, model: Model, seats: u32) -> domain::LicenseId {
        let answers = self.import(vec![terms("NW-1", model, seats)]).await;
        answers.unwrap()[0].license.unwrap()
    }

    pub(crate) async fn run(&self, command: Command) -> Result<Outcome, EngineError> {
        self.engine.run(&administrator(), command, None).await
    }

    /// Signs somebody in who gets in.
    pub(crate) async fn granted(&self, user: &str) -> GrantedAccess {
        match self.run(sign_in(user)).await.unwrap() {
            Outcome::SignedIn(granted) => granted,
            other => panic!("{user} did not get in: {other:?}"),
        }
    }

    /// Moves the clock by so many seconds.
    pub(crate) fn pass(&self, seconds: i64) {
        let later = self.clock.now().plus(domain::Millis::seconds(seconds));
        self.clock.set(later);
    }
}
