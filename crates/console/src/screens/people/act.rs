//! `POST /people/act`: what is done to several people at once. First what would happen, then it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::session::Ask;
use domain::{FolderId, ProductCode, Source, Target, UserId, UserRef};
use engine::{Bulk, Who};
use store::query::UserFilter;

use super::list::{View, product};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Section, own_path, see_saying};
use crate::screens::licenses::bulk::{self, Came};
use crate::ui::Confirm;

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

/// What is wished for, with the words of its question.
struct Wish {
    work: Bulk,
    title: String,
    lead: String,
    button: &'static str,
    danger: bool,
}

/// Says what would happen, or does it.
pub(crate) async fn act(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let p = me.texts().people;
    let whom = whom(&me, &app, &fields).await?;
    if whom.count() == 0 {
        return Err(Fault::said(StatusCode::BAD_REQUEST, p.none_chosen));
    }
    let back = own_path(fields.text("back")).unwrap_or("/people");
    let confirmed = fields.has("confirmed");
    if confirmed {
        bulk::stop_preview(&app, &me, &fields).await?;
    }
    let wish = wish(&me, &app, &fields, &whom).await?;
    let kind = wish.work.kind();
    let takes_seats = matches!(wish.work, Bulk::Recall { .. });
    let came = bulk::run(&app, me.actor(), wish.work.clone(), !confirmed).await?;
    if confirmed {
        return Ok(done(&me, &wish.work, came, back));
    }
    let shell = me.shell(Section::People);
    let mut page = Confirm::new(me.texts(), shell, wish.title, "/people/act".to_owned());
    page.lead = wish.lead;
    page.danger = wish.danger;
    page.button = Some(wish.button.to_owned());
    page.hidden = hidden(&fields);
    back.clone_into(&mut page.back);
    if takes_seats {
        let l = me.texts().licenses;
        page.choices
            .push(("now", l.release_now, l.release_now_hint));
    }
    bulk::tell_of(&app, &me, &mut page, kind, came).await?;
    Ok(page.page())
}

async fn wish(
    me: &Signed<ManageLicenses>,
    app: &App,
    fields: &Fields,
    whom: &Whom,
) -> Result<Wish, Fault> {
    let t = me.texts();
    let p = t.people;
    let (who, n) = (whom.who(), whom.count());
    Ok(match fields.text("do") {
        what @ ("grant" | "recall") => {
            let code = ProductCode::parse(fields.text("product")).map_err(|error| {
                Fault::said(StatusCode::BAD_REQUEST, sentence(&error.to_string()))
            })?;
            let targets = vec![Target::Product(code.clone(), Ask::default())];
            if what == "grant" {
                Wish {
                    work: Bulk::Grant {
                        who,
                        targets,
                        source: Source::Hand,
                    },
                    title: p.grant_title.n(n),
                    lead: p.grant_lead.of(&code),
                    button: p.grant_button,
                    danger: false,
                }
            } else {
                Wish {
                    work: Bulk::Recall {
                        who,
                        targets,
                        source: None,
                        now: fields.has("now"),
                    },
                    title: p.recall_title.n(n),
                    lead: p.recall_lead.of(&code),
                    button: p.recall_button,
                    danger: true,
                }
            }
        }
        "move" => {
            let to: FolderId = fields.text("to").parse().map_err(|_| Fault::not_found())?;
            let folder = app.ask(me, move |reader| reader.find_folder(to)).await?;
            let folder = folder.ok_or_else(Fault::not_found)?;
            Wish {
                work: Bulk::MoveUsers { who, to },
                title: p.move_title.n(n),
                lead: p.move_lead.of(folder.path),
                button: p.move_button,
                danger: false,
            }
        }
        "activate" => Wish {
            work: Bulk::SetActive { who, active: true },
            title: p.activate_title.n(n),
            lead: String::new(),
            button: p.activate,
            danger: false,
        },
        "deactivate" => Wish {
            work: Bulk::SetActive { who, active: false },
            title: p.deactivate_title.n(n),
            lead: p.deactivate_lead.to_owned(),
            button: p.deactivate,
            danger: true,
        },
        _ => return Err(Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form)),
    })
}

/// What it came to, on the page where it was wished for; or the page on which it is followed.
fn done(me: &Signed<ManageLicenses>, work: &Bulk, came: Came, back: &str) -> Response {
    let (steps, job) = match came {
        Came::Started(job) => return bulk::follow(job),
        Came::To(steps, job) => (steps, job),
    };
    let (p, l) = (me.texts().people, me.texts().licenses);
    let text = match work {
        Bulk::Grant { .. } => l.assigned.n(bulk::granted(&steps)),
        Bulk::MoveUsers { .. } => p.moved.n(bulk::changes(&steps)),
        Bulk::SetActive { active: true, .. } => p.activated.n(bulk::changes(&steps)),
        Bulk::SetActive { active: false, .. } => p.deactivated.n(bulk::changes(&steps)),
        _ => {
            let (free, later) = bulk::recalled(&steps);
            format!("{} {}", l.released.n(free), l.will_release.n(later))
        }
    };
    see_saying(back, &bulk::said_of(me.texts(), text, job))
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
