//! What people and applications do at work, with answers in words.

use domain::denial::Denial;
use domain::names::ClientName;
use domain::outcome::{GrantAnswer, GrantedAccess, HeartbeatAnswer, RecallAnswer};
use domain::{
    AccessLevel, Ask, Command, EndReason, ModuleCode, Outcome, ProductCode, SessionId, Source,
    Target, UserRef, Username,
};

use super::World;

/// What a sign-in asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking(pub(crate) Ask);

/// Nothing special.
pub(crate) fn ask() -> Asking {
    Asking::default()
}

impl Asking {
    pub(crate) fn read(mut self) -> Self {
        self.0.access = Some(AccessLevel::Read);
        self
    }

    pub(crate) fn write(mut self) -> Self {
        self.0.access = Some(AccessLevel::Write);
        self
    }

    pub(crate) fn module(mut self, code: &str) -> Self {
        self.0.modules.push(ModuleCode::parse(code).unwrap());
        self
    }
}

/// The answer to a sign-in. It compares with what it says: `dedicated S-1`, `demo`, or the
/// code of a denial.
#[derive(Clone, Debug)]
pub(crate) struct Access(pub(crate) Outcome);

impl Access {
    pub(crate) fn granted(&self) -> &GrantedAccess {
        match &self.0 {
            Outcome::SignedIn(granted) => granted,
            other => panic!("not granted: {other:?}"),
        }
    }

    pub(crate) fn denial(&self) -> &Denial {
        match &self.0 {
            Outcome::Denied(denial) => denial,
            other => panic!("not denied: {other:?}"),
        }
    }

    pub(crate) fn session(&self) -> SessionId {
        self.granted().session
    }

    pub(crate) fn says(&self) -> String {
        match &self.0 {
            Outcome::SignedIn(granted) => match &granted.license {
                Some((_, serial)) => format!("{} {serial}", granted.via),
                None => granted.via.clone(),
            },
            Outcome::Denied(denial) => denial.code.to_string(),
            other => panic!("no answer to a sign-in: {other:?}"),
        }
    }
}

impl PartialEq<&str> for Access {
    fn eq(&self, said: &&str) -> bool {
        self.says() == *said
    }
}

/// A user by name.
pub(crate) fn named(username: &str) -> UserRef {
    UserRef::Name(Username::parse(username).unwrap())
}

/// Any license of a product.
pub(crate) fn product(code: &str) -> Target {
    product_for(code, ask())
}

/// A license of a product that covers what is asked.
pub(crate) fn product_for(code: &str, asking: Asking) -> Target {
    Target::Product(ProductCode::parse(code).unwrap(), asking.0)
}

/// The command of a sign-in.
pub(crate) fn signing_in(username: &str, product: &str, asking: &Asking) -> Command {
    Command::SignIn {
        user: Username::parse(username).unwrap(),
        product: ProductCode::parse(product).unwrap(),
        ask: asking.0.clone(),
        client: Some(ClientName::parse("test").unwrap()),
    }
}

/// The command of a grant by hand.
pub(crate) fn granting(username: &str, target: Target) -> Command {
    granting_from(username, target, Source::Hand)
}

/// The command of a grant.
pub(crate) fn granting_from(username: &str, target: Target, source: Source) -> Command {
    Command::Grant {
        user: named(username),
        target,
        source,
    }
}

/// The command of a recall of whatever source.
pub(crate) fn recalling(username: &str, target: Target, now: bool) -> Command {
    Command::Recall {
        user: named(username),
        target,
        source: None,
        now,
    }
}

/// The command of a sign-out.
pub(crate) const fn signing_out(session: SessionId) -> Command {
    Command::EndSession {
        session,
        reason: EndReason::SignedOut,
    }
}

/// `granted S-1`, `already_held S-1`, `no_free_seat`.
pub(crate) fn grant_in_words(outcome: &Outcome) -> String {
    let Outcome::Grant(GrantAnswer { code, license, .. }) = outcome else {
        panic!("no answer to a grant: {outcome:?}");
    };
    match license {
        Some((_, serial)) => format!("{code} {serial}"),
        None => code.to_string(),
    }
}

/// `released S-1`, several with commas between.
pub(crate) fn recall_in_words(outcome: &Outcome) -> String {
    let Outcome::Recall(answers) = outcome else {
        panic!("no answer to a recall: {outcome:?}");
    };
    let in_words = |answer: &RecallAnswer| match &answer.license {
        Some((_, serial)) => format!("{} {serial}", answer.code),
        None => answer.code.to_string(),
    };
    let words: Vec<String> = answers.iter().map(in_words).collect();
    words.join(", ")
}

impl World {
    pub(crate) fn sign_in(&mut self, username: &str, product: &str) -> Access {
        self.sign_in_for(username, product, ask())
    }

    pub(crate) fn sign_in_for(&mut self, username: &str, product: &str, asking: Asking) -> Access {
        Access(self.run(&signing_in(username, product, &asking)))
    }

    /// Whether the session had been going on.
    pub(crate) fn sign_out(&mut self, session: SessionId) -> bool {
        self.end_session(session, EndReason::SignedOut)
    }

    pub(crate) fn end_session(&mut self, session: SessionId, reason: EndReason) -> bool {
        match self.run(&Command::EndSession { session, reason }) {
            Outcome::SessionEnded(ended) => ended,
            Outcome::SessionHeld { .. } => false,
            other => panic!("no answer to an end: {other:?}"),
        }
    }

    /// `alive`, or the reason why not.
    pub(crate) fn heartbeat(&mut self, session: SessionId) -> &'static str {
        match self.heartbeat_answer(session) {
            HeartbeatAnswer::Alive { .. } => "alive",
            HeartbeatAnswer::Ended { reason, .. } => reason.code(),
        }
    }

    pub(crate) fn heartbeat_answer(&mut self, session: SessionId) -> HeartbeatAnswer {
        match self.run(&Command::Heartbeat(session)) {
            Outcome::Heartbeat(answer) => answer,
            other => panic!("no answer to a heartbeat: {other:?}"),
        }
    }

    pub(crate) fn grant(&mut self, username: &str, code: &str) -> String {
        grant_in_words(&self.run(&granting(username, product(code))))
    }

    pub(crate) fn grant_for(&mut self, username: &str, code: &str, asking: Asking) -> String {
        grant_in_words(&self.run(&granting(username, product_for(code, asking))))
    }

    pub(crate) fn grant_license(&mut self, username: &str, serial: &str) -> String {
        self.grant_from(username, serial, Source::Hand)
    }

    pub(crate) fn grant_from(&mut self, username: &str, serial: &str, source: Source) -> String {
        let target = Target::License(self.license_id(serial));
        grant_in_words(&self.run(&granting_from(username, target, source)))
    }

    pub(crate) fn recall(&mut self, username: &str, code: &str) -> String {
        recall_in_words(&self.run(&recalling(username, product(code), false)))
    }

    pub(crate) fn recall_now(&mut self, username: &str, code: &str) -> String {
        recall_in_words(&self.run(&recalling(username, product(code), true)))
    }

    pub(crate) fn recall_license(&mut self, username: &str, serial: &str) -> String {
        let target = Target::License(self.license_id(serial));
        recall_in_words(&self.run(&recalling(username, target, false)))
    }

    /// Takes one source of an assignment away.
    pub(crate) fn recall_from(&mut self, username: &str, serial: &str, source: Source) -> String {
        let target = Target::License(self.license_id(serial));
        recall_in_words(&self.run(&Command::Recall {
            user: named(username),
            target,
            source: Some(source),
            now: false,
        }))
    }

    /// Whether a release was pending.
    pub(crate) fn cancel_release(&mut self, username: &str, serial: &str) -> bool {
        let command = Command::CancelRelease {
            user: named(username),
            license: self.license_id(serial),
        };
        match self.run(&command) {
            Outcome::ReleaseCancelled(was_pending) => was_pending,
            other => panic!("no answer to a cancellation: {other:?}"),
        }
    }
}
