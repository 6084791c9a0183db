//! Access once more, written naively from the rules' text and from nothing else: no counters,
//! no order of loading, no clean-up. Everything is looked at anew each time, and whatever has
//! lapsed is dropped before anything is judged (H2).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::{AccessLevel, Ask, Model as Kind, Timestamp};

/// A license, all of its seats in one folder.
#[derive(Clone, Debug)]
pub(super) struct Lic {
    pub(super) serial: &'static str,
    pub(super) kind: Kind,
    pub(super) folder: &'static str,
    pub(super) seats: usize,
    pub(super) access: AccessLevel,
    /// None: all.
    pub(super) module: Option<&'static str>,
    pub(super) starts: Timestamp,
    /// Grace included.
    pub(super) over: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) as_needed: bool,
    pub(super) assignable: bool,
    pub(super) per_session: bool,
}

#[derive(Clone, Debug)]
struct Seat {
    user: usize,
    lic: usize,
    releasing_since: Option<Timestamp>,
}

/// What a session stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum On {
    Dedicated,
    Floating(usize),
    Site(usize),
}

#[derive(Clone, Debug)]
struct Session {
    user: usize,
    on: On,
    ask: Ask,
    began: Timestamp,
    until: Timestamp,
    ended: bool,
}

/// One product, its licenses, and who works on them.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) licenses: Vec<Lic>,
    /// The folder of each user.
    pub(super) homes: Vec<&'static str>,
    pub(super) renew: bool,
    pub(super) timeout_ms: i64,
    pub(super) now: Timestamp,
    seats: Vec<Seat>,
    sessions: Vec<Session>,
}

impl Lic {
    fn usable(&self, now: Timestamp) -> bool {
        self.starts <= now && now < self.over
    }

    fn gives(&self, module: &str) -> bool {
        self.module.is_none_or(|mine| mine == module)
    }

    fn covers(&self, ask: &Ask) -> bool {
        ask.access.is_none_or(|asked| self.access >= asked)
            && ask.modules.iter().all(|module| self.gives(module.as_str()))
    }

    fn order(&self) -> (Timestamp, &'static str) {
        (self.expires, self.serial)
    }
}

impl Model {
    pub(super) fn new(
        licenses: Vec<Lic>,
        homes: Vec<&'static str>,
        renew: bool,
        timeout_ms: i64,
        now: Timestamp,
    ) -> Self {
        Self {
            licenses,
            homes,
            renew,
            timeout_ms,
            now,
            seats: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// H2, S4: what lapsed holds nothing, and what waited for it is free.
    fn drop_what_lapsed(&mut self) {
        for session in &mut self.sessions {
            session.ended |= session.until <= self.now;
        }
        let sessions = &self.sessions;
        self.seats.retain(|seat| {
            seat.releasing_since.is_none_or(|since| {
                sessions.iter().any(|session| {
                    !session.ended
                        && session.on == On::Dedicated
                        && session.user == seat.user
                        && session.began <= since
                })
            })
        });
    }

    fn live(&self, user: usize) -> impl Iterator<Item = &Session> {
        let sessions = self.sessions.iter();
        sessions.filter(move |session| !session.ended && session.user == user)
    }

    /// S6: who takes seats of a license now.
    fn in_use(&self, lic: usize) -> usize {
        let license = &self.licenses[lic];
        let floating = self.sessions.iter();
        let floating = floating.filter(|session| !session.ended && session.on == On::Floating(lic));
        match license.kind {
            Kind::Dedicated => self.seats.iter().filter(|seat| seat.lic == lic).count(),
            Kind::Floating if license.per_session => floating.count(),
            Kind::Floating => floating
                .map(|session| session.user)
                .collect::<BTreeSet<_>>()
                .len(),
            Kind::Site => 0,
        }
    }

    fn held(&self, user: usize) -> Vec<usize> {
        let seats = self.seats.iter();
        seats
            .filter(|seat| seat.user == user && seat.releasing_since.is_none())
            .map(|seat| seat.lic)
            .collect()
    }

    /// A4: what the user's usable seats cover together; the license that is named.
    fn together(&self, user: usize, ask: &Ask) -> Option<usize> {
        let usable: Vec<usize> = self
            .held(user)
            .into_iter()
            .filter(|lic| self.licenses[*lic].usable(self.now))
            .collect();
        for level in [AccessLevel::Write, AccessLevel::Read] {
            if ask.access.is_some_and(|asked| level < asked) {
                continue;
            }
            let mut able: Vec<usize> = usable.clone();
            able.retain(|lic| self.licenses[*lic].access >= level);
            let covered = |module: &str| able.iter().any(|lic| self.licenses[*lic].gives(module));
            if able.is_empty() || !ask.modules.iter().all(|module| covered(module.as_str())) {
                continue;
            }
            let asked = |lic: &usize| {
                let mut modules = ask.modules.iter();
                ask.modules.is_empty()
                    || modules.any(|module| self.licenses[*lic].gives(module.as_str()))
            };
            able.retain(asked);
            return able
                .into_iter()
                .min_by_key(|lic| self.licenses[*lic].order());
        }
        None
    }

    /// The best of several: the highest level, then what ends first, then the serial.
    fn best(&self, among: impl Iterator<Item = usize>) -> Option<usize> {
        among.min_by_key(|lic| {
            let license = &self.licenses[*lic];
            (Reverse(license.access), license.order())
        })
    }

    /// The first of a step: the best level to be had if none is asked, then what ends first.
    fn first(&self, among: impl Iterator<Item = usize>, ask: &Ask) -> Option<usize> {
        if ask.access.is_none() {
            return self.best(among);
        }
        among.min_by_key(|lic| self.licenses[*lic].order())
    }

    fn matching(&self, kind: Kind, folder: &str, ask: &Ask) -> Vec<usize> {
        let all = 0..self.licenses.len();
        all.filter(|lic| {
            let license = &self.licenses[*lic];
            license.kind == kind
                && license.folder == folder
                && license.usable(self.now)
                && license.assignable
                && license.covers(ask)
                && self.in_use(*lic) < license.seats
        })
        .collect()
    }

    fn has_any(&self, user: usize, lic: usize) -> bool {
        let mut seats = self.seats.iter();
        seats.any(|seat| seat.user == user && seat.lic == lic)
    }

    /// A4 to A9: what it says.
    pub(super) fn sign_in(&mut self, user: usize, ask: &Ask) -> String {
        self.drop_what_lapsed();
        let Some((on, lic)) = self.grounds(user, ask) else {
            return "denied".into();
        };
        self.sessions.push(Session {
            user,
            on,
            ask: ask.clone(),
            began: self.now,
            until: self.lease(),
            ended: false,
        });
        let via = match on {
            On::Dedicated => "dedicated",
            On::Floating(_) => "floating",
            On::Site(_) => "site",
        };
        format!("{via} {}", self.licenses[lic].serial)
    }

    fn lease(&self) -> Timestamp {
        self.now
            .plus(domain::Millis::new(self.timeout_ms + self.timeout_ms / 10))
    }

    fn grounds(&mut self, user: usize, ask: &Ask) -> Option<(On, usize)> {
        // A4
        if let Some(lic) = self.together(user, ask) {
            return Some((On::Dedicated, lic));
        }
        // A5
        let shared = self.live(user).filter_map(|session| match session.on {
            On::Floating(lic) => Some(lic),
            _ => None,
        });
        let shared = shared.filter(|lic| {
            let license = &self.licenses[*lic];
            !license.per_session && license.usable(self.now) && license.covers(ask)
        });
        if let Some(lic) = self.best(shared) {
            return Some((On::Floating(lic), lic));
        }
        // A6
        let sites = (0..self.licenses.len()).filter(|lic| {
            let license = &self.licenses[*lic];
            license.kind == Kind::Site && license.usable(self.now) && license.covers(ask)
        });
        if let Some(lic) = self.best(sites) {
            return Some((On::Site(lic), lic));
        }
        // A7
        let expired = self.held(user).into_iter().find(|lic| {
            let license = &self.licenses[*lic];
            license.module.is_none() && license.over <= self.now
        });
        if let Some(lic) = expired {
            if !self.renew {
                return None;
            }
            self.release(user, lic, true);
        }
        // A8
        let home = self.homes[user];
        for kind in [Kind::Floating, Kind::Dedicated] {
            for folder in [home, "/"] {
                let mut free = self.matching(kind, folder, ask);
                free.retain(|lic| {
                    let license = &self.licenses[*lic];
                    license.module.is_none()
                        && (kind == Kind::Floating
                            || (license.as_needed && !self.has_any(user, *lic)))
                });
                let Some(lic) = self.first(free.into_iter(), ask) else {
                    continue;
                };
                if kind == Kind::Floating {
                    return Some((On::Floating(lic), lic));
                }
                self.give(user, lic);
                return self.together(user, ask).map(|lic| (On::Dedicated, lic));
            }
        }
        None
    }

    fn give(&mut self, user: usize, lic: usize) {
        self.seats.push(Seat {
            user,
            lic,
            releasing_since: None,
        });
    }

    /// S4.
    fn release(&mut self, user: usize, lic: usize, at_once: bool) -> &'static str {
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
        let seats = self.seats.iter().filter(|seat| seat.user == user);
        // Seats whose release came to its end are not listed, unless nobody looked yet.
        let lics: Vec<usize> = seats.map(|seat| seat.lic).collect();
        self.drop_what_lapsed();
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
