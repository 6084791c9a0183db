//! What a whole batch will need, in a few round trips. Only for PostgreSQL: on SQLite a question
//! costs less than gathering it.

use domain::set::{Map, Spot};
use domain::{
    FolderId, License, LicenseId, PersonId, Pool, PoolId, Product, ProductId, Seat, Session,
    SessionId, Timestamp, User, WorkingSet,
};
use foldhash::HashSet;
use tokio_postgres::Row;

use super::Loader;
use crate::error::StoreError;
use crate::keep::{self, Kept};
use crate::postgres;
use crate::rows::{
    self, license_columns, pool_columns, product_columns, seat_columns, session_columns,
    user_columns,
};
use crate::sql::{Columns, Link, Value, many, statements_of_postgres};

statements_of_postgres! {
    USERS_NAMED = concat!("SELECT ", user_columns!(),
        " FROM app_user u WHERE u.username_key = ANY($1)");
    PRODUCTS_CODED = concat!("SELECT ", product_columns!(),
        " FROM product p WHERE p.code_key = ANY($1)");
    PRODUCTS_BY_ID = concat!("SELECT ", product_columns!(), " FROM product p WHERE p.id = ANY($1)");
    SESSIONS_BY_ID = concat!("SELECT ", session_columns!(), " FROM session x WHERE x.id = ANY($1)");
    POOLS_BY_ID = concat!("SELECT ", pool_columns!(), " FROM pool q WHERE q.id = ANY($1)");
    LICENSES_BY_ID = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.id = ANY($1)");
    SEATS_OF_MANY = concat!("SELECT ", seat_columns!(),
        " FROM UNNEST($1::uuid[], $2::uuid[]) AS b (person, product) \
          JOIN seat s ON s.person_id = b.person AND s.product_id = b.product ORDER BY s.id");
    SESSIONS_OF_MANY = concat!("SELECT ", session_columns!(),
        " FROM UNNEST($1::uuid[], $2::uuid[]) AS b (person, product) \
          JOIN session x ON x.person_id = b.person AND x.product_id = b.product \
          WHERE x.ended_at IS NULL ORDER BY x.id");
    SITES_OF_MANY = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.product_id = ANY($1) AND l.model = 'site' \
          AND l.removed_at IS NULL ORDER BY l.id");
    LAPSED_OF_MANY = "SELECT x.id, x.person_id, b.product FROM UNNEST($1::uuid[]) AS b (product) \
        CROSS JOIN LATERAL (SELECT x.id, x.person_id FROM session x \
            WHERE x.product_id = b.product AND x.ended_at IS NULL AND x.expires_at <= $2 \
            ORDER BY x.expires_at LIMIT $3) AS x";
    OPEN_POOLS_OF_MANY = concat!("SELECT ", pool_columns!(),
        ", b.spot FROM UNNEST($1::bigint[], $2::uuid[], $3::text[], $4::uuid[]) \
          AS b (spot, product, model, folder) \
          CROSS JOIN LATERAL (SELECT * FROM pool q WHERE q.product_id = b.product \
            AND q.model = b.model AND q.folder_id = b.folder AND q.occupied < q.size \
            AND q.assignable AND q.usable_until > $5 \
            ORDER BY q.expires_at, q.serial, q.id LIMIT $6) AS q");
}

/// What a batch of commands will most likely ask for.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    /// Who signs in to what: folded usernames and product codes.
    pub sign_ins: Vec<(String, String)>,
    /// Sessions that beat or end.
    pub sessions: Vec<SessionId>,
    /// Idempotency keys, each after its actor.
    pub kept: Vec<(String, String)>,
}

/// A person and a product.
type Pair = (PersonId, ProductId);

/// Loads what a batch will need; the outcomes that were kept for its keys come back.
pub(crate) fn ahead(
    link: Link<'_>,
    set: &mut WorkingSet,
    ahead: &Ahead,
    now: Timestamp,
) -> Result<Vec<(String, String, Kept)>, StoreError> {
    let Link::Postgres(session) = link else {
        return Ok(Vec::new());
    };
    let mut loader = Loader { link, set, now };
    let names = distinct(ahead.sign_ins.iter().map(|(name, _)| name.as_str()));
    let codes = distinct(ahead.sign_ins.iter().map(|(_, code)| code.as_str()));
    let ids = distinct(ahead.sessions.iter().copied());
    let (actors, keys): (Vec<&str>, Vec<&str>) = ahead
        .kept
        .iter()
        .map(|(actor, key)| (actor.as_str(), key.as_str()))
        .unzip();
    let answers = session.query_all(&[
        (&USERS_NAMED, vec![many(names.iter().copied())]),
        (&PRODUCTS_CODED, vec![many(codes.iter().copied())]),
        (&SESSIONS_BY_ID, vec![many(ids.iter().copied())]),
        (&keep::FIND_MANY, vec![many(actors), many(keys)]),
    ])?;
    let [users, products, sessions, kept] = exactly(answers)?;
    let mut users: Map<String, User> = read(&users, rows::user, |user| user.username.key())?;
    let mut products: Map<String, Product> =
        read(&products, rows::product, |product| product.code.key())?;
    let mut sessions: Map<SessionId, Session> =
        read(&sessions, rows::session, |session| session.id)?;
    let kept = kept
        .iter()
        .map(|row| keep::with_key(&mut Columns::postgres(row)));
    let kept = kept.collect::<Result<_, _>>()?;

    let mut wanted = Wanted::default();
    for (name, code) in &ahead.sign_ins {
        let user = users.get(name);
        let Some(product) = products.get(code) else {
            continue;
        };
        // Whom the policy will add lives in the root.
        let home = user.map_or(FolderId::ROOT, |user| user.folder);
        let spots = loader.spots(product.id, home);
        wanted.product(product.id, user.map(|user| user.person), spots);
    }
    let known: Vec<ProductId> = products.values().map(|product| product.id).collect();
    let open = sessions.values().filter(|session| session.ended.is_none());
    for session in open {
        wanted.pairs.push((session.person, session.product));
        if !known.contains(&session.product) {
            wanted.unknown_products.push(session.product);
        }
    }
    for name in names {
        let user = users.remove(name);
        loader.set.provide_username(name.to_owned(), user);
    }
    for code in codes {
        let product = products.remove(code);
        loader.set.provide_product_code(code.to_owned(), product);
    }
    loader.wanted(session, wanted)?;
    for id in ids {
        loader.set.provide_session(id, sessions.remove(&id));
    }
    Ok(kept)
}

/// What the first answers lead to.
#[derive(Default)]
struct Wanted {
    pairs: Vec<Pair>,
    products: Vec<ProductId>,
    unknown_products: Vec<ProductId>,
    spots: Vec<Spot>,
}

impl Wanted {
    fn product(&mut self, product: ProductId, person: Option<PersonId>, spots: Vec<Spot>) {
        self.pairs.extend(person.map(|person| (person, product)));
        self.products.push(product);
        self.spots.extend(spots);
    }
}

impl Loader<'_, '_> {
    /// The second round: what people hold, and where there are seats.
    fn wanted(&mut self, session: &postgres::Session, wanted: Wanted) -> Result<(), StoreError> {
        let pairs = distinct(wanted.pairs);
        let products = distinct(wanted.products);
        let spots = distinct(wanted.spots);
        let unknown = distinct(wanted.unknown_products);
        let (lapsed_most, open_most) = (Self::some_more(0), Self::some_more(4));
        let [persons, theirs] = columns(&pairs);
        let answers = session.query_all(&[
            (&SEATS_OF_MANY, vec![persons.clone(), theirs.clone()]),
            (&SESSIONS_OF_MANY, vec![persons, theirs]),
            (&SITES_OF_MANY, vec![many(products.iter().copied())]),
            (
                &LAPSED_OF_MANY,
                vec![
                    many(products.iter().copied()),
                    self.at(),
                    lapsed_most.into(),
                ],
            ),
            (
                &OPEN_POOLS_OF_MANY,
                spot_values(&spots, self.at(), open_most),
            ),
            (&PRODUCTS_BY_ID, vec![many(unknown.iter().copied())]),
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
            let sites = of_products.remove(product).unwrap_or_default();
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
            (&SEATS_OF_MANY, vec![persons.clone(), products.clone()]),
            (&SESSIONS_OF_MANY, vec![persons, products]),
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
            let (seats, sessions) = held.remove(&(*person, *product)).unwrap_or_default();
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
            (&POOLS_BY_ID, vec![many(pools.iter().copied())]),
            (&LICENSES_BY_ID, vec![many(licenses.iter().copied())]),
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

/// Each once, in the order in which they first come.
fn distinct<T: Clone + Eq + std::hash::Hash>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen: HashSet<T> = HashSet::default();
    let mut kept = Vec::new();
    for item in all {
        if seen.insert(item.clone()) {
            kept.push(item);
        }
    }
    kept
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

/// Rows by a key.
fn read<K: Eq + std::hash::Hash, V>(
    rows: &[Row],
    value: impl Fn(&mut Columns<'_, '_>) -> Result<V, StoreError>,
    key: impl Fn(&V) -> K,
) -> Result<Map<K, V>, StoreError> {
    let mut found = Map::default();
    for row in rows {
        let value = value(&mut Columns::postgres(row))?;
        found.insert(key(&value), value);
    }
    Ok(found)
}

/// As many answers as there were questions.
fn exactly<const N: usize>(answers: Vec<Vec<Row>>) -> Result<[Vec<Row>; N], StoreError> {
    let count = answers.len();
    <[Vec<Row>; N]>::try_from(answers)
        .map_err(|_| StoreError::Unavailable(format!("{count} answers to {N} questions")))
}
