//! What would happen, before it does (S13): dry runs of the same commands, in words.

mod replace;

use domain::{Command, LicenseId, Outcome};
use engine::Bulk;
use store::query::LicenseDetail;

use super::{Act, asked, assign_all, assign_missing, clear, displaced, is_loss, moves};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::page::{Answer, Section, Tone};
use crate::screens::licenses::bulk::{self, Came};
use crate::screens::licenses::import::{fates, names_of};
use crate::ui::{Confirm, Line, Tally};

/// The question for an act.
pub(super) async fn question(
    me: &Signed<ManageLicenses>,
    app: &App,
    act: Act,
    back: String,
) -> Answer {
    let asker = Asker { me, app, back };
    match act {
        Act::Remove(licenses) => asker.remove(licenses).await,
        Act::RemoveExpired => asker.remove_expired().await,
        Act::DeleteAll { .. } => asker.delete_all().await,
        Act::Move { licenses, to } => asker.move_seats(licenses, to).await,
        Act::Release { licenses, .. } => asker.release(licenses).await,
        Act::Replace { old, new, partly } => asker.replace(old, new, partly).await,
        Act::AssignAll(license) => {
            let l = me.texts().licenses;
            let (title, lead) = (l.assign_all_title, l.assign_all_lead);
            asker
                .assign("assign-all", license, assign_all(license), title, lead)
                .await
        }
        Act::AssignMissing(license) => {
            let l = me.texts().licenses;
            let (title, lead) = (l.assign_missing_title, l.assign_missing_lead);
            asker
                .assign(
                    "assign-missing",
                    license,
                    assign_missing(license),
                    title,
                    lead,
                )
                .await
        }
        Act::AutoAssign(..) | Act::Accept(_) | Act::KeepAll(_) => Err(Fault::not_found()),
    }
}

struct Asker<'a> {
    me: &'a Signed<ManageLicenses>,
    app: &'a App,
    back: String,
}

impl Asker<'_> {
    fn confirm(&self, wish: &str, licenses: &[LicenseId], title: String) -> Confirm {
        let shell = self.me.shell(Section::Licenses);
        let mut page = Confirm::new(self.me.texts(), shell, title, "/licenses/act".to_owned());
        page.hidden.push(("do".to_owned(), wish.to_owned()));
        page.hidden.push(("back".to_owned(), self.back.clone()));
        let ids = licenses.iter().map(|id| ("id".to_owned(), id.to_string()));
        page.hidden.extend(ids);
        page.back.clone_from(&self.back);
        page
    }

    async fn detail(&self, license: LicenseId) -> Result<LicenseDetail, Fault> {
        let found = self
            .app
            .ask(self.me, move |reader| reader.find_license(license))
            .await?;
        found.ok_or_else(Fault::not_found)
    }

    /// What the commands would come to, added to a page: who is affected, what is refused.
    async fn preview(
        &self,
        page: &mut Confirm,
        commands: Vec<Command>,
    ) -> Result<Vec<Outcome>, Fault> {
        let t = self.me.texts();
        let answers = self.app.engine.preview(self.me.actor(), commands).await?;
        let (mut outcomes, mut everyone) = (Vec::new(), Vec::new());
        for answer in answers {
            match answer {
                Ok(outcome) => {
                    everyone.extend_from_slice(displaced(&outcome));
                    outcomes.push(outcome);
                }
                Err(refusal) => page.notes.push((Tone::Bad, sentence(&refusal.to_string()))),
            }
        }
        let losses = everyone.iter().filter(|one| is_loss(one.fate)).count();
        if losses > 0 {
            page.notes.push((Tone::Warn, t.licenses.without.n(losses)));
        }
        let (names, everyone) = self
            .app
            .ask(self.me, move |reader| {
                Ok((names_of(reader, &everyone)?, everyone))
            })
            .await?;
        page.lines(fates(t, &everyone, &names));
        Ok(outcomes)
    }

    async fn remove(&self, licenses: Vec<LicenseId>) -> Answer {
        let l = self.me.texts().licenses;
        let mut page = self.confirm("remove", &licenses, l.remove_title.n(licenses.len()));
        l.remove_lead.clone_into(&mut page.lead);
        page.danger = true;
        let commands: Vec<_> = licenses
            .iter()
            .copied()
            .map(Command::RemoveLicense)
            .collect();
        let all = commands.len();
        if self.preview(&mut page, commands).await?.len() == all {
            page.button = Some(l.remove_button.n(all));
        }
        Ok(asked(&page))
    }

    async fn remove_expired(&self) -> Answer {
        let l = self.me.texts().licenses;
        let mut page = self.confirm("remove-expired", &[], l.expired_title.to_owned());
        l.expired_lead.clone_into(&mut page.lead);
        page.danger = true;
        let outcomes = self
            .preview(&mut page, vec![Command::RemoveExpired])
            .await?;
        match outcomes.first() {
            Some(Outcome::Removed { licenses, .. }) if !licenses.is_empty() => {
                let ids = licenses.clone();
                let serials = self.app.ask(self.me, move |reader| {
                    ids.into_iter()
                        .map(|id| reader.find_license(id))
                        .collect::<Result<Vec<_>, _>>()
                });
                let lines = serials.await?.into_iter().flatten().map(|detail| Line {
                    who: detail.license.terms.serial.as_str().to_owned(),
                    what: detail.license.terms.product_name.as_str().to_owned(),
                    tone: Tone::Plain,
                });
                page.button = Some(l.remove_button.n(licenses.len()));
                let lines = lines.chain(std::mem::take(&mut page.lines)).collect();
                page.lines(lines);
            }
            _ => page.notes.push((Tone::Good, l.expired_none.to_owned())),
        }
        Ok(asked(&page))
    }

    async fn delete_all(&self) -> Answer {
        let l = self.me.texts().licenses;
        let mut page = self.confirm("delete-all", &[], l.delete_title.to_owned());
        l.delete_lead.clone_into(&mut page.lead);
        page.danger = true;
        page.typed = Some(Command::DELETE_ALL_CONFIRMATION);
        page.button = Some(l.delete_button.to_owned());
        let command = Command::DeleteAll {
            confirmation: Command::DELETE_ALL_CONFIRMATION.to_owned(),
        };
        let outcomes = self.preview(&mut page, vec![command]).await?;
        if let Some(Outcome::DeletedAll(totals)) = outcomes.first() {
            let o = self.me.texts();
            let tally = |count, what: &str| Tally {
                count,
                what: what.to_owned(),
                tone: Tone::Plain,
            };
            page.tallies = vec![
                tally(totals.licenses, o.nav.licenses),
                tally(totals.seats, l.seats),
                tally(totals.sessions, o.nav.in_use),
            ];
        }
        Ok(asked(&page))
    }

    async fn move_seats(&self, licenses: Vec<LicenseId>, to: domain::FolderId) -> Answer {
        let l = self.me.texts().licenses;
        let mut page = self.confirm("move", &licenses, l.move_title.n(licenses.len()));
        page.hidden.push(("to".to_owned(), to.to_string()));
        let path = self
            .app
            .ask(self.me, move |reader| reader.folder_path(to))
            .await?;
        page.lead = l.move_lead.of(path);
        let moves = moves(self.me, self.app, licenses, to).await?;
        if moves.is_empty() {
            page.notes.push((Tone::Info, l.move_none.to_owned()));
            return Ok(asked(&page));
        }
        page.tallies.push(Tally {
            count: moves.iter().map(|(_, count)| u64::from(*count)).sum(),
            what: l.seats.to_owned(),
            tone: Tone::Plain,
        });
        let all = moves.len();
        let commands = moves.into_iter().map(|(command, _)| command).collect();
        if self.preview(&mut page, commands).await?.len() == all {
            page.button = Some(l.move_button.to_owned());
        }
        Ok(asked(&page))
    }

    async fn release(&self, licenses: Vec<LicenseId>) -> Answer {
        let t = self.me.texts();
        let l = t.licenses;
        let mut page = self.confirm("release", &licenses, l.release_title.n(licenses.len()));
        l.release_lead.clone_into(&mut page.lead);
        page.choices
            .push(("now", l.release_now, l.release_now_hint));
        page.danger = true;
        page.button = Some(l.release_button.to_owned());
        let mut steps = Vec::new();
        let mut started = None;
        for license in licenses {
            let work = clear(license, false);
            match bulk::run(self.app, self.me.actor(), work, true).await? {
                Came::To(some, _) => steps.extend(some),
                Came::Started(job) => started = Some(job),
            }
        }
        bulk::tell(self.app, self.me, &mut page, Came::To(steps, None)).await?;
        if let Some(job) = started {
            bulk::tell(self.app, self.me, &mut page, Came::Started(job)).await?;
        }
        Ok(asked(&page))
    }

    async fn assign(
        &self,
        wish: &str,
        license: LicenseId,
        work: Bulk,
        title: crate::texts::F,
        lead: &str,
    ) -> Answer {
        let t = self.me.texts();
        let serial = self.detail(license).await?.license.terms.serial.clone();
        let mut page = self.confirm(wish, &[license], title.of(serial));
        lead.clone_into(&mut page.lead);
        page.button = Some(t.licenses.assign_button.to_owned());
        let came = bulk::run(self.app, self.me.actor(), work, true).await?;
        bulk::tell(self.app, self.me, &mut page, came).await?;
        Ok(asked(&page))
    }
}
