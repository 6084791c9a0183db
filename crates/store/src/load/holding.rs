//! What people hold: seats and sessions, with the licenses and pools behind them.

use domain::{LicenseId, PersonId, PoolId, ProductId, Seat, SeatId, Session, SessionId, Timestamp};

use super::{Loader, sql};
use crate::error::StoreError;
use crate::rows;

impl Loader<'_, '_> {
    pub(super) fn holding(
        &mut self,
        person: PersonId,
        product: ProductId,
    ) -> Result<(), StoreError> {
        let key = [person.into(), product.into()];
        let seats: Vec<Seat> = self.link.all(&sql::SEATS, &key, rows::seat)?;
        let sessions: Vec<Session> = self.link.all(&sql::SESSIONS, &key, rows::session)?;
        for seat in &seats {
            self.want_pool(seat.pool)?;
            self.want_license(seat.license)?;
        }
        for session in &sessions {
            self.behind(session)?;
        }
        self.set.provide_holding(person, product, seats, sessions);
        Ok(())
    }

    /// Makes sure that the set has a holding.
    pub(super) fn want_holding(
        &mut self,
        person: PersonId,
        product: ProductId,
    ) -> Result<(), StoreError> {
        if self.set.holding(person, product).is_ok() {
            return Ok(());
        }
        self.holding(person, product)
    }

    fn want_pool(&mut self, id: PoolId) -> Result<(), StoreError> {
        if self.set.knows_pool(id) {
            return Ok(());
        }
        self.pool(id)
    }

    /// What carries a session.
    fn behind(&mut self, session: &Session) -> Result<(), StoreError> {
        if let Some(pool) = session.via.floating_pool() {
            self.want_pool(pool)?;
        }
        if let Some(license) = session.via.license() {
            self.want_license(license)?;
        }
        Ok(())
    }

    pub(super) fn holdings_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        let mut products: Vec<ProductId> =
            self.link
                .all(&sql::PRODUCTS_HELD, &[person.into()], |row| {
                    row.of("seat").id("product_id")
                })?;
        products.sort_unstable();
        products.dedup();
        for product in &products {
            self.want_holding(person, *product)?;
        }
        self.set.provide_holdings_of(person, products);
        Ok(())
    }

    pub(super) fn holders_of(&mut self, license: LicenseId) -> Result<(), StoreError> {
        self.want_license(license)?;
        let Some(product) = self.set.known_license(license).map(|found| found.product) else {
            self.set.provide_holders_of(license, Vec::new());
            return Ok(());
        };
        let mut persons: Vec<PersonId> =
            self.link
                .all(&sql::SEAT_HOLDERS, &[license.into()], |row| {
                    row.of("seat").id("person_id")
                })?;
        let floating: Vec<PersonId> = self.link.all(
            &sql::FLOATING_HOLDERS,
            &[product.into(), license.into()],
            |row| row.of("session").id("person_id"),
        )?;
        persons.extend(floating);
        persons.sort_unstable();
        persons.dedup();
        self.want_holdings(persons.iter().map(|person| (*person, product)).collect())?;
        self.set.provide_holders_of(license, persons);
        Ok(())
    }

    pub(super) fn session(&mut self, id: SessionId) -> Result<(), StoreError> {
        let session = self
            .link
            .first(&sql::SESSION, &[id.into()], rows::session)?;
        if let Some(session) = &session
            && session.ended.is_none()
        {
            if self.set.find_product(session.product).is_err() {
                self.product(session.product)?;
            }
            self.behind(session)?;
            self.want_holding(session.person, session.product)?;
        }
        self.set.provide_session(id, session);
        Ok(())
    }

    pub(super) fn lapsed(&mut self, product: ProductId, at_least: u32) -> Result<(), StoreError> {
        let limit = Self::some_more(at_least);
        let values = [product.into(), self.at(), limit.into()];
        let found: Vec<(SessionId, PersonId)> = self.link.all(&sql::LAPSED, &values, |row| {
            row.of("session");
            Ok((row.id("id")?, row.id("person_id")?))
        })?;
        let complete = found.len() < limit as usize;
        if found.is_empty() {
            self.calm(product)?;
        }
        self.want_holdings(found.iter().map(|(_, person)| (*person, product)).collect())?;
        let sessions = found.into_iter().map(|(id, _)| id).collect();
        self.set.provide_lapsed(product, sessions, complete);
        Ok(())
    }

    /// Says before when no session lapses, none having lapsed; for sets that live longer than a
    /// transaction.
    fn calm(&mut self, product: ProductId) -> Result<(), StoreError> {
        let next = self
            .link
            .first(&sql::NEXT_LAPSE, &[product.into()], |row| {
                row.of("session").time("expires_at")
            })?;
        let until = next.unwrap_or(Timestamp::FOREVER);
        self.set.provide_calm(product, until);
        Ok(())
    }

    pub(super) fn unbacked(&mut self, pool: PoolId, at_least: u32) -> Result<(), StoreError> {
        let limit = Self::some_more(at_least);
        let product: Option<ProductId> =
            self.link.first(&sql::POOL_PRODUCT, &[pool.into()], |row| {
                row.of("pool").id::<PoolId>("id")?;
                row.id("product_id")
            })?;
        let Some(product) = product else {
            self.set.provide_unbacked(pool, Vec::new(), true);
            return Ok(());
        };
        let values = [pool.into(), limit.into()];
        let found: Vec<(SeatId, PersonId)> = self.link.all(&sql::UNBACKED, &values, |row| {
            row.of("seat");
            Ok((row.id("id")?, row.id("person_id")?))
        })?;
        let complete = found.len() < limit as usize;
        self.want_holdings(found.iter().map(|(_, person)| (*person, product)).collect())?;
        let seats = found.into_iter().map(|(id, _)| id).collect();
        self.set.provide_unbacked(pool, seats, complete);
        Ok(())
    }
}
