//! What many people hold, at once, with the pools and licenses behind it. On SQLite one after
//! the other, where a question costs next to nothing.

use domain::command::NewLicense;
use domain::set::{Map, Spot};
use domain::{
    License, LicenseId, Pool, PoolId, Product, ProductId, Seat, Session, SessionId, Timestamp,
};
use tokio_postgres::Row;

use super::Loader;
use super::ahead::{self as sql, Pair, Wanted, about, distinct, read};
use crate::error::StoreError;
use crate::postgres::{self, Question};
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
        let [products, here] = session.ask([
            about(&sql::PRODUCTS_CODED, &codes),
            about(&sql::LICENSES_REFERRED, &references),
        ])?;
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
        let [pools] = session.ask([about(&sql::POOLS_OF_MANY, &ids)])?;
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

    /// The second round: what people hold, and where there are seats, where the set does not
    /// know.
    pub(super) fn gather(
        &mut self,
        session: &postgres::Session,
        wanted: Wanted,
    ) -> Result<(), StoreError> {
        let mut pairs = distinct(wanted.pairs);
        pairs.retain(|(person, product)| self.set.holding(*person, *product).is_err());
        let products = distinct(wanted.products);
        let mut with_sites = products.clone();
        with_sites.retain(|id| self.set.site_licenses(*id).is_err());
        let mut with_lapsed = products;
        with_lapsed.retain(|id| self.set.lapsed(*id, 0).is_err());
        let mut spots = distinct(wanted.spots);
        spots.retain(|spot| !self.set.knows_open_pools(spot));
        let mut unnamed = distinct(wanted.unnamed_products);
        unnamed.retain(|id| self.set.find_product(*id).is_err());
        let (lapsed_most, open_most) = (Self::some_more(0), Self::some_more(4));
        let [of_seats, of_sessions] = of_pairs(&pairs);
        let lapsing = (!with_lapsed.is_empty()).then(|| {
            let products = many(with_lapsed.iter().copied());
            (&sql::LAPSING_OF_MANY, vec![products, lapsed_most.into()])
        });
        let open = (!spots.is_empty()).then(|| {
            let values = spot_values(&spots, self.at(), open_most);
            (&sql::OPEN_POOLS_OF_MANY, values)
        });
        let [seats, sessions, sites, lapsing, open, named] = session.ask([
            of_seats,
            of_sessions,
            about(&sql::SITES_OF_MANY, &with_sites),
            lapsing,
            open,
            about(&sql::PRODUCTS_BY_ID, &unnamed),
        ])?;
        let mut found: Map<ProductId, Product> = read(&named, rows::product, |product| product.id)?;
        for id in unnamed {
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
        for product in with_sites {
            let mut sites = of_products.remove(&product).unwrap_or_default();
            sites.sort_unstable_by_key(|license| license.id);
            self.set.provide_site_licenses(product, sites);
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
        self.provide_lapsing(&with_lapsed, &lapsing, lapsed_most)
    }

    /// Gives the set which sessions have lapsed, and up to when none will where none has.
    fn provide_lapsing(
        &mut self,
        products: &[ProductId],
        lapsing: &[Row],
        most: u32,
    ) -> Result<(), StoreError> {
        let mut of_products: Map<ProductId, Vec<SessionId>> = Map::default();
        let mut next: Map<ProductId, Timestamp> = Map::default();
        let mut pairs = Vec::new();
        for row in lapsing {
            let mut row = Columns::postgres(row);
            let (id, person) = (row.of("session").id("id")?, row.id("person_id")?);
            let product: ProductId = row.id("product_id")?;
            let expires_at = row.time("expires_at")?;
            if expires_at <= self.now {
                of_products.entry(product).or_default().push(id);
                pairs.push((person, product));
            } else {
                let first = next.entry(product).or_insert(expires_at);
                *first = expires_at.min(*first);
            }
        }
        self.want_holdings(pairs)?;
        for product in products {
            let sessions = of_products.remove(product).unwrap_or_default();
            if sessions.is_empty() {
                let until = next.remove(product).unwrap_or(Timestamp::FOREVER);
                self.set.provide_calm(*product, until);
            }
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
        let [seats, sessions] = session.ask(of_pairs(&pairs))?;
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
        let [pool_rows, license_rows] = session.ask([
            about(&sql::POOLS_BY_ID, pools),
            about(&sql::LICENSES_BY_ID, licenses),
        ])?;
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

/// What people hold: their seats and sessions.
fn of_pairs(pairs: &[Pair]) -> [Option<Question<'static>>; 2] {
    [&sql::SEATS_OF_MANY, &sql::SESSIONS_OF_MANY].map(|statement| {
        (!pairs.is_empty()).then(|| {
            let persons = many(pairs.iter().map(|(person, _)| *person));
            let products = many(pairs.iter().map(|(_, product)| *product));
            (statement, vec![persons, products])
        })
    })
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
