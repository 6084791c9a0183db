//! A key that is to be trusted no longer: what withdrawing its licenses would take away, and from
//! whom, before anything happens (S13).

use domain::{Command, Issuer, Outcome};

use super::PATH;
use crate::app::App;
use crate::caller::{ManageSettings, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Tone, see_saying};
use crate::screens::licenses::import::{fates, names_of};
use crate::ui::{Confirm, Line};

/// Asks, or does it.
pub(super) async fn distrust(me: &Signed<ManageSettings>, app: &App, fields: &Fields) -> Answer {
    let t = me.texts();
    let key = fields.text("key").to_owned();
    if fields.has("confirmed") {
        let withdraw = fields.has("withdraw");
        let command = Command::DistrustIssuer { key, withdraw };
        let said = match app.engine.run(me.actor(), command, None).await? {
            Outcome::Removed { licenses, .. } if withdraw => t.trust.withdrawn.n(licenses.len()),
            Outcome::Removed { .. } => t.settings.distrusted.to_owned(),
            other => return Err(Fault::unexpected(&other)),
        };
        return Ok(see_saying(PATH, &Flash::good(said)));
    }
    let issuers = app.ask(me, |reader| reader.issuers()).await?;
    let issuer = issuers.iter().find(|issuer| issuer.key == key);
    let issuer = issuer.ok_or_else(Fault::not_found)?;
    let title = t.trust.distrust_title.of(&issuer.name);
    let mut page = Confirm::new(t, me.shell(Section::Settings), title, PATH.to_owned());
    t.trust.distrust_lead.clone_into(&mut page.lead);
    page.danger = true;
    page.hidden = vec![
        ("do".to_owned(), "distrust".to_owned()),
        ("key".to_owned(), key.clone()),
    ];
    PATH.clone_into(&mut page.back);
    let is_by = |one: &&Issuer| one.is_trusted() && one.introduced_by.as_ref() == Some(&key);
    let stays = issuers.iter().filter(is_by).count();
    if stays > 0 {
        page.notes.push((Tone::Info, t.trust.stays.n(stays)));
    }
    let command = Command::DistrustIssuer {
        key: key.clone(),
        withdraw: true,
    };
    match app.engine.preview(me.actor(), vec![command]).await?.pop() {
        Some(Ok(Outcome::Removed {
            licenses,
            displaced,
        })) => {
            page.button = Some(t.trust.distrust_do.to_owned());
            if licenses.is_empty() {
                page.notes
                    .push((Tone::Good, t.trust.nothing_goes.to_owned()));
                return Ok(page.page());
            }
            page.notes
                .push((Tone::Warn, t.trust.would_go.n(licenses.len())));
            page.choices
                .push(("withdraw", t.trust.withdraw, t.trust.withdraw_hint));
            let lines = app
                .ask(me, move |reader| {
                    let mut lines = Vec::new();
                    for id in licenses {
                        if let Some(detail) = reader.find_license(id)? {
                            lines.push(Line {
                                who: detail.license.terms.serial.to_string(),
                                what: t.trust.goes.to_owned(),
                                tone: Tone::Bad,
                            });
                        }
                    }
                    let names = names_of(reader, &displaced)?;
                    lines.extend(fates(t, &displaced, &names));
                    Ok(lines)
                })
                .await?;
            page.lines(lines);
        }
        Some(Ok(other)) => return Err(Fault::unexpected(&other)),
        Some(Err(refusal)) => page.notes.push((Tone::Bad, sentence(&refusal.to_string()))),
        None => {}
    }
    Ok(page.page())
}
