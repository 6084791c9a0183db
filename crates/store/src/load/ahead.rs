//! What a whole batch will need, in a few round trips. Only for PostgreSQL: on SQLite a question
//! costs less than gathering it.

use domain::set::{Map, Spot};
use domain::{
    FolderId, License, LicenseId, PersonId, Product, ProductId, Session, SessionId, Target,
    Timestamp, User, UserId, UserRef, WorkingSet,
};
use foldhash::HashSet;
use tokio_postgres::Row;

use super::Loader;
use crate::error::StoreError;
use crate::keep::{self, Kept};
use crate::postgres::{self, Question};
use crate::rows::{
    self, license_columns, pool_columns, product_columns, seat_columns, session_columns,
    user_columns,
};
use crate::sql::{Columns, Link, Statement, Value, many, statements_of_postgres};

statements_of_postgres! {
    USERS_BY_ID = concat!("SELECT ", user_columns!(), " FROM app_user u WHERE u.id = ANY($1)");
    USERS_NAMED = concat!("SELECT ", user_columns!(),
        " FROM app_user u WHERE u.username_key = ANY($1)");
    PRODUCTS_CODED = concat!("SELECT ", product_columns!(),
        " FROM product p WHERE p.code_key = ANY($1)");
    PRODUCTS_BY_ID = concat!("SELECT ", product_columns!(), " FROM product p WHERE p.id = ANY($1)");
    SESSIONS_BY_ID = concat!("SELECT ", session_columns!(), " FROM session x WHERE x.id = ANY($1)");
    POOLS_BY_ID = concat!("SELECT ", pool_columns!(), " FROM pool q WHERE q.id = ANY($1)");
    LICENSES_BY_ID = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.id = ANY($1)");
    LICENSES_REFERRED = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.reference_key = ANY($1)");
    POOLS_OF_MANY = concat!("SELECT ", pool_columns!(),
        " FROM pool q WHERE q.license_id = ANY($1)");
    SEATS_OF_MANY = concat!("SELECT ", seat_columns!(),
        " FROM UNNEST($1::uuid[], $2::uuid[]) AS b (person, product) \
          CROSS JOIN LATERAL (SELECT * FROM seat s \
            WHERE s.person_id = b.person AND s.product_id = b.product OFFSET 0) AS s");
    SESSIONS_OF_MANY = concat!("SELECT ", session_columns!(),
        " FROM UNNEST($1::uuid[], $2::uuid[]) AS b (person, product) \
          CROSS JOIN LATERAL (SELECT * FROM session x \
            WHERE x.person_id = b.person AND x.product_id = b.product \
              AND x.ended_at IS NULL OFFSET 0) AS x");
    SITES_OF_MANY = concat!("SELECT ", license_columns!(),
        " FROM UNNEST($1::uuid[]) AS b (product) \
          CROSS JOIN LATERAL (SELECT * FROM license l WHERE l.product_id = b.product \
            AND l.model = 'site' AND l.removed_at IS NULL OFFSET 0) AS l");
    /// The first to lapse, whether they have lapsed or not.
    LAPSING_OF_MANY = "SELECT x.id, x.person_id, b.product, x.expires_at \
        FROM UNNEST($1::uuid[]) AS b (product) \
        CROSS JOIN LATERAL (SELECT x.id, x.person_id, x.expires_at FROM session x \
            WHERE x.product_id = b.product AND x.ended_at IS NULL AND x.expires_at > 0 \
            ORDER BY x.expires_at LIMIT $2) AS x";
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
    /// Who gets or loses seats of what.
    pub grants: Vec<(UserRef, Target)>,
    /// Accounts that are changed.
    pub users: Vec<UserId>,
    /// Folded usernames of accounts that are made or changed.
    pub names: Vec<String>,
    /// Sessions that beat or end.
    pub sessions: Vec<SessionId>,
    /// Idempotency keys, each after its actor.
    pub kept: Vec<(String, String)>,
}

/// The outcomes that were kept, each with its actor and key.
type Outcomes = Vec<(String, String, Kept)>;

/// A person and a product.
pub(super) type Pair = (PersonId, ProductId);

/// Loads what a batch will need and the set lacks; the outcomes that were kept for its keys come
/// back. `None` where a row can't be read, or nothing is loaded ahead: whoever needs such a row asks
/// for it again and is told so, and the others go on.
pub(crate) fn ahead(
    link: Link<'_>,
    set: &mut WorkingSet,
    ahead: &Ahead,
    now: Timestamp,
) -> Result<Option<Outcomes>, StoreError> {
    let Link::Postgres(session) = link else {
        return Ok(None);
    };
    match all(session, set, ahead, now) {
        Ok(kept) => Ok(Some(kept)),
        Err(StoreError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn all(
    session: &postgres::Session,
    set: &mut WorkingSet,
    ahead: &Ahead,
    now: Timestamp,
) -> Result<Outcomes, StoreError> {
    let link = Link::Postgres(session);
    let mut loader = Loader { link, set, now };
    let grants = Grants::new(&ahead.grants, &ahead.users);
    let set = &loader.set;
    let names = ahead.sign_ins.iter().map(|(name, _)| name);
    let mut names = distinct(
        names
            .chain(&ahead.names)
            .chain(&grants.names)
            .map(String::as_str),
    );
    names.retain(|name| set.find_username(name).is_err());
    let codes = ahead.sign_ins.iter().map(|(_, code)| code);
    let mut codes = distinct(codes.chain(&grants.codes).map(String::as_str));
    codes.retain(|code| set.find_product_code(code).is_err());
    let mut ids = distinct(ahead.sessions.iter().copied());
    ids.retain(|id| set.find_session(*id).is_err());
    let mut by_id = grants.users;
    by_id.retain(|id| set.find_user(*id).is_err());
    let mut licenses = grants.licenses;
    licenses.retain(|id| !set.knows_license(*id));
    let (actors, keys): (Vec<&str>, Vec<&str>) = ahead
        .kept
        .iter()
        .map(|(actor, key)| (actor.as_str(), key.as_str()))
        .unzip();
    let kept = (!keys.is_empty()).then(|| (&keep::FIND_MANY, vec![many(actors), many(keys)]));
    let [users, products, sessions, kept, users_by_id, by_license] = session.ask([
        about(&USERS_NAMED, &names),
        about(&PRODUCTS_CODED, &codes),
        about(&SESSIONS_BY_ID, &ids),
        kept,
        about(&USERS_BY_ID, &by_id),
        about(&LICENSES_BY_ID, &licenses),
    ])?;
    let mut users: Map<String, User> = read(&users, rows::user, |user| user.username.key())?;
    for name in names {
        let user = users.remove(name);
        loader.set.provide_username(name.to_owned(), user);
    }
    let mut products: Map<String, Product> =
        read(&products, rows::product, |product| product.code.key())?;
    for code in codes {
        let product = products.remove(code);
        loader.set.provide_product_code(code.to_owned(), product);
    }
    let mut users: Map<UserId, User> = read(&users_by_id, rows::user, |user| user.id)?;
    for id in by_id {
        loader.set.provide_user(id, users.remove(&id));
    }
    let mut found: Map<LicenseId, License> =
        read(&by_license, rows::license, |license| license.id)?;
    for id in licenses {
        loader.set.provide_license(id, found.remove(&id));
    }
    let mut sessions: Map<SessionId, Session> =
        read(&sessions, rows::session, |session| session.id)?;

    let wanted = loader.wanted_by(ahead, sessions.values());
    loader.gather(session, wanted)?;
    for id in ids {
        loader.set.provide_session(id, sessions.remove(&id));
    }
    let kept = kept.iter();
    kept.map(|row| keep::with_key(&mut Columns::postgres(row)))
        .collect()
}

impl Loader<'_, '_> {
    /// What commands lead to, by the people, products and licenses that the set knows by now, and
    /// sessions that it does not.
    fn wanted_by<'s>(&self, ahead: &Ahead, sessions: impl Iterator<Item = &'s Session>) -> Wanted {
        let set = &self.set;
        let product = |code: &str| set.find_product_code(code).ok().flatten();
        let mut wanted = Wanted::default();
        for (name, code) in &ahead.sign_ins {
            let Some(product) = product(code) else {
                continue;
            };
            let user = set.find_username(name).ok().flatten();
            // Whom the policy will add lives in the root.
            let home = user.map_or(FolderId::ROOT, |user| user.folder);
            let spots = self.spots(product.id, home);
            wanted.product(product.id, user.map(|user| user.person), spots);
        }
        for (user, target) in &ahead.grants {
            let user = match user {
                UserRef::Id(id) => set.find_user(*id),
                UserRef::Name(name) => set.find_username(&name.key()),
            };
            let Ok(Some(user)) = user else { continue };
            match target {
                Target::Product(code, _) => {
                    if let Some(product) = product(&code.key()) {
                        let spots = self.spots(product.id, user.folder);
                        wanted.product(product.id, Some(user.person), spots);
                    }
                }
                Target::License(id) => {
                    let product = set.known_license(*id).map(|license| license.product);
                    let pair = product.map(|product| (user.person, product));
                    wanted.pairs.extend(pair);
                }
            }
        }
        for session in sessions.filter(|session| session.ended.is_none()) {
            wanted.pairs.push((session.person, session.product));
            wanted.unnamed_products.push(session.product);
        }
        wanted
    }
}

/// A question about some rows, if it is about any.
pub(super) fn about<'v, T: Clone + Into<Value<'v>>>(
    statement: &'static Statement,
    rows: &[T],
) -> Option<Question<'v>> {
    (!rows.is_empty()).then(|| (statement, vec![many(rows.iter().cloned())]))
}

/// What grants name, each once.
#[derive(Default)]
struct Grants {
    names: Vec<String>,
    users: Vec<UserId>,
    codes: Vec<String>,
    licenses: Vec<LicenseId>,
}

impl Grants {
    /// With accounts that are looked up besides.
    fn new(grants: &[(UserRef, Target)], users: &[UserId]) -> Self {
        let mut found = Self {
            users: users.to_vec(),
            ..Self::default()
        };
        for (user, target) in grants {
            match user {
                UserRef::Id(id) => found.users.push(*id),
                UserRef::Name(name) => found.names.push(name.key()),
            }
            match target {
                Target::Product(code, _) => found.codes.push(code.key()),
                Target::License(id) => found.licenses.push(*id),
            }
        }
        found.users = distinct(found.users);
        found.licenses = distinct(found.licenses);
        found
    }
}

/// What the first answers lead to.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) pairs: Vec<Pair>,
    pub(super) products: Vec<ProductId>,
    /// Of sessions, which name them by id.
    pub(super) unnamed_products: Vec<ProductId>,
    pub(super) spots: Vec<Spot>,
}

impl Wanted {
    fn product(&mut self, product: ProductId, person: Option<PersonId>, spots: Vec<Spot>) {
        self.pairs.extend(person.map(|person| (person, product)));
        self.products.push(product);
        self.spots.extend(spots);
    }
}

/// Each once, in the order in which they first come.
pub(super) fn distinct<T: Clone + Eq + std::hash::Hash>(
    all: impl IntoIterator<Item = T>,
) -> Vec<T> {
    let mut seen: HashSet<T> = HashSet::default();
    let mut kept = Vec::new();
    for item in all {
        if seen.insert(item.clone()) {
            kept.push(item);
        }
    }
    kept
}

/// Rows by a key.
pub(super) fn read<K: Eq + std::hash::Hash, V>(
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
