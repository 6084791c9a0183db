//! `GET /people`: everybody, by username, page by page.

use askama::Template;
use axum::extract::State;
use domain::{FolderId, Permission, PersonName, ProductId, Timestamp};
use store::query::{Paging, UserFilter, UserItem, UserSort};
use store::{Reader, StoreError};

use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::screens::licenses::tree::{self, Branch};
use crate::texts::Texts;
use crate::ui::grouped;

const PAGE: u32 = 50;
/// People are counted up to so many; a page can't wait for a count of millions.
const COUNTED: u32 = 10_000;
/// The same where they are found by beginnings, one by one.
const COUNTED_FOUND: u32 = 1_000;

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    may_grant: bool,
    view: View,
    /// What the field for a text says.
    search: &'static str,
    folders: Vec<Branch>,
    products: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    is_empty: bool,
    found: String,
    everyone: String,
    next: Option<String>,
}

struct Row {
    id: String,
    username: String,
    name: String,
    email: String,
    folder: String,
    active: bool,
    seats: Vec<(String, String)>,
    last_active: Option<Timestamp>,
}

/// What is asked for, as it stands in the address.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    pub(super) q: String,
    pub(super) folder: Option<FolderId>,
    pub(super) active: String,
    pub(super) product: String,
    pub(super) sort: String,
    pub(super) after: Option<String>,
    /// Whether the best match comes first, so that no column is in order.
    by_match: bool,
}

impl View {
    pub(super) fn of(asked: &Fields) -> Self {
        Self {
            q: asked.text("q").to_owned(),
            folder: asked.text("folder").parse().ok(),
            active: asked.text("active").to_owned(),
            product: asked.text("holds").to_owned(),
            sort: asked.text("sort").to_owned(),
            after: asked.filled("after").map(str::to_owned),
            by_match: false,
        }
    }

    fn order(&self) -> UserSort {
        UserSort::from_code(&self.sort).unwrap_or_default()
    }

    fn is_filtered(&self) -> bool {
        !self.q.is_empty()
            || self.folder.is_some()
            || !self.active.is_empty()
            || !self.product.is_empty()
    }

    /// As the store filters, with the product found.
    pub(super) fn filter(&self, product: Option<ProductId>) -> UserFilter {
        UserFilter {
            q: Some(self.q.clone()).filter(|q| !q.is_empty()),
            folder: self.folder,
            below: true,
            active: match self.active.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            product,
            unlicensed: None,
        }
    }

    /// The pairs of the address.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let folder = self.folder.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [
            ("q", self.q.clone()),
            ("folder", folder),
            ("active", self.active.clone()),
            ("holds", self.product.clone()),
            ("sort", self.sort.clone()),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    fn address(&self, folder: Option<FolderId>, after: Option<&str>) -> String {
        let view = Self {
            folder,
            ..self.clone()
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(view.pairs());
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        let query = query.finish();
        if query.is_empty() {
            "/people".to_owned()
        } else {
            format!("/people?{query}")
        }
    }

    fn in_folder(&self, folder: Option<&FolderId>) -> String {
        self.address(folder.copied(), None)
    }

    /// Where a click on a column's head leads: its order, or the other way round.
    fn sorted_by(&self, column: &str) -> String {
        let is_up = self.order().code() == column;
        let sort = if is_up {
            format!("-{column}")
        } else {
            column.to_owned()
        };
        let view = Self {
            sort,
            ..self.clone()
        };
        view.address(self.folder, None)
    }

    /// How a column is ordered now, in the words of `aria-sort`; empty when it is not.
    fn order_of(&self, column: &str) -> &'static str {
        if self.by_match {
            return "";
        }
        match self.order().code().strip_prefix('-') {
            Some(sort) if sort == column => "descending",
            None if self.order().code() == column => "ascending",
            _ => "",
        }
    }
}

/// The product with a code, if there is one.
pub(super) fn product(
    reader: &mut Reader<'_>,
    code: &str,
) -> Result<Option<ProductId>, StoreError> {
    if code.is_empty() {
        return Ok(None);
    }
    reader.find_product_id(&domain::names::fold(code))
}

/// The list.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let view = View::of(&asked);
    let wanted = view.clone();
    let found = app
        .ask(&me, move |reader| {
            let filter = wanted.filter(product(reader, &wanted.product)?);
            let paging = Paging {
                limit: PAGE,
                after: wanted.after.clone(),
            };
            let page = reader.users_by(&filter, wanted.order(), &paging)?;
            let mut rows = Vec::with_capacity(page.items.len());
            for item in page.items {
                rows.push(row(reader, item)?);
            }
            let begins = reader.finds_beginnings()?;
            let counted = if begins && filter.q.is_some() {
                COUNTED_FOUND
            } else {
                COUNTED
            };
            let total = reader.count_users_up_to(&filter, counted + 1)?;
            let products = reader.product_names(&Paging::first(200))?.items;
            let folders = tree::folders(reader, wanted.folder)?;
            let total = (total, counted);
            Ok((rows, page.next, total, begins, products, folders))
        })
        .await?;
    let (rows, next, (total, counted), begins, products, folders) = found;
    let view = View {
        by_match: begins && !view.q.is_empty() && view.order() == UserSort::Username,
        ..view
    };
    let products = products.into_iter().map(|product| {
        let code = product.code.as_str().to_owned();
        let chosen = code == view.product;
        (code, product.name.as_str().to_owned(), chosen)
    });
    let p = me.texts().people;
    let is_more = total > u64::from(counted);
    let page = ListPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        may_manage: me.may(Permission::ManageUsers),
        may_grant: me.may(Permission::ManageLicenses),
        search: if begins { p.search_begins } else { p.search },
        products: products.collect(),
        folders,
        rows,
        is_empty: total == 0,
        found: if is_more {
            p.found_more.of(grouped(counted.into()))
        } else {
            p.found.n(total)
        },
        everyone: p.everyone.of(if is_more {
            p.more_than.of(grouped(counted.into()))
        } else {
            grouped(total)
        }),
        next: next.map(|next| view.address(view.folder, Some(&next))),
        view,
    };
    Ok(framed(&page, &page.shell))
}

fn row(reader: &mut Reader<'_>, item: UserItem) -> Result<Row, StoreError> {
    let held = reader.seats_of_person(item.user.person)?;
    Ok(Row {
        id: item.user.id.to_string(),
        username: item.user.username.as_str().to_owned(),
        name: item
            .user
            .name
            .as_ref()
            .map(PersonName::as_str)
            .unwrap_or_default()
            .to_owned(),
        email: item
            .user
            .email
            .map(|email| email.as_str().to_owned())
            .unwrap_or_default(),
        folder: item.path,
        active: item.user.active,
        last_active: item.last_active,
        seats: held
            .iter()
            .map(|held| {
                let serial = held.license.terms.serial.as_str().to_owned();
                (held.license.id.to_string(), serial)
            })
            .collect(),
    })
}
