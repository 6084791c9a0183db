//! `POST /licenses/act`: what is done to licenses. The first time it says what would happen; with
//! `confirmed` it happens. Both are the same command.

mod ask;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::license::AutoAssign;
use domain::outcome::{Displaced, Fate};
use domain::{Command, FolderId, LicenseId, Outcome, UserRef};
use engine::Bulk;
use store::query::{Paging, UserFilter};

use super::bulk::{self, Came};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::page::{Answer, Flash, see_saying};

/// What can be done.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Remove(Vec<LicenseId>),
    RemoveExpired,
    DeleteAll {
        typed: String,
    },
    Move {
        licenses: Vec<LicenseId>,
        to: FolderId,
    },
    Release {
        licenses: Vec<LicenseId>,
        now: bool,
    },
    Replace {
        old: Vec<LicenseId>,
        /// None yet: it is to be chosen.
        new: Vec<LicenseId>,
        partly: bool,
    },
    AssignAll(LicenseId),
    AssignMissing(LicenseId),
    AutoAssign(LicenseId, AutoAssign),
    Accept(LicenseId),
    /// Takes back every release that is pending (S4).
    KeepAll(LicenseId),
}

impl Act {
    fn of(me: &Signed<ManageLicenses>, fields: &Fields) -> Result<Self, Fault> {
        let t = me.texts();
        let stale = || Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form);
        let licenses: Vec<LicenseId> = fields.ids("id");
        let wish = fields.text("do");
        if matches!(wish, "remove-expired" | "delete-all") {
            return Ok(match wish {
                "remove-expired" => Self::RemoveExpired,
                _ => Self::DeleteAll {
                    typed: fields.text("typed").to_owned(),
                },
            });
        }
        let Some(first) = licenses.first().copied() else {
            return Err(Fault::said(StatusCode::BAD_REQUEST, t.licenses.none_chosen));
        };
        Ok(match wish {
            "remove" => Self::Remove(licenses),
            "move" => Self::Move {
                licenses,
                to: fields.text("to").parse().map_err(|_| stale())?,
            },
            "release" => Self::Release {
                licenses,
                now: fields.has("now"),
            },
            "replace" => Self::Replace {
                old: licenses,
                new: fields.ids("new"),
                partly: fields.has("partly"),
            },
            "assign-all" => Self::AssignAll(first),
            "assign-missing" => Self::AssignMissing(first),
            "auto-assign" => {
                let wanted = AutoAssign::from_code(fields.text("auto_assign"));
                Self::AutoAssign(first, wanted.ok_or_else(stale)?)
            }
            "accept" => Self::Accept(first),
            "keep-all" => Self::KeepAll(first),
            _ => return Err(stale()),
        })
    }

    /// Whether it is small enough to be done without asking again.
    fn is_small(&self) -> bool {
        matches!(
            self,
            Self::AutoAssign(..) | Self::Accept(_) | Self::KeepAll(_)
        )
    }
}

/// Says what would happen, or does it.
pub(crate) async fn act(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let act = Act::of(&me, &fields)?;
    let back = crate::page::own_path(fields.text("back"))
        .unwrap_or("/licenses")
        .to_owned();
    let needs_choice = matches!(&act, Act::Replace { new, .. } if new.is_empty());
    if fields.has("confirmed") {
        bulk::stop_preview(&app, &me, &fields).await?;
    }
    if act.is_small() || (fields.has("confirmed") && !needs_choice) {
        return carry_out(&me, &app, act, &back).await;
    }
    ask::question(&me, &app, act, back).await
}

async fn carry_out(me: &Signed<ManageLicenses>, app: &App, act: Act, back: &str) -> Answer {
    let l = me.texts().licenses;
    let run = |command| app.engine.run(me.actor(), command, None);
    let said = match act {
        Act::Remove(licenses) => {
            let mut count = 0;
            for license in licenses {
                run(Command::RemoveLicense(license)).await?;
                count += 1_u64;
            }
            l.removed.n(count)
        }
        Act::RemoveExpired => match run(Command::RemoveExpired).await? {
            Outcome::Removed { licenses, .. } => l.removed.n(licenses.len()),
            other => return Err(Fault::unexpected(&other)),
        },
        Act::DeleteAll { typed } => {
            match run(Command::DeleteAll {
                confirmation: typed,
            })
            .await?
            {
                Outcome::DeletedAll(totals) => l.deleted.of2(totals.licenses, totals.seats),
                other => return Err(Fault::unexpected(&other)),
            }
        }
        Act::Move { licenses, to } => {
            let mut count = 0;
            for (command, seats) in moves(me, app, licenses, to).await? {
                run(command).await?;
                count += u64::from(seats);
            }
            l.moved.n(count)
        }
        Act::Release { licenses, now } => {
            let (mut released, mut releasing) = (0, 0);
            for license in licenses {
                match bulk::run(app, me.actor(), clear(license, now), false).await? {
                    Came::To(steps, _) => {
                        let (free, later) = bulk::recalled(&steps);
                        released += free;
                        releasing += later;
                    }
                    Came::Started(job) => return Ok(bulk::follow(job)),
                }
            }
            match (released, releasing) {
                (free, 0) => l.released.n(free),
                (0, later) => l.will_release.n(later),
                (free, later) => format!("{} {}", l.released.n(free), l.will_release.n(later)),
            }
        }
        Act::Replace { old, new, partly } => {
            let hint = me.texts().intake.replaced_hint;
            match run(replacing(old, new, partly)).await? {
                Outcome::Replaced {
                    replacement,
                    holders,
                } => {
                    let replaced = l.replaced.n(arriving(&holders));
                    match replacement {
                        Some(_) => format!("{replaced} {hint}"),
                        None => replaced,
                    }
                }
                other => return Err(Fault::unexpected(&other)),
            }
        }
        Act::AssignAll(license) => {
            return assigned(me, app, assign_all(license), back).await;
        }
        Act::AssignMissing(license) => {
            return assigned(me, app, assign_missing(license), back).await;
        }
        Act::AutoAssign(license, auto_assign) => {
            run(Command::SetAutoAssign {
                license,
                auto_assign,
                version: None,
            })
            .await?;
            l.auto_saved.to_owned()
        }
        Act::Accept(license) => {
            run(Command::AcceptAgreement(license)).await?;
            l.accepted_now.to_owned()
        }
        Act::KeepAll(license) => l.kept.n(keep_all(me, app, license).await?),
    };
    Ok(see_saying(back, &Flash::good(said)))
}

/// Takes back what is pending, page by page; how many seats stay.
async fn keep_all(
    me: &Signed<ManageLicenses>,
    app: &App,
    license: LicenseId,
) -> Result<u64, Fault> {
    let mut kept = 0;
    let mut paging = Paging::first(Paging::MOST);
    loop {
        let asked = paging.clone();
        let page = app
            .ask(me, move |reader| reader.seats_of_license(license, &asked))
            .await?;
        let pending = page
            .items
            .into_iter()
            .filter(|holder| holder.seat.releasing_since.is_some());
        for user in pending.filter_map(|holder| holder.user) {
            let user = UserRef::Id(user.id);
            let command = Command::CancelRelease { user, license };
            let outcome = app.engine.run(me.actor(), command, None).await?;
            kept += u64::from(outcome == Outcome::ReleaseCancelled(true));
        }
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return Ok(kept),
        }
    }
}

async fn assigned(me: &Signed<ManageLicenses>, app: &App, work: Bulk, back: &str) -> Answer {
    let l = me.texts().licenses;
    let flash = match bulk::run(app, me.actor(), work, false).await? {
        Came::To(steps, job) => {
            let text = l.assigned.n(bulk::granted(&steps));
            bulk::said_of(me.texts(), text, job)
        }
        Came::Started(job) => return Ok(bulk::follow(job)),
    };
    Ok(see_saying(back, &flash))
}

/// Licenses taken over by others.
const fn replacing(old: Vec<LicenseId>, new: Vec<LicenseId>, partly: bool) -> Command {
    Command::ReplaceLicenses { old, new, partly }
}

fn assign_all(license: LicenseId) -> Bulk {
    Bulk::AssignAll {
        license,
        everyone: UserFilter::default(),
    }
}

fn assign_missing(license: LicenseId) -> Bulk {
    Bulk::AssignMissing {
        license,
        everyone: UserFilter::default(),
    }
}

fn clear(license: LicenseId, now: bool) -> Bulk {
    Bulk::ClearAll {
        license,
        everyone: UserFilter::default(),
        now,
    }
}

/// A command for each pool with free seats that stands elsewhere, and how many seats those are.
async fn moves(
    me: &Signed<ManageLicenses>,
    app: &App,
    licenses: Vec<LicenseId>,
    to: FolderId,
) -> Result<Vec<(Command, u32)>, Fault> {
    let details = app
        .ask(me, move |reader| {
            licenses
                .into_iter()
                .map(|license| reader.find_license(license))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let mut moves = Vec::new();
    for detail in details.into_iter().flatten() {
        for pool in detail.pools.iter().map(|item| &item.pool) {
            let count = pool.size.saturating_sub(pool.occupied);
            if pool.folder != to && count > 0 {
                let command = Command::MoveSeats {
                    license: detail.license.id,
                    from: pool.folder,
                    to,
                    count,
                };
                moves.push((command, count));
            }
        }
    }
    Ok(moves)
}

/// Everyone whom removals or a replacement would affect.
fn displaced(outcome: &Outcome) -> &[Displaced] {
    match outcome {
        Outcome::Removed { displaced, .. } => displaced,
        Outcome::Replaced { holders, .. } => holders,
        _ => &[],
    }
}

/// How many get a seat of the new license.
fn arriving(holders: &[Displaced]) -> usize {
    let arrives = |one: &&Displaced| one.fate != Fate::LeftOut;
    holders.iter().filter(arrives).count()
}

/// Whether a fate leaves somebody without a seat to work on.
fn is_loss(fate: Fate) -> bool {
    matches!(fate, Fate::Unbacked | Fate::LeftOut)
}

/// A question's response, with the status that it is only a question.
fn asked(confirm: &crate::ui::Confirm) -> Response {
    confirm.page()
}
