//! `/denials`: who was turned away, why, and what to do about it (A9).

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::{DenialCode, Timestamp};
use store::query::{DenialFilter, DenialItem, Paging};

use crate::app::App;
use crate::caller::{Signed, ViewAudit};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::csv;

const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "denials.html")]
struct DenialsPage {
    t: &'static Texts,
    shell: Shell,
    codes: Vec<(&'static str, &'static str, bool)>,
    user: String,
    product: String,
    is_filtered: bool,
    rows: Vec<Row>,
    next: Option<String>,
    export: String,
}

struct Row {
    username: String,
    user: Option<String>,
    product: String,
    reason: &'static str,
    remedy: String,
    last: Timestamp,
    count: u64,
}

fn filter(asked: &Fields) -> DenialFilter {
    let folded = |name| asked.filled(name).map(domain::names::fold);
    DenialFilter {
        username_key: folded("user"),
        product_key: folded("product"),
        code: DenialCode::from_code(asked.text("code")),
        ..DenialFilter::default()
    }
}

/// The address of this list, as a page or as a file.
fn address(path: &str, asked: &Fields, after: Option<&str>) -> String {
    asked.address(path, &["user", "product", "code"], after)
}

/// The list.
pub(crate) async fn show(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let wanted = filter(&asked);
    let code = wanted.code;
    let is_filtered = wanted != DenialFilter::default();
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let found = app
        .ask(&me, move |reader| reader.denials(&wanted, &paging))
        .await?;
    let codes = DenialCode::ALL
        .iter()
        .map(|one| (one.code(), t.denial(*one), code == Some(*one)));
    let page = DenialsPage {
        t,
        shell: me.shell(Section::Denials),
        codes: codes.collect(),
        user: asked.text("user").to_owned(),
        product: asked.text("product").to_owned(),
        is_filtered,
        next: found
            .next
            .map(|next| address("/denials", &asked, Some(&next))),
        export: address("/denials.csv", &asked, None),
        rows: found.items.into_iter().map(|item| row(t, item)).collect(),
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, item: DenialItem) -> Row {
    Row {
        username: item.username,
        user: item.user.map(|user| user.to_string()),
        product: item.product,
        reason: t.denial(item.code),
        remedy: crate::fault::sentence(&item.admin_message),
        last: item.last_at,
        count: item.count,
    }
}

/// As a file: the first 100,000 that match.
pub(crate) async fn export(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let wanted = filter(&asked);
    let text = app
        .ask(&me, move |reader| {
            let head = [
                "last_at",
                "username",
                "product",
                "code",
                "count",
                "what_to_do",
            ];
            let mut text = csv::line(head);
            let mut paging = Paging::first(Paging::MOST);
            for _ in 0..100 {
                let page = reader.denials(&wanted, &paging)?;
                for item in page.items {
                    text.push_str(&csv::line([
                        &*csv::time(item.last_at),
                        &item.username,
                        &item.product,
                        item.code.code(),
                        &item.count.to_string(),
                        &item.admin_message,
                    ]));
                }
                match page.next {
                    Some(next) => paging.after = Some(next),
                    None => break,
                }
            }
            Ok(text)
        })
        .await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"denials.csv\""),
    ];
    Ok((headers, text).into_response())
}
