//! What a test looks at, in words.

use domain::{
    EventKind, FolderId, License, LicenseId, Pool, Product, Seat, SessionId, State, User, UserId,
};

use super::World;

impl World {
    pub(crate) fn user_row(&self, username: &str) -> &User {
        let mut users = self.rows.users.values();
        users
            .find(|user| user.username.as_str() == username)
            .unwrap_or_else(|| panic!("there is no user {username}"))
    }

    pub(crate) fn user_id(&self, username: &str) -> UserId {
        self.user_row(username).id
    }

    pub(crate) fn is_user(&self, username: &str) -> bool {
        let mut users = self.rows.users.values();
        users.any(|user| user.username.as_str() == username)
    }

    pub(crate) fn license_row(&self, serial: &str) -> &License {
        let mut licenses = self.rows.licenses.values();
        licenses
            .find(|license| license.terms.serial.as_str() == serial)
            .unwrap_or_else(|| panic!("there is no license {serial}"))
    }

    pub(crate) fn license_id(&self, serial: &str) -> LicenseId {
        self.license_row(serial).id
    }

    pub(crate) fn serial(&self, license: LicenseId) -> &str {
        self.rows.licenses[&license].terms.serial.as_str()
    }

    /// The state of a license now.
    pub(crate) fn state(&self, serial: &str) -> State {
        let warn_before = self.rows.policy.warn_before();
        self.license_row(serial).state(self.now, warn_before)
    }

    pub(crate) fn product_row(&self, code: &str) -> &Product {
        let mut products = self.rows.products.values();
        products
            .find(|product| product.code.as_str() == code)
            .unwrap_or_else(|| panic!("there is no product {code}"))
    }

    pub(crate) fn folder_id(&self, path: &str) -> FolderId {
        let names = path.split('/').filter(|name| !name.is_empty());
        names.fold(FolderId::ROOT, |parent, name| {
            let mut folders = self.rows.folders.values();
            folders
                .find(|folder| folder.parent == parent && folder.name.as_str() == name)
                .unwrap_or_else(|| panic!("there is no folder {path}"))
                .id
        })
    }

    /// The path of a folder.
    pub(crate) fn path_of(&self, id: FolderId) -> String {
        self.rows.path_of(id)
    }

    /// The pools of a license by path, as `PATH OCCUPIED/SIZE`.
    pub(crate) fn pools(&self, serial: &str) -> Vec<String> {
        let id = self.license_id(serial);
        let pools = self.rows.pools.values().filter(|pool| pool.license == id);
        let mut pools: Vec<String> = pools.map(|pool| self.pool_in_words(pool)).collect();
        pools.sort();
        pools
    }

    fn pool_in_words(&self, pool: &Pool) -> String {
        let path = self.path_of(pool.folder);
        format!("{path} {}/{}", pool.occupied, pool.size)
    }

    /// Whoever has a dedicated seat of a license, longest held first, with what is special.
    pub(crate) fn holders(&self, serial: &str) -> Vec<String> {
        let id = self.license_id(serial);
        let seats = self.rows.seats.values().filter(|seat| seat.license == id);
        let mut seats: Vec<&Seat> = seats.collect();
        seats.sort_by_key(|seat| seat.seniority());
        let seats = seats.into_iter();
        seats.map(|seat| self.holder_in_words(seat)).collect()
    }

    fn holder_in_words(&self, seat: &Seat) -> String {
        let mut words = self.rows.users[&seat.user].username.to_string();
        if seat.releasing_since.is_some() {
            words.push_str(" (releasing)");
        }
        if seat.unbacked {
            words.push_str(" (unbacked)");
        }
        words
    }

    /// The seats of a user's person, as `SERIAL in PATH`, in the order of the serials.
    pub(crate) fn seats_of(&self, username: &str) -> Vec<String> {
        let person = self.user_row(username).person;
        let seats = self
            .rows
            .seats
            .values()
            .filter(|seat| seat.person == person);
        let mut seats: Vec<String> = seats
            .map(|seat| {
                let folder = self.rows.pools[&seat.pool].folder;
                format!("{} in {}", self.serial(seat.license), self.path_of(folder))
            })
            .collect();
        seats.sort();
        seats
    }

    /// The seat of a user on a license.
    pub(crate) fn seat(&self, username: &str, serial: &str) -> &Seat {
        let person = self.user_row(username).person;
        let license = self.license_id(serial);
        let mut seats = self.rows.seats.values();
        seats
            .find(|seat| seat.person == person && seat.license == license)
            .unwrap_or_else(|| panic!("{username} holds no seat of {serial}"))
    }

    /// Whoever is at work, as `USERNAME SERIAL`, or `USERNAME demo`; lapsed ones are not.
    pub(crate) fn at_work(&self) -> Vec<String> {
        let live = self
            .rows
            .open_sessions()
            .filter(|row| row.is_live(self.now));
        let mut live: Vec<String> = live
            .map(|session| {
                let username = &self.rows.users[&session.user].username;
                let license = session.via.license();
                let on = license.map_or("demo", |license| self.serial(license));
                format!("{username} {on}")
            })
            .collect();
        live.sort();
        live
    }

    /// How a session ended, or `None` while nobody wrote that down.
    pub(crate) fn end_of(&self, session: SessionId) -> Option<&'static str> {
        let ended = self.rows.sessions[&session].ended;
        ended.map(|(_, reason)| reason.code())
    }

    /// The kinds of the last events, oldest first.
    pub(crate) fn last_events(&self, count: usize) -> Vec<&'static str> {
        let events = &self.rows.events;
        let from = events.len().saturating_sub(count);
        events[from..]
            .iter()
            .map(|event| event.kind.code())
            .collect()
    }

    /// How many events of a kind there are.
    pub(crate) fn count_events(&self, kind: EventKind) -> usize {
        let events = self.rows.events.iter();
        events.filter(|event| event.kind == kind).count()
    }
}
