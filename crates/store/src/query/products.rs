//! Products, with exact counts (R4).

use domain::{PoolId, Product, ProductId, Timestamp};

use super::{Cursor, Page, Paging, Within, anywhere, below};
use crate::error::StoreError;
use crate::load::statements::PRODUCT_CODE;
use crate::reader::Reader;
use crate::rows::{self, product_columns};
use crate::sql::{Link, Select, Value, ms, statements};

/// Whether a license `l` can be worked on at the moment `$2`.
macro_rules! is_usable {
    () => {
        "(l.removed_at IS NULL AND l.revoked_at IS NULL AND NOT l.awaits_agreement \
          AND l.starts_at <= $2 AND l.ends_at > $2 AND l.stale_at > $2)"
    };
}

/// The counts of the pools `q` of a product.
macro_rules! product_counts {
    () => {
        concat!(
            "SELECT count(*), \
        coalesce(sum(CASE WHEN ",
            is_usable!(),
            " THEN q.size ELSE 0 END), 0), \
        coalesce(sum(CASE WHEN q.model = 'dedicated' THEN q.occupied ELSE 0 END), 0), \
        coalesce(sum(CASE WHEN q.model = 'floating' THEN q.occupied ELSE 0 END), 0), \
        coalesce(sum(CASE WHEN q.occupied < q.size AND ",
            is_usable!(),
            " THEN q.size - q.occupied ELSE 0 END), 0), \
        coalesce(sum(CASE WHEN q.occupied > q.size THEN q.occupied - q.size ELSE 0 END), 0) \
        FROM pool q JOIN license l ON l.id = q.license_id WHERE q.product_id = $1"
        )
    };
}

statements! {
    PRODUCT_COUNTS = product_counts!();
    PRODUCT_COUNTS_WITHIN = concat!(product_counts!(), " AND q.folder_id IN ", below!("$3"));
    PRODUCT_RELEASING_WITHIN = concat!("SELECT count(*) FROM seat s \
        JOIN pool q ON q.id = s.pool_id WHERE s.product_id = $1 \
        AND s.releasing_since IS NOT NULL AND q.folder_id IN ", below!("$2"));
    PRODUCT_POOL_WITHIN = concat!("SELECT q.id FROM pool q WHERE q.product_id = $1 \
        AND q.folder_id IN ", below!("$2"), " LIMIT 1");
    PRODUCT_RELEASING = "SELECT count(*) FROM seat s \
        WHERE s.product_id = $1 AND s.releasing_since IS NOT NULL";
    PRODUCT_SITE = concat!("SELECT count(*) FROM license l WHERE l.product_id = $1 \
        AND l.model = 'site' AND l.removed_at IS NULL AND ", is_usable!());
    POOLS_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM pool q LIMIT $1) AS few";
    OVER_ALLOCATED_POOL = "SELECT q.id FROM pool q WHERE q.occupied > q.size LIMIT 1";
    OVER_ALLOCATED_WITHIN = concat!("SELECT q.id FROM pool q WHERE q.occupied > q.size \
        AND q.folder_id IN ", below!("$1"), " LIMIT 1");
    LAPSED_PRODUCTS = "SELECT p.id FROM product p WHERE EXISTS (SELECT 1 FROM session x \
        WHERE x.product_id = p.id AND x.ended_at IS NULL AND x.expires_at > 0 \
        AND x.expires_at <= $1)";
}

/// The seats of a product, counted (R4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProductCounts {
    /// Seats of licenses that are usable now, dedicated and floating.
    pub owned: u64,
    /// Dedicated seats that people hold, on whatever license.
    pub assigned: u64,
    /// Floating seats that are occupied, those of sessions that lapsed included until they
    /// are reclaimed (H2).
    pub in_use: u64,
    /// Dedicated seats that wait for their last session to end (S4).
    pub releasing: u64,
    /// Free seats of licenses that are usable now.
    pub free: u64,
    /// Occupied beyond what there is (L9).
    pub unbacked: u64,
    /// Whether a usable site license lets everyone in.
    pub site: bool,
}

/// A product with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductItem {
    /// The product.
    pub product: Product,
    /// Its seats, counted.
    pub counts: ProductCounts,
}

impl Reader<'_> {
    /// Products by code, with their total; `q`: with this text in the code or the name.
    pub fn products(
        &mut self,
        q: Option<&str>,
        now: Timestamp,
        paging: &Paging,
    ) -> Result<Page<ProductItem>, StoreError> {
        let (list, count) = selects(self.within, q, paging)?;
        let total = self
            .link
            .select(&count, |row| row.of("product").number::<u64>("count"))?;
        let found = self.link.select(&list, rows::product)?;
        let page = Page::of(found, paging, |product| {
            Cursor::new([product.code.key().into()])
        });
        let (link, within) = (self.link, self.within);
        page.with_total(total.first().copied().unwrap_or(0))
            .try_map(|product| {
                let counts = counts(link, within, product.id, now)?;
                Ok(ProductItem { product, counts })
            })
    }

    /// Products by code, without counts, which cost more the more licenses there are.
    pub fn product_names(&mut self, paging: &Paging) -> Result<Page<Product>, StoreError> {
        let (list, _) = selects(self.within, None, paging)?;
        let found = self.link.select(&list, rows::product)?;
        Ok(Page::of(found, paging, |product| {
            Cursor::new([product.code.key().into()])
        }))
    }

    /// The id of the product with a code in folded form.
    pub fn find_product_id(&mut self, code_key: &str) -> Result<Option<ProductId>, StoreError> {
        let values = [code_key.into()];
        let found = self.link.first(&PRODUCT_CODE, &values, rows::product)?;
        match found {
            Some(product) if self.sees_product(product.id)? => Ok(Some(product.id)),
            _ => Ok(None),
        }
    }

    /// Whether a product has seats where they are seen (R1).
    fn sees_product(&mut self, product: ProductId) -> Result<bool, StoreError> {
        let Some(limit) = self.within.0 else {
            return Ok(true);
        };
        let values = [product.into(), limit.into()];
        let pool = self.link.first(&PRODUCT_POOL_WITHIN, &values, |row| {
            row.of("pool").id::<domain::PoolId>("id")
        })?;
        Ok(pool.is_some())
    }

    /// The product with a code, compared without case.
    pub fn find_product(
        &mut self,
        code_key: &str,
        now: Timestamp,
    ) -> Result<Option<ProductItem>, StoreError> {
        let values = [code_key.into()];
        let Some(product) = self.link.first(&PRODUCT_CODE, &values, rows::product)? else {
            return Ok(None);
        };
        if !self.sees_product(product.id)? {
            return Ok(None);
        }
        let counts = counts(self.link, self.within, product.id, now)?;
        Ok(Some(ProductItem { product, counts }))
    }

    /// Whether there are no more pools than this, so that they can be counted while somebody waits.
    pub fn has_at_most_pools(&mut self, most: u32) -> Result<bool, StoreError> {
        let values = [Value::from(most + 1)];
        let count: u32 = self.link.one(&POOLS_AT_MOST, &values, |row| {
            row.of("pool").number("count")
        })?;
        Ok(count <= most)
    }

    /// Whether more seats of any pool are occupied than it has (L9).
    pub fn is_over_allocated(&mut self) -> Result<bool, StoreError> {
        let (statement, values) = match self.within.0 {
            None => (&OVER_ALLOCATED_POOL, vec![]),
            Some(limit) => (&OVER_ALLOCATED_WITHIN, vec![limit.into()]),
        };
        let found = self
            .link
            .first(statement, &values, |row| row.of("pool").id::<PoolId>("id"))?;
        Ok(found.is_some())
    }

    /// The products with sessions past their time-out that nobody wrote down as ended (H2).
    pub fn lapsed_products(&mut self, now: Timestamp) -> Result<Vec<ProductId>, StoreError> {
        self.link.all(&LAPSED_PRODUCTS, &[ms(now)], |row| {
            row.of("product").id("id")
        })
    }
}

pub(crate) fn selects<'a>(
    within: Within,
    q: Option<&str>,
    paging: &Paging,
) -> Result<(Select<'a>, Select<'a>), StoreError> {
    let columns = product_columns!();
    let mut list = Select::new(
        "PRODUCTS",
        &format!("SELECT {columns} FROM product p WHERE TRUE"),
    );
    let mut count = Select::new("PRODUCT_TOTAL", "SELECT count(*) FROM product p WHERE TRUE");
    for select in [&mut list, &mut count] {
        if let Some(limit) = within.0 {
            select.push(
                &format!(
                    "AND EXISTS (SELECT 1 FROM pool q WHERE q.product_id = p.id \
                     AND q.folder_id IN {})",
                    below!("?")
                ),
                [limit.into()],
            );
        }
    }
    if let Some(q) = q {
        for select in [&mut list, &mut count] {
            select.push(r"AND p.search_text LIKE ? ESCAPE '\'", [anywhere(q).into()]);
        }
    }
    if let Some(cursor) = paging.cursor()? {
        list.push("AND p.code_key > ?", [cursor.text(0)?.into()]);
    }
    list.push("ORDER BY p.code_key LIMIT ?", [paging.one_more()]);
    Ok((list, count))
}

fn counts(
    link: Link<'_>,
    within: Within,
    id: ProductId,
    now: Timestamp,
) -> Result<ProductCounts, StoreError> {
    let values = [Value::from(id), ms(now)];
    let mut of_pools = values.to_vec();
    let mut of_releasing = vec![Value::from(id)];
    let (all, releasing) = match within.0 {
        None => (&PRODUCT_COUNTS, &PRODUCT_RELEASING),
        Some(limit) => {
            of_pools.push(limit.into());
            of_releasing.push(limit.into());
            (&PRODUCT_COUNTS_WITHIN, &PRODUCT_RELEASING_WITHIN)
        }
    };
    let mut counts = link.one(all, &of_pools, |row| {
        row.of("pool").int("count")?;
        Ok(ProductCounts {
            owned: row.number("size")?,
            assigned: row.number("occupied")?,
            in_use: row.number("occupied")?,
            free: row.number("size")?,
            unbacked: row.number("occupied")?,
            ..ProductCounts::default()
        })
    })?;
    counts.releasing = link.one(releasing, &of_releasing, |row| {
        row.of("seat").number("releasing_since")
    })?;
    let sites: u64 = link.one(&PRODUCT_SITE, &values, |row| {
        row.of("license").number("count")
    })?;
    counts.site = sites > 0;
    Ok(counts)
}
