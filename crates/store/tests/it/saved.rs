//! What was saved is what is loaded: compared row by row after every batch of every test.

use domain::set::Change;
use domain::{Changes, Need, Timestamp, WorkingSet};
use store::Store;

/// Loads every row that changed into a new set and compares it.
pub(crate) fn compare(store: &Store, changes: &Changes<'_>, now: Timestamp) {
    let policy = store.read(|reader| reader.policy()).unwrap();
    if let Some(saved) = changes.policy() {
        assert_eq!(&policy, saved);
    }
    let mut set = WorkingSet::new(policy);
    let mut load = |need: Need| {
        store
            .read(|reader| reader.load(&mut set, &need, now))
            .unwrap();
    };
    for (id, _) in changes.users() {
        load(Need::User(*id));
    }
    for (id, _) in changes.products() {
        load(Need::Product(*id));
    }
    for (id, _) in changes.folders() {
        load(Need::Folder(*id));
    }
    for (id, _) in changes.licenses() {
        load(Need::License(*id));
    }
    for (id, _) in changes.pools() {
        load(Need::Pool(*id));
    }
    for (_, change) in changes.seats() {
        if let Change::Insert(seat) | Change::Update(seat) = change {
            load(Need::Holding(seat.person, seat.product));
        }
    }
    for (id, _) in changes.sessions() {
        load(Need::Session(*id));
    }
    for (key, _) in changes.issuers() {
        load(Need::Issuer(key.clone()));
    }
    for (id, _) in changes.tokens() {
        load(Need::Token(*id));
    }
    for (id, _) in changes.requests() {
        load(Need::Request(*id));
    }
    for (id, _) in changes.replacements() {
        load(Need::Replacement(*id));
    }
    for (id, change) in changes.users() {
        same(change, set.find_user(*id).unwrap());
    }
    for (id, change) in changes.products() {
        same(change, set.find_product(*id).unwrap());
    }
    for (id, change) in changes.folders() {
        same(change, set.find_folder(*id).unwrap());
    }
    for (id, change) in changes.licenses() {
        same(change, set.find_license(*id).unwrap());
    }
    for (id, change) in changes.pools() {
        same(change, set.find_pool(*id).unwrap());
    }
    for (id, change) in changes.seats() {
        same(change, set.known_seat(*id));
    }
    for (id, change) in changes.sessions() {
        same(change, set.find_session(*id).unwrap());
    }
    for (key, change) in changes.issuers() {
        same(change, set.find_issuer(key).unwrap());
    }
    for (id, change) in changes.tokens() {
        same(change, set.find_token(*id).unwrap());
    }
    for (id, change) in changes.requests() {
        same(change, set.find_request(*id).unwrap());
    }
    for (id, change) in changes.replacements() {
        same(change, set.find_replacement(*id).unwrap());
    }
}

fn same<T: PartialEq + std::fmt::Debug>(change: Change<'_, T>, stored: Option<&T>) {
    match change {
        Change::Insert(value) | Change::Update(value) => assert_eq!(stored, Some(value)),
        Change::Delete => assert_eq!(stored, None),
    }
}
