//! `GET /v1/users`

use axum::extract::State;
use domain::Username;
use store::Reader;
use store::query::{Page, Paging, UserItem, UserSort};
use wire::path;
use wire::user::{UserFilter, UserPage, UserQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::user;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List users.
#[utoipa::path(
    get,
    path = path::USERS,
    tag = "Users",
    params(UserQuery),
    responses(
        (status = 200, description = "A page of users.", body = UserPage),
        (status = 404, description = "There is no such folder or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_users(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<UserQuery>,
) -> Result<Answer<UserPage>, Problem> {
    let filter = query.filter();
    let paging = resolve::paging(query.limit, query.after)?;
    let now = app.engine.now();
    let page = match query.username {
        Some(_) if filter != UserFilter::default() => {
            let detail = "one username is looked up; it can't be combined with other filters";
            return Err(Problem::invalid_field("username", detail));
        }
        Some(username) => {
            let username = field("username", Username::parse(&username))?;
            app.ask(&caller, move |reader| named(reader, &username))
                .await?
        }
        None => {
            let sort = query.sort.and_then(|sort| UserSort::from_code(sort.code()));
            let sort = sort.unwrap_or_default();
            app.ask(&caller, move |reader| {
                matching(reader, &filter, now, sort, &paging)
            })
            .await?
        }
    };
    let items = page
        .items
        .into_iter()
        .map(|item| user::user(item.user, item.path, item.last_active))
        .collect();
    Ok(Answer::ok(UserPage {
        items,
        next: page.next,
    }))
}

fn named(reader: &mut Reader<'_>, username: &Username) -> Result<Page<UserItem>, Problem> {
    let mut items = Vec::new();
    if let Some(user) = reader.find_username(&username.key())? {
        let path = reader.folder_path(user.folder)?;
        let last_active = reader.last_active(user.id)?;
        items.push(UserItem {
            user,
            path,
            last_active,
        });
    }
    Ok(Page {
        items,
        next: None,
        total: None,
    })
}

fn matching(
    reader: &mut Reader<'_>,
    filter: &UserFilter,
    now: domain::Timestamp,
    sort: UserSort,
    paging: &Paging,
) -> Result<Page<UserItem>, Problem> {
    let filter = resolve::user_filter(reader, "", filter, now)?;
    Ok(reader.users_by(&filter, sort, paging)?)
}
