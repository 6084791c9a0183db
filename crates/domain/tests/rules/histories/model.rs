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
pub(super) struct Seat {
    pub(super) user: usize,
    pub(super) lic: usize,
    pub(super) releasing_since: Option<Timestamp>,
}

/// What a session stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum On {
    Dedicated,
    Floating(usize),
    Site(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: usize,
    pub(super) on: On,
    pub(super) ask: Ask,
    pub(super) began: Timestamp,
    pub(super) until: Timestamp,
    pub(super) ended: bool,
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
    pub(super) seats: Vec<Seat>,
    pub(super) sessions: Vec<Session>,
}

impl Lic {
    pub(super) fn usable(&self, now: Timestamp) -> bool {
        self.starts <= now && now < self.over
    }

    pub(super) fn gives(&self, module: &str) -> bool {
        self.module.is_none_or(|mine| mine == module)
    }

    pub(super) fn covers(&self, ask: &Ask) -> bool {
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
    pub(super) fn drop_what_lapsed(&mut self) {
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
    pub(super) fn in_use(&self, lic: usize) -> usize {
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
    pub(super) fn together(&self, user: usize, ask: &Ask) -> Option<usize> {
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
    pub(super) fn first(&self, among: impl Iterator<Item = usize>, ask: &Ask) -> Option<usize> {
        if ask.access.is_none() {
            return self.best(among);
        }
        among.min_by_key(|lic| self.licenses[*lic].order())
    }

    pub(super) fn matching(&self, kind: Kind, folder: &str, ask: &Ask) -> Vec<usize> {
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

    pub(super) fn has_any(&self, user: usize, lic: usize) -> bool {
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

    pub(super) fn lease(&self) -> Timestamp {
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

    pub(super) fn give(&mut self, user: usize, lic: usize) {
        self.seats.push(Seat {
            user,
            lic,
            releasing_since: None,
        });
    }
}
