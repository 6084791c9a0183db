//! `GET /licenses`: a table beside the tree of folders.

use askama::Template;
use axum::extract::State;
use domain::{FolderId, Model, Permission, State as LicenseState, Timestamp};
use engine::Moment;
use store::query::{LicenseFilter, LicenseItem, LicenseSort, Page, Paging};
use store::{Reader, StoreError};

use super::refresh;
use super::tree::{self, Branch};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, Tone, framed};
use crate::screens::home;
use crate::texts::Texts;
use crate::ui::{Badge, Bar, state_badge};

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "licenses/list.html")]
struct ListPage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    may_edit_folders: bool,
    /// Something is expired, stale or over-allocated, and this is where one is told (R2).
    care: bool,
    view: View,
    folders: Vec<Branch>,
    products: Vec<(String, String, bool)>,
    states: Vec<(&'static str, &'static str, bool)>,
    models: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<Row>,
    total: u64,
    next: Option<String>,
}

struct Row {
    id: String,
    badge: Badge,
    is_replaced: bool,
    serial: String,
    product: String,
    product_name: String,
    model: &'static str,
    access: &'static str,
    modules: String,
    occupied: u64,
    seats: Option<u64>,
    bar: Bar,
    over: u64,
    /// Who sits on a license of one seat.
    holder: Option<String>,
    folder: String,
    issuer: String,
    end: Option<Timestamp>,
    /// How long it works on while it can't be refreshed (I3).
    stale: Option<(Tone, String)>,
}

/// What is asked for: the filters and the order.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    q: String,
    state: Option<LicenseState>,
    model: Option<Model>,
    product: String,
    folder: Option<FolderId>,
    sort: String,
    after: Option<String>,
}

impl View {
    fn of(asked: &Fields) -> Self {
        Self {
            q: asked.text("q").to_owned(),
            state: LicenseState::from_code(asked.text("state")),
            model: Model::from_code(asked.text("model")),
            product: asked.text("product").to_owned(),
            folder: asked.text("folder").parse().ok(),
            sort: asked.text("sort").to_owned(),
            after: asked.filled("after").map(str::to_owned),
        }
    }

    fn order(&self) -> LicenseSort {
        LicenseSort::from_code(&self.sort).unwrap_or_default()
    }

    /// Whether anything is left out.
    fn is_filtered(&self) -> bool {
        let Self {
            q,
            state,
            model,
            product,
            folder,
            ..
        } = self;
        !q.is_empty()
            || state.is_some()
            || model.is_some()
            || !product.is_empty()
            || folder.is_some()
    }

    fn address(&self, sort: &str, folder: Option<FolderId>, after: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        };
        put("q", &self.q);
        put("state", self.state.map_or("", LicenseState::code));
        put("model", self.model.map_or("", Model::code));
        put("product", &self.product);
        put(
            "folder",
            &folder.map(|id| id.to_string()).unwrap_or_default(),
        );
        put("sort", sort);
        put("after", after.unwrap_or_default());
        let query = query.finish();
        if query.is_empty() {
            "/licenses".to_owned()
        } else {
            format!("/licenses?{query}")
        }
    }

    /// The same in another folder; in any without one.
    fn in_folder(&self, folder: Option<&FolderId>) -> String {
        self.address(&self.sort, folder.copied(), None)
    }

    /// The page that follows.
    fn onward(&self, after: &str) -> String {
        self.address(&self.sort, self.folder, Some(after))
    }

    /// Where a click on a column's head leads: its order, or the other way round.
    fn sorted_by(&self, column: &str) -> String {
        let turned = format!("-{column}");
        let is_up = self.sort == column || (self.sort.is_empty() && column == "serial");
        let sort = if is_up { &turned } else { column };
        self.address(sort, self.folder, None)
    }

    /// How a column is ordered now, in the words of `aria-sort`; empty when it is not.
    fn order_of(&self, column: &str) -> &'static str {
        match self.sort.strip_prefix('-') {
            Some(sort) if sort == column => "descending",
            None if self.sort == column => "ascending",
            None if self.sort.is_empty() && column == "serial" => "ascending",
            _ => "",
        }
    }
}

/// The list.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let moment = app.engine.moment();
    let view = View::of(&asked);
    let asks_for_care = asked.has("care") && me.may(Permission::ManageLicenses);
    let care = asks_for_care && home::needs_care(&me, &app).await?;
    let wanted = view.clone();
    let found = app
        .ask(&me, move |reader| gather(reader, t, moment, &wanted))
        .await?;
    let states = LicenseState::ALL
        .iter()
        .map(|state| (state.code(), t.state(*state), view.state == Some(*state)));
    let models = Model::ALL
        .iter()
        .map(|model| (model.code(), t.model(*model), view.model == Some(*model)));
    let page = ListPage {
        t,
        shell: me.shell(Section::Licenses),
        may_manage: me.may(Permission::ManageLicenses),
        may_edit_folders: me.may(Permission::ManageUsers),
        care,
        states: states.collect(),
        models: models.collect(),
        products: found.products,
        folders: found.folders,
        rows: found.rows,
        total: found.total,
        next: found.next.map(|next| view.onward(&next)),
        view,
    };
    Ok(framed(&page, &page.shell))
}

struct Found {
    folders: Vec<Branch>,
    products: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    total: u64,
    next: Option<String>,
}

fn gather(
    reader: &mut Reader<'_>,
    t: &'static Texts,
    moment: Moment,
    view: &View,
) -> Result<Found, StoreError> {
    let products = reader.product_names(&Paging::first(200))?.items;
    let product = products
        .iter()
        .find(|product| product.code.key() == domain::names::fold(&view.product));
    let filter = LicenseFilter {
        product: product.map(|product| product.id),
        state: view.state,
        model: view.model,
        folder: view.folder,
        q: Some(view.q.clone()).filter(|q| !q.is_empty()),
        ..LicenseFilter::default()
    };
    let paging = Paging {
        limit: PAGE,
        after: view.after.clone(),
    };
    let Page { items, next, total } = reader.licenses(
        &filter,
        view.order(),
        moment.now,
        moment.warn_before,
        &paging,
    )?;
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        rows.push(row(reader, t, moment, item)?);
    }
    let chosen = product.map(|product| product.id);
    let products = products.iter().map(|product| {
        let is_chosen = chosen == Some(product.id);
        let code = product.code.as_str().to_owned();
        (code, product.name.as_str().to_owned(), is_chosen)
    });
    Ok(Found {
        folders: tree::folders(reader, view.folder)?,
        products: products.collect(),
        rows,
        total: total.unwrap_or_default(),
        next,
    })
}

fn row(
    reader: &mut Reader<'_>,
    t: &'static Texts,
    moment: Moment,
    item: LicenseItem,
) -> Result<Row, StoreError> {
    let LicenseItem {
        license,
        seats,
        refresh,
    } = item;
    let terms = &license.terms;
    let pools = reader.find_license(license.id)?.map(|detail| detail.pools);
    let folder = match pools.as_deref() {
        Some([only]) => only.path.clone(),
        Some([]) | None => String::new(),
        Some(several) => t.licenses.several.n(several.len()),
    };
    let is_site = terms.model == Model::Site;
    let single = terms.seats == 1 && terms.model == Model::Dedicated && seats.occupied == 1;
    let holder = if single {
        let holders = reader.seats_of_license(license.id, &Paging::first(1))?;
        let holder = holders
            .items
            .into_iter()
            .next()
            .and_then(|holder| holder.user);
        holder.map(|user| user.username.as_str().to_owned())
    } else {
        None
    };
    let backed = seats.occupied - seats.unbacked;
    let is_floating = terms.model == Model::Floating;
    Ok(Row {
        id: license.id.to_string(),
        badge: state_badge(t, license.state(moment.now, moment.warn_before)),
        is_replaced: license.replaced_by.is_some(),
        serial: terms.serial.as_str().to_owned(),
        product: terms.product.as_str().to_owned(),
        product_name: terms.product_name.as_str().to_owned(),
        model: t.model(terms.model),
        access: t.access(terms.access),
        modules: t.modules(&terms.modules),
        occupied: seats.occupied,
        seats: (!is_site).then_some(u64::from(license.capacity())),
        bar: Bar {
            used: if is_floating { backed } else { 0 },
            held: if is_floating { 0 } else { backed },
            free: seats.free,
            over: seats.unbacked,
            thin: true,
        },
        over: seats.unbacked,
        holder,
        folder,
        issuer: license.issuer.as_str().to_owned(),
        end: (terms.expires_at != Timestamp::FOREVER).then_some(terms.expires_at),
        stale: refresh::warning(t, moment, &license, refresh.as_ref()),
    })
}
