//! What other sets that know the same store have to hear of a change.

use super::{Change, Changes, WorkingSet};
use crate::ids::{PersonId, ProductId};
use crate::license::Model;
use crate::pool::Pool;
use crate::time::Timestamp;

/// Seats and sessions that were changed in the store.
#[derive(Debug, Default)]
pub struct News {
    /// Whose holdings are others now; some more than once.
    holdings: Vec<(PersonId, ProductId)>,
    /// Pools, as they are now.
    pools: Vec<Pool>,
    /// When the sessions of a product end that were begun or extended.
    expiries: Vec<(ProductId, Timestamp)>,
}

impl Changes<'_> {
    /// What other sets have to hear of these changes; `None` when they had better begin anew.
    pub fn news(&self) -> Option<News> {
        if !self.set.has_changed_only_seats() {
            return None;
        }
        let mut news = News::default();
        for (_, change) in self.pools() {
            if let Change::Update(pool) = change {
                news.pools.push(pool.clone());
            }
        }
        // Who got or lost something, also by what was deleted.
        let moved = self.set.holdings.changes().map(|(key, _)| *key);
        news.holdings.extend(moved);
        for (_, change) in self.seats() {
            if let Change::Update(seat) = change {
                news.holdings.push((seat.person, seat.product));
            }
        }
        for (_, change) in self.sessions() {
            if let Change::Insert(session) | Change::Update(session) = change {
                news.holdings.push((session.person, session.product));
                if session.ended.is_none() {
                    news.expiries.push((session.product, session.expires_at));
                }
            }
        }
        Some(news)
    }
}

impl WorkingSet {
    /// Takes in what was changed in the store: what is not told here is forgotten. Only for a set
    /// without changes of its own.
    pub fn hear(&mut self, news: &News) {
        for key in &news.holdings {
            let Some(holding) = self.holdings.forget_key(key) else {
                continue;
            };
            for id in &holding.seats {
                self.seats.forget_key(id);
            }
            for id in &holding.sessions {
                self.sessions.forget_key(id);
            }
        }
        for pool in &news.pools {
            let license = self.licenses.get(&pool.license).flatten();
            match (license, self.pools.renew(&pool.id, pool.clone())) {
                (Some(license), Some(before)) => {
                    self.open.note(license, Some(&before), Some(pool));
                }
                // It may be the next one with a free seat.
                _ => {
                    for model in [Model::Dedicated, Model::Floating] {
                        self.open.forget((pool.product, model, pool.folder));
                    }
                }
            }
        }
        for (product, at) in &news.expiries {
            self.note_expiry(*product, *at);
        }
    }
}
