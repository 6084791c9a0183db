//! `POST /people/act`: what is done to several people at once. First what would happen, then it.

use axum::extract::State;
use axum::http::StatusCode;
use domain::command::{FolderRef, UserPatch};
use domain::session::Ask;
use domain::{Command, FolderId, ProductCode, Source, Target, UserId, UserRef};
use engine::{Bulk, Who};
use store::query::UserFilter;

use super::list::{View, product};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, own_path, see_saying};
use crate::screens::licenses::bulk::{self, Came};
use crate::ui::Confirm;

/// How many accounts are changed one by one.
const MOST: u32 = 1000;

/// Whom: those that were chosen, or everyone who matches.
enum Whom {
    These(Vec<UserId>),
    Everyone(UserFilter, u64),
}

impl Whom {
    fn count(&self) -> u64 {
        match self {
            Self::These(users) => users.len() as u64,
            Self::Everyone(_, count) => *count,
        }
    }

    fn who(&self) -> Who {
        match self {
            Self::These(users) => Who::These(users.iter().copied().map(UserRef::Id).collect()),
            Self::Everyone(filter, _) => Who::Everyone(filter.clone()),
        }
    }
}

async fn whom(me: &Signed<ManageLicenses>, app: &App, fields: &Fields) -> Result<Whom, Fault> {
    if !fields.has("everyone") {
        return Ok(Whom::These(fields.ids("id")));
    }
    let view = View::of(fields);
    app.ask(me, move |reader| {
        let filter = view.filter(product(reader, &view.product)?);
        let count = reader.count_users(&filter)?;
        Ok(Whom::Everyone(filter, count))
    })
    .await
}

/// Says what would happen, or does it.
pub(crate) async fn act(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let p = t.people;
    let whom = whom(&me, &app, &fields).await?;
    if whom.count() == 0 {
        return Err(Fault::said(StatusCode::BAD_REQUEST, p.none_chosen));
    }
    let back = own_path(fields.text("back"))
        .unwrap_or("/people")
        .to_owned();
    let confirmed = fields.has("confirmed");
    let wish = fields.text("do").to_owned();
    if confirmed {
        bulk::stop_preview(&app, &me, &fields).await?;
    }
    let n = whom.count();
    let question = |title: String, lead: String, button: &str, danger: bool| {
        let shell = me.shell(Section::People);
        let mut page = Confirm::new(t, shell, title, "/people/act".to_owned());
        page.lead = lead;
        page.danger = danger;
        page.button = Some(button.to_owned());
        page.hidden = hidden(&fields);
        page.back.clone_from(&back);
        page
    };
    match wish.as_str() {
        "grant" | "recall" => {
            let code = ProductCode::parse(fields.text("product")).map_err(|error| {
                Fault::said(StatusCode::BAD_REQUEST, sentence(&error.to_string()))
            })?;
            let targets = vec![Target::Product(code.clone(), Ask::default())];
            let work = match wish.as_str() {
                "grant" => Bulk::Grant {
                    who: whom.who(),
                    targets,
                    source: Source::Hand,
                },
                _ => Bulk::Recall {
                    who: whom.who(),
                    targets,
                    source: None,
                    now: fields.has("now"),
                },
            };
            let came = bulk::run(&app, me.actor(), work, !confirmed).await?;
            if confirmed {
                let text = match (came, wish.as_str()) {
                    (Came::Started(job), _) => return Ok(bulk::follow(job)),
                    (Came::To(steps), "grant") => t.licenses.assigned.n(bulk::granted(&steps)),
                    (Came::To(steps), _) => {
                        let (free, later) = bulk::recalled(&steps);
                        let l = t.licenses;
                        format!("{} {}", l.released.n(free), l.will_release.n(later))
                    }
                };
                return Ok(see_saying(&back, &Flash::good(text)));
            }
            let mut page = if wish == "grant" {
                question(
                    p.grant_title.n(n),
                    p.grant_lead.of(&code),
                    p.grant_button,
                    false,
                )
            } else {
                let mut page = question(
                    p.recall_title.n(n),
                    p.recall_lead.of(&code),
                    p.recall_button,
                    true,
                );
                let l = t.licenses;
                page.choices
                    .push(("now", l.release_now, l.release_now_hint));
                page
            };
            bulk::tell(&app, &me, &mut page, came).await?;
            Ok(page.page())
        }
        "move" => {
            let to: FolderId = fields.text("to").parse().map_err(|_| Fault::not_found())?;
            if confirmed {
                let patch = UserPatch {
                    folder: Some(FolderRef::Id(to)),
                    ..UserPatch::default()
                };
                let done = change(&me, &app, &whom, patch).await?;
                return Ok(see_saying(&back, &Flash::good(p.moved.n(done))));
            }
            let path = app.ask(&me, move |reader| reader.folder_path(to)).await?;
            Ok(question(
                p.move_title.n(n),
                p.move_lead.of(path),
                p.move_button,
                false,
            )
            .page())
        }
        "activate" | "deactivate" => {
            let active = wish == "activate";
            if confirmed {
                let patch = UserPatch {
                    active: Some(active),
                    ..UserPatch::default()
                };
                let done = change(&me, &app, &whom, patch).await?;
                let text = if active { p.activated } else { p.deactivated };
                return Ok(see_saying(&back, &Flash::good(text.n(done))));
            }
            let page = if active {
                question(p.activate_title.n(n), String::new(), p.activate, false)
            } else {
                let lead = p.deactivate_lead.to_owned();
                question(p.deactivate_title.n(n), lead, p.deactivate, true)
            };
            Ok(page.page())
        }
        _ => Err(Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form)),
    }
}

/// Everything that says what is meant, to be sent again with the confirmation.
fn hidden(fields: &Fields) -> Vec<(String, String)> {
    let mut hidden = Vec::new();
    for name in [
        "do", "product", "to", "everyone", "q", "folder", "active", "holds", "back",
    ] {
        if let Some(value) = fields.filled(name) {
            hidden.push((name.to_owned(), value.to_owned()));
        }
    }
    if !fields.has("everyone") {
        let ids = fields.all("id").map(|id| ("id".to_owned(), id.to_owned()));
        hidden.extend(ids);
    }
    hidden
}

/// Changes each account; how many really changed.
async fn change(
    me: &Signed<ManageLicenses>,
    app: &App,
    whom: &Whom,
    patch: UserPatch,
) -> Result<u64, Fault> {
    let users = match whom {
        Whom::These(users) => users.clone(),
        Whom::Everyone(filter, count) if *count <= u64::from(MOST) => {
            let filter = filter.clone();
            app.ask(me, move |reader| reader.user_ids(&filter, None, MOST))
                .await?
        }
        Whom::Everyone(..) => {
            let t = me.texts().people;
            return Err(Fault::said(StatusCode::UNPROCESSABLE_ENTITY, t.too_many));
        }
    };
    let mut changed = 0;
    for user in users {
        let command = Command::UpdateUser {
            user,
            patch: patch.clone(),
            version: None,
        };
        match app.engine.run(me.actor(), command, None).await? {
            domain::Outcome::User {
                code: domain::outcome::PutCode::Unchanged,
                ..
            }
            | domain::Outcome::Done(false) => {}
            _ => changed += 1,
        }
    }
    Ok(changed)
}
