//! What many people hold, at once, with the pools and licenses behind it. On SQLite one after
//! the other, where a question costs next to nothing.

use domain::command::NewLicense;
use domain::set::{Map, Spot};
use domain::{License, LicenseId, Pool, PoolId, Product, ProductId, Seat, Session, SessionId};
use tokio_postgres::Row;

use super::Loader;
use super::ahead::{self as sql, Pair, Wanted, distinct, exactly, read};
use crate::error::StoreError;
use crate::postgres;
use crate::rows;
use crate::sql::{Columns, Link, Value, many};

impl Loader<'_, '_> {
    /// What the licenses of an intake name: their products, what is here under their references,
    /// and the pools of that.
    pub(super) fn named(
        &mut self,
        session: &postgres::Session,
        licenses: &[NewLicense],
    ) -> Result<(), StoreError> {
        let codes = distinct(licenses.iter().map(|new| new.terms.product.key()));
        let references = distinct(licenses.iter().map(|new| new.terms.reference.key()));
        let answers = session.query_all(&[
            (
                &sql::PRODUCTS_CODED,
                vec![many(codes.iter().map(String::as_str))],
            ),
            (
                &sql::LICENSES_REFERRED,
                vec![many(references.iter().map(String::as_str))],
            ),
        ])?;
        let [products, here] = exactly(answers)?;
        let mut products: Map<String, Product> =
            read(&products, rows::product, |product| product.code.key())?;
        let mut here: Map<String, License> = read(&here, rows::license, |license| {
            license.terms.reference.key()
        })?;
        let ids: Vec<LicenseId> = here.values().map(|license| license.id).collect();
        for code in codes {
            let product = products.remove(&code);
            self.set.provide_product_code(code, product);
        }
        for reference in references {
            let license = here.remove(&reference);
            self.set.provide_license_ref(reference, license);
        }
        if ids.is_empty() {
            return Ok(());
        }
        let pools = session.query_all(&[(&sql::POOLS_OF_MANY, vec![many(ids.iter().copied())])])?;
        let [pools] = exactly(pools)?;
        let mut of: Map<LicenseId, Vec<(Pool, License)>> = Map::default();
        for row in &pools {
            let pool = self.with_license(rows::pool(&mut Columns::postgres(row))?)?;
            of.entry(pool.0.license).or_default().push(pool);
        }
        for id in ids {
            let mut pools = of.remove(&id).unwrap_or_default();
            pools.sort_unstable_by_key(|(pool, _)| pool.folder);
            self.set.provide_pools_of(id, pools);
        }
        Ok(())
    }

    /// The second round: what people hold, and where there are seats.
    pub(super) fn wanted(
        &mut self,
        session: &postgres::Session,
        wanted: Wanted,
    ) -> Result<(), StoreError> {
        let pairs = distinct(wanted.pairs);
        let products = distinct(wanted.products);
        let spots = distinct(wanted.spots);
        let unknown = distinct(wanted.unknown_products);
        let (lapsed_most, open_most) = (Self::some_more(0), Self::some_more(4));
        let [persons, theirs] = columns(&pairs);
        let answers = session.query_all(&[
            (&sql::SEATS_OF_MANY, vec![persons.clone(), theirs.clone()]),
            (&sql::SESSIONS_OF_MANY, vec![persons, theirs]),
            (&sql::SITES_OF_MANY, vec![many(products.iter().copied())]),
            (
                &sql::LAPSED_OF_MANY,
                vec![
                    many(products.iter().copied()),
                    self.at(),
                    lapsed_most.into(),
                ],
            ),
            (
                &sql::OPEN_POOLS_OF_MANY,
                spot_values(&spots, self.at(), open_most),
            ),
            (&sql::PRODUCTS_BY_ID, vec![many(unknown.iter().copied())]),
        ])?;
        let [seats, sessions, sites, lapsed, open, unknown_rows] = exactly(answers)?;
        let mut found: Map<ProductId, Product> =
            read(&unknown_rows, rows::product, |product| product.id)?;
        for id in unknown {
            self.set.provide_product(id, found.remove(&id));
        }
        let mut of_products: Map<ProductId, Vec<License>> = Map::default();
        for row in &sites {
            let license = rows::license(&mut Columns::postgres(row))?;
            of_products
                .entry(license.product)
                .or_default()
                .push(license);
        }
        for product in &products {
            let mut sites = of_products.remove(product).unwrap_or_default();
            sites.sort_unstable_by_key(|license| license.id);
            self.set.provide_site_licenses(*product, sites);
        }
        let mut in_spots: Vec<Vec<Pool>> = spots.iter().map(|_| Vec::new()).collect();
        for row in &open {
            let mut row = Columns::postgres(row);
            let pool = rows::pool(&mut row)?;
            let at: usize = row.number("spot")?;
            if let Some(pools) = in_spots.get_mut(at) {
                pools.push(pool);
            }
        }
        let licenses = in_spots.iter().flatten().map(|pool| pool.license).collect();
        self.provide_holdings(session, &pairs, (&seats, &sessions), licenses)?;
        for (spot, pools) in spots.into_iter().zip(in_spots) {
            let complete = pools.len() < open_most as usize;
            let pools = pools.into_iter().map(|pool| self.with_license(pool));
            let pools = pools.collect::<Result<_, _>>()?;
            self.set.provide_open_pools(spot, pools, complete);
        }
        self.provide_lapsed(&products, &lapsed, lapsed_most)
    }

    fn provide_lapsed(
        &mut self,
        products: &[ProductId],
        lapsed: &[Row],
        most: u32,
    ) -> Result<(), StoreError> {
        let mut of_products: Map<ProductId, Vec<SessionId>> = Map::default();
        let mut pairs = Vec::new();
        for row in lapsed {
            let mut row = Columns::postgres(row);
            let (id, person) = (row.of("session").id("id")?, row.id("person_id")?);
            let product: ProductId = row.id("product_id")?;
            of_products.entry(product).or_default().push(id);
            pairs.push((person, product));
        }
        self.want_holdings(pairs)?;
        for product in products {
            let sessions = of_products.remove(product).unwrap_or_default();
            let complete = sessions.len() < most as usize;
            self.set.provide_lapsed(*product, sessions, complete);
        }
        Ok(())
    }

    /// Makes sure that the set has what these persons hold.
    pub(super) fn want_holdings(&mut self, pairs: Vec<Pair>) -> Result<(), StoreError> {
        let Link::Postgres(session) = self.link else {
            return pairs
                .into_iter()
                .try_for_each(|(person, product)| self.want_holding(person, product));
        };
        let mut pairs = distinct(pairs);
        pairs.retain(|(person, product)| self.set.holding(*person, *product).is_err());
        if pairs.is_empty() {
            return Ok(());
        }
        let [persons, products] = columns(&pairs);
        let answers = session.query_all(&[
            (&sql::SEATS_OF_MANY, vec![persons.clone(), products.clone()]),
            (&sql::SESSIONS_OF_MANY, vec![persons, products]),
        ])?;
        let [seats, sessions] = exactly(answers)?;
        self.provide_holdings(session, &pairs, (&seats, &sessions), Vec::new())
    }

    /// Gives the set what these pairs hold, after the pools and licenses behind it, and
    /// further licenses.
    fn provide_holdings(
        &mut self,
        session: &postgres::Session,
        pairs: &[Pair],
        (seats, sessions): (&[Row], &[Row]),
        mut licenses: Vec<LicenseId>,
    ) -> Result<(), StoreError> {
        let mut held: Map<Pair, (Vec<Seat>, Vec<Session>)> = Map::default();
        let mut pools: Vec<PoolId> = Vec::new();
        for row in seats {
            let seat = rows::seat(&mut Columns::postgres(row))?;
            pools.push(seat.pool);
            licenses.push(seat.license);
            let pair = (seat.person, seat.product);
            held.entry(pair).or_default().0.push(seat);
        }
        for row in sessions {
            let session = rows::session(&mut Columns::postgres(row))?;
            pools.extend(session.via.floating_pool());
            licenses.extend(session.via.license());
            let pair = (session.person, session.product);
            held.entry(pair).or_default().1.push(session);
        }
        let mut pools = distinct(pools);
        pools.retain(|id| !self.set.knows_pool(*id));
        let mut licenses = distinct(licenses);
        licenses.retain(|id| !self.set.knows_license(*id));
        self.provide_behind(session, &pools, &licenses)?;
        for (person, product) in pairs {
            let (mut seats, mut sessions) = held.remove(&(*person, *product)).unwrap_or_default();
            seats.sort_unstable_by_key(|seat| seat.id);
            sessions.sort_unstable_by_key(|session| session.id);
            self.set.provide_holding(*person, *product, seats, sessions);
        }
        Ok(())
    }

    fn provide_behind(
        &mut self,
        session: &postgres::Session,
        pools: &[PoolId],
        licenses: &[LicenseId],
    ) -> Result<(), StoreError> {
        if pools.is_empty() && licenses.is_empty() {
            return Ok(());
        }
        let answers = session.query_all(&[
            (&sql::POOLS_BY_ID, vec![many(pools.iter().copied())]),
            (&sql::LICENSES_BY_ID, vec![many(licenses.iter().copied())]),
        ])?;
        let [pool_rows, license_rows] = exactly(answers)?;
        let mut found: Map<LicenseId, License> =
            read(&license_rows, rows::license, |license| license.id)?;
        for id in licenses {
            self.set.provide_license(*id, found.remove(id));
        }
        let mut found: Map<PoolId, Pool> = read(&pool_rows, rows::pool, |pool| pool.id)?;
        for id in pools {
            let pool = match found.remove(id) {
                Some(pool) => Some(self.with_license(pool)?),
                None => None,
            };
            self.set.provide_pool(*id, pool);
        }
        Ok(())
    }
}

/// Pairs as two arrays.
fn columns(pairs: &[Pair]) -> [Value<'static>; 2] {
    [
        many(pairs.iter().map(|(person, _)| *person)),
        many(pairs.iter().map(|(_, product)| *product)),
    ]
}

fn spot_values(spots: &[Spot], at: Value<'static>, most: u32) -> Vec<Value<'static>> {
    vec![
        many((0_u32..).zip(spots).map(|(number, _)| number)),
        many(spots.iter().map(|(product, _, _)| *product)),
        many(spots.iter().map(|(_, model, _)| model.code())),
        many(spots.iter().map(|(_, _, folder)| *folder)),
        at,
        most.into(),
    ]
}
