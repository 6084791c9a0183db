//! The naive model once more: seats given and taken, sessions that go on and end.

use domain::{Ask, Model as Kind, Timestamp};

use super::model::{Lic, Model, On, Session};

impl Model {
    /// S4.
    pub(super) fn release(&mut self, user: usize, lic: usize, at_once: bool) -> &'static str {
        let now = self.now;
        let is_meant = |session: &Session| {
            !session.ended && session.user == user && session.on == On::Dedicated
        };
        if at_once {
            for session in self.sessions.iter_mut().filter(|session| is_meant(session)) {
                session.ended = true;
            }
            self.seats
                .retain(|seat| (seat.user, seat.lic) != (user, lic));
            self.drop_what_lapsed();
            return "released";
        }
        if !self.sessions.iter().any(is_meant) {
            self.seats
                .retain(|seat| (seat.user, seat.lic) != (user, lic));
            return "released";
        }
        for seat in &mut self.seats {
            if (seat.user, seat.lic) == (user, lic) {
                seat.releasing_since.get_or_insert(now);
            }
        }
        "releasing"
    }

    /// S3, S5: what a grant of the product says.
    pub(super) fn grant(&mut self, user: usize, ask: &Ask) -> String {
        self.drop_what_lapsed();
        if let Some(lic) = self.together(user, ask) {
            return format!("already_held {}", self.licenses[lic].serial);
        }
        for folder in [self.homes[user], "/"] {
            let mut free = self.matching(Kind::Dedicated, folder, ask);
            free.retain(|lic| !self.has_any(user, *lic));
            if let Some(lic) = self.first(free.into_iter(), ask) {
                self.give(user, lic);
                return format!("granted {}", self.licenses[lic].serial);
            }
        }
        let now = self.now;
        let licenses = &self.licenses;
        let pending = self.seats.iter_mut().find(|seat| {
            let license = &licenses[seat.lic];
            seat.user == user
                && seat.releasing_since.is_some()
                && license.usable(now)
                && license.covers(ask)
        });
        match pending {
            Some(seat) => {
                seat.releasing_since = None;
                format!("granted {}", licenses[seat.lic].serial)
            }
            None => "not granted".into(),
        }
    }

    /// S4, S10: what a recall of the product says.
    pub(super) fn recall(&mut self, user: usize, at_once: bool) -> String {
        self.drop_what_lapsed();
        let seats = self.seats.iter().filter(|seat| seat.user == user);
        let lics: Vec<usize> = seats.map(|seat| seat.lic).collect();
        let mut said = Vec::new();
        for lic in lics {
            let word = self.release(user, lic, at_once);
            said.push(format!("{word} {}", self.licenses[lic].serial));
        }
        if said.is_empty() {
            return "not_held".into();
        }
        said.join(", ")
    }

    /// H3: whether the session had been going on. Sessions are numbered as they began.
    pub(super) fn sign_out(&mut self, session: usize) -> bool {
        self.drop_what_lapsed();
        let was_live = !self.sessions[session].ended;
        self.sessions[session].ended = true;
        self.drop_what_lapsed();
        was_live
    }

    /// H1, H6: whether it goes on.
    pub(super) fn heartbeat(&mut self, session: usize) -> bool {
        self.drop_what_lapsed();
        let Session {
            user,
            on,
            ask,
            began,
            ended,
            until,
        } = self.sessions[session].clone();
        let carried = match on {
            On::Floating(lic) | On::Site(lic) => self.licenses[lic].usable(self.now),
            On::Dedicated => self.carried_by_seats(user, &ask, began),
        };
        let goes_on = !ended && carried;
        self.sessions[session].ended |= !goes_on;
        if goes_on && until < self.now.plus(domain::Millis::new(self.timeout_ms)) {
            self.sessions[session].until = self.lease();
        }
        self.drop_what_lapsed();
        goes_on
    }

    /// The seats held and those that wait for this session; at any level that was asked.
    fn carried_by_seats(&self, user: usize, ask: &Ask, began: Timestamp) -> bool {
        let usable: Vec<&Lic> = self
            .seats
            .iter()
            .filter(|seat| seat.user == user)
            .filter(|seat| seat.releasing_since.is_none_or(|since| began <= since))
            .map(|seat| &self.licenses[seat.lic])
            .filter(|license| license.usable(self.now))
            .filter(|license| ask.access.is_none_or(|asked| license.access >= asked))
            .collect();
        let gives = |module: &str| usable.iter().any(|license| license.gives(module));
        !usable.is_empty() && ask.modules.iter().all(|module| gives(module.as_str()))
    }

    /// The seats of a license in use, nothing lapsed among them.
    pub(super) fn occupied(&mut self, lic: usize) -> usize {
        self.drop_what_lapsed();
        self.in_use(lic)
    }
}
