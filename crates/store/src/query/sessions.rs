//! Sessions, latest first.

use std::sync::Arc;

use domain::{
    LicenseId, PersonId, PersonName, Product, ProductId, Serial, Session, SessionId, Timestamp,
    UserId, Username,
};
use foldhash::HashMap;
use uuid::Uuid;

use super::{Cursor, Inside, Page, Paging, Within};
use crate::error::StoreError;
use crate::load::statements::{LICENSE, PRODUCT, SESSION, USER};
use crate::reader::Reader;
use crate::rows::{self, session_columns};
use crate::sql::{Link, Select, Value, ms, statements};

statements! {
    OPEN_OF_PERSON = "SELECT x.id FROM session x \
        WHERE x.person_id = $1 AND x.ended_at IS NULL";
    OPEN_OF_PRODUCT = "SELECT x.id FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.expires_at > 0 \
        AND x.expires_at > $2 LIMIT $3";
    BORROWED_OF_PRODUCT = "SELECT x.id FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.borrowed_until > $2 \
        ORDER BY x.borrowed_until LIMIT $3";
    OPEN = "SELECT x.id FROM session x \
        WHERE x.ended_at IS NULL AND x.expires_at > $1 LIMIT $2";
    /// The id so many sessions further back.
    FURTHER_BACK = "SELECT x.id FROM session x WHERE x.id < $1 ORDER BY x.id DESC LIMIT 1 OFFSET $2";
}

/// Up to so many live sessions are gathered and put in order; more are read off in order.
const FEW: u32 = 10_000;
/// How many sessions are looked at in one step, and in how many steps for one page at most.
/// What matches may be far between among those that ended.
const STEP: u32 = 20_000;
const STEPS: u32 = 10;

/// Which sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFilter {
    /// Of this account.
    pub user: Option<UserId>,
    /// In this product.
    pub product: Option<ProductId>,
    /// Carried by this license.
    pub license: Option<LicenseId>,
    /// Those that live (H2), or those that ended or lapsed.
    pub live: bool,
}

impl Default for SessionFilter {
    fn default() -> Self {
        Self {
            user: None,
            product: None,
            license: None,
            live: true,
        }
    }
}

impl SessionFilter {
    fn accepts(&self, session: &Session, now: Timestamp) -> bool {
        self.user.is_none_or(|user| session.user == user)
            && self
                .product
                .is_none_or(|product| session.product == product)
            && self
                .license
                .is_none_or(|license| session.via.license() == Some(license))
            && self.live == session.is_live(now)
    }
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionItem {
    /// The session.
    pub session: Session,
    /// The account's username, unless it was deleted.
    pub username: Option<Username>,
    /// The account's full name, where known.
    pub name: Option<PersonName>,
    /// The product.
    pub product: Option<Arc<Product>>,
    /// The serial of its license; none for a demo.
    pub serial: Option<Serial>,
}

impl Reader<'_> {
    /// Sessions, latest first. A page may be short before the end of the list.
    pub fn sessions(
        &mut self,
        filter: &SessionFilter,
        now: Timestamp,
        paging: &Paging,
    ) -> Result<Page<SessionItem>, StoreError> {
        let before = match paging.cursor()? {
            Some(cursor) => SessionId(cursor.id(0)?),
            None => SessionId(Uuid::max()),
        };
        let page = match few(self.link, filter, now)? {
            Some(ids) => self.gathered(filter, now, paging, before, ids)?,
            None => self.read_off(filter, now, paging, before)?,
        };
        let mut names = Names::new(self.link);
        page.try_map(|session| names.item(session))
    }

    /// A session.
    pub fn find_session(&mut self, id: SessionId) -> Result<Option<SessionItem>, StoreError> {
        let found = self.link.first(&SESSION, &[id.into()], rows::session)?;
        let mut inside = Inside::new(self.link, self.within);
        let found = match found {
            Some(session) if inside.user(session.user)? => Some(session),
            _ => None,
        };
        found
            .map(|session| Names::new(self.link).item(session))
            .transpose()
    }

    /// The sessions of a product whose seats are offline (H5), the soonest return first, at most so many.
    pub fn borrowed(
        &mut self,
        product: ProductId,
        now: Timestamp,
        at_most: u32,
    ) -> Result<Vec<SessionItem>, StoreError> {
        let values = [product.into(), ms(now), at_most.into()];
        let ids = session_ids(self.link, &BORROWED_OF_PRODUCT, &values)?;
        let mut names = Names::new(self.link);
        let mut inside = Inside::new(self.link, self.within);
        let mut found = Vec::new();
        for id in ids {
            let session = self.link.first(&SESSION, &[id.into()], rows::session)?;
            if let Some(session) = session
                && inside.user(session.user)?
            {
                found.push(names.item(session)?);
            }
        }
        Ok(found)
    }

    /// The live sessions of a person, latest first (S12: of all their accounts).
    pub fn sessions_of_person(
        &mut self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Vec<SessionItem>, StoreError> {
        let mut ids = session_ids(self.link, &OPEN_OF_PERSON, &[person.into()])?;
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let mut names = Names::new(self.link);
        let mut inside = Inside::new(self.link, self.within);
        let mut found = Vec::new();
        for id in ids {
            let session = self.link.first(&SESSION, &[id.into()], rows::session)?;
            if let Some(session) = session.filter(|session| session.is_live(now))
                && inside.user(session.user)?
            {
                found.push(names.item(session)?);
            }
        }
        Ok(found)
    }
}

fn session_ids(
    link: Link<'_>,
    statement: &'static crate::sql::Statement,
    values: &[Value<'_>],
) -> Result<Vec<SessionId>, StoreError> {
    link.all(statement, values, |row| row.of("session").id("id"))
}

/// The ids of all that may match, where an index finds them and they are few.
fn few(
    link: Link<'_>,
    filter: &SessionFilter,
    now: Timestamp,
) -> Result<Option<Vec<SessionId>>, StoreError> {
    if !filter.live {
        return Ok(None);
    }
    if let Some(user) = filter.user {
        let user = link.first(&USER, &[user.into()], rows::user)?;
        let ids = match user {
            Some(user) => session_ids(link, &OPEN_OF_PERSON, &[user.person.into()])?,
            // Who was deleted has no live sessions (S8).
            None => Vec::new(),
        };
        return Ok(Some(ids));
    }
    let most = Value::from(FEW + 1);
    let ids = match filter.product {
        Some(product) => session_ids(link, &OPEN_OF_PRODUCT, &[product.into(), ms(now), most])?,
        None => session_ids(link, &OPEN, &[ms(now), most])?,
    };
    Ok((ids.len() <= FEW as usize).then_some(ids))
}

impl Reader<'_> {
    fn gathered(
        &mut self,
        filter: &SessionFilter,
        now: Timestamp,
        paging: &Paging,
        before: SessionId,
        mut ids: Vec<SessionId>,
    ) -> Result<Page<Session>, StoreError> {
        ids.retain(|id| *id < before);
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let mut inside = Inside::new(self.link, self.within);
        let mut found = Vec::new();
        for id in ids {
            let session = self.link.first(&SESSION, &[id.into()], rows::session)?;
            if let Some(session) = session.filter(|session| filter.accepts(session, now))
                && inside.user(session.user)?
            {
                found.push(session);
            }
            if found.len() > paging.limit() {
                break;
            }
        }
        Ok(Page::of(found, paging, |session| cursor(session.id)))
    }

    fn read_off(
        &mut self,
        filter: &SessionFilter,
        now: Timestamp,
        paging: &Paging,
        mut before: SessionId,
    ) -> Result<Page<Session>, StoreError> {
        let (link, within) = (self.link, self.within);
        let mut found = Vec::new();
        for _ in 0..STEPS {
            let values = [before.into(), Value::from(STEP)];
            let floor = link.first(&FURTHER_BACK, &values, |row| row.of("session").id("id"))?;
            let missing = paging.limit() + 1 - found.len();
            found.extend(link.select(
                &select(within, filter, now, before, floor, missing),
                rows::session,
            )?);
            if found.len() > paging.limit() {
                break;
            }
            match floor {
                Some(floor) => before = floor,
                None => return Ok(Page::of(found, paging, |session| cursor(session.id))),
            }
        }
        if found.len() > paging.limit() {
            return Ok(Page::of(found, paging, |session| cursor(session.id)));
        }
        // Not the end of the list, but of one page's work.
        Ok(Page {
            items: found,
            next: Some(cursor(before).to_string()),
            total: None,
        })
    }
}

fn cursor(id: SessionId) -> Cursor {
    Cursor::new([id.to_string().into()])
}

pub(crate) fn select<'a>(
    within: Within,
    filter: &SessionFilter,
    now: Timestamp,
    before: SessionId,
    floor: Option<SessionId>,
    limit: usize,
) -> Select<'a> {
    let columns = session_columns!();
    let mut select = Select::new(
        "SESSIONS_PAGE",
        &format!("SELECT {columns} FROM session x WHERE"),
    );
    select.push("x.id < ?", [before.into()]);
    if let Some(floor) = floor {
        select.push("AND x.id >= ?", [floor.into()]);
    }
    if let Some(user) = filter.user {
        select.push("AND x.user_id = ?", [user.into()]);
    }
    if let Some(product) = filter.product {
        select.push("AND x.product_id = ?", [product.into()]);
    }
    if let Some(license) = filter.license {
        select.push("AND x.license_id = ?", [license.into()]);
    }
    within.by_user(&mut select, "x.user_id");
    let live = if filter.live {
        "AND x.ended_at IS NULL AND x.expires_at > ?"
    } else {
        "AND (x.ended_at IS NOT NULL OR x.expires_at <= ?)"
    };
    select.push(live, [ms(now)]);
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    select.push("ORDER BY x.id DESC LIMIT ?", [limit.into()]);
    select
}

/// The names that go with sessions; products and licenses are each looked up once.
struct Names<'l> {
    link: Link<'l>,
    products: HashMap<ProductId, Option<Arc<Product>>>,
    serials: HashMap<LicenseId, Option<Serial>>,
}

impl<'l> Names<'l> {
    fn new(link: Link<'l>) -> Self {
        Self {
            link,
            products: HashMap::default(),
            serials: HashMap::default(),
        }
    }

    fn item(&mut self, session: Session) -> Result<SessionItem, StoreError> {
        let user = self.link.first(&USER, &[session.user.into()], rows::user)?;
        let product = match self.products.get(&session.product) {
            Some(known) => known.clone(),
            None => {
                let values = [session.product.into()];
                let found = self.link.first(&PRODUCT, &values, rows::product)?;
                let product = found.map(Arc::new);
                self.products.insert(session.product, product.clone());
                product
            }
        };
        let serial = match session.via.license() {
            Some(license) => self.serial(license)?,
            None => None,
        };
        let (username, name) = match user {
            Some(user) => (Some(user.username), user.name),
            None => (None, None),
        };
        Ok(SessionItem {
            session,
            username,
            name,
            product,
            serial,
        })
    }

    fn serial(&mut self, license: LicenseId) -> Result<Option<Serial>, StoreError> {
        if let Some(known) = self.serials.get(&license) {
            return Ok(known.clone());
        }
        let found = self
            .link
            .first(&LICENSE, &[license.into()], rows::license)?;
        let serial = found.map(|license| license.terms.serial.clone());
        self.serials.insert(license, serial.clone());
        Ok(serial)
    }
}
