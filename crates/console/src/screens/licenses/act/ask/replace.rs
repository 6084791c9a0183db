//! Which licenses take over, and then who keeps a seat and who loses one, in which order (L10).

use std::collections::{BTreeSet, HashMap};

use domain::outcome::{Displaced, Fate};
use domain::{LicenseId, Outcome, Refusal};
use store::query::{LicenseFilter, LicenseSort, Paging};

use super::super::{arriving, asked, is_loss, replacing};
use super::Asker;
use crate::fault::{Fault, sentence};
use crate::page::{Answer, Tone};
use crate::screens::licenses::import::names_of;
use crate::ui::{Confirm, Line, Tally};

/// So many licenses can be chosen from.
const MOST: u32 = 100;

impl Asker<'_> {
    pub(super) async fn replace(
        &self,
        old: Vec<LicenseId>,
        new: Vec<LicenseId>,
        partly: bool,
    ) -> Answer {
        let l = self.me.texts().licenses;
        let ids = old.clone();
        let details = self.app.ask(self.me, move |reader| {
            ids.into_iter()
                .map(|id| reader.find_license(id))
                .collect::<Result<Vec<_>, _>>()
        });
        let details: Vec<_> = details.await?.into_iter().flatten().collect();
        let serials: Vec<String> = details
            .iter()
            .map(|detail| detail.license.terms.serial.to_string())
            .collect();
        let title = l.replace_title.of(serials.join(", "));
        let mut page = self.confirm("replace", &old, title);
        l.replace_lead.clone_into(&mut page.lead);
        if new.is_empty() {
            let products = details.iter().map(|detail| detail.license.product);
            let products = products.collect::<BTreeSet<_>>();
            let model = details.first().map(|detail| detail.license.terms.model);
            self.choose(&mut page, &old, products, model).await?;
        } else {
            let ids = new.iter().map(|id| ("new".to_owned(), id.to_string()));
            page.hidden.extend(ids);
            self.outlook(&mut page, old, new, partly).await?;
        }
        Ok(asked(&page))
    }

    /// Offers what can take over: the licenses of the same products and model.
    async fn choose(
        &self,
        page: &mut Confirm,
        old: &[LicenseId],
        products: BTreeSet<domain::ProductId>,
        model: Option<domain::Model>,
    ) -> Result<(), Fault> {
        let t = self.me.texts();
        let l = t.licenses;
        let moment = self.app.engine.moment();
        let found = self.app.ask(self.me, move |reader| {
            let mut found = Vec::new();
            for product in products {
                let filter = LicenseFilter {
                    product: Some(product),
                    model,
                    ..LicenseFilter::default()
                };
                let (sort, most) = (LicenseSort::Serial, Paging::first(MOST));
                let page = reader.licenses(&filter, sort, moment.now, moment.warn_before, &most)?;
                found.extend(page.items);
            }
            Ok(found)
        });
        let others = found.await?.into_iter();
        let others = others.filter(|item| !old.contains(&item.license.id));
        page.options = others
            .map(|item| {
                let license = &item.license;
                let mut text = l.replace_option.of2(&license.terms.serial, item.seats.free);
                let state = license.state(moment.now, moment.warn_before);
                if !state.is_usable() {
                    text = l.replace_not_yet.of2(text, t.state(state).to_lowercase());
                }
                (item.license.id.to_string(), text)
            })
            .collect();
        if page.options.is_empty() {
            page.notes.push((Tone::Info, l.replace_none.to_owned()));
        } else {
            page.option_name = ("new", self.me.texts().intake.chosen_new);
            page.several = true;
            page.button = Some(l.go_on.to_owned());
            // The choice is no confirmation yet.
            page.confirms = false;
        }
        Ok(())
    }

    /// Shows what would come of it. With too few seats: how many, and what fits.
    async fn outlook(
        &self,
        page: &mut Confirm,
        old: Vec<LicenseId>,
        new: Vec<LicenseId>,
        partly: bool,
    ) -> Result<(), Fault> {
        let l = self.me.texts().licenses;
        let command = replacing(old.clone(), new.clone(), partly);
        let mut answers = self
            .app
            .engine
            .preview(self.me.actor(), vec![command])
            .await?;
        let mut partly = partly;
        if !partly && let Some(Err(Refusal::TooFewSeats(shortage))) = answers.first() {
            page.notes
                .push((Tone::Warn, sentence(&shortage.to_string())));
            page.notes
                .push((Tone::Info, l.replace_partly_hint.to_owned()));
            partly = true;
            let command = replacing(old, new.clone(), true);
            answers = self
                .app
                .engine
                .preview(self.me.actor(), vec![command])
                .await?;
        }
        match answers.pop() {
            Some(Ok(Outcome::Replaced { holders, .. })) => {
                page.button = Some(
                    if partly {
                        l.replace_partly
                    } else {
                        l.replace_button
                    }
                    .into(),
                );
                self.holders(page, holders, new).await?;
            }
            Some(Ok(other)) => return Err(Fault::unexpected(&other)),
            Some(Err(refusal)) => page.notes.push((Tone::Bad, sentence(&refusal.to_string()))),
            None => {}
        }
        if partly {
            page.hidden.push(("partly".to_owned(), "yes".to_owned()));
        }
        Ok(())
    }

    /// Everyone, in the order in which they are served.
    async fn holders(
        &self,
        page: &mut Confirm,
        holders: Vec<Displaced>,
        new: Vec<LicenseId>,
    ) -> Result<(), Fault> {
        let t = self.me.texts();
        page.tallies.push(Tally {
            count: arriving(&holders) as u64,
            what: t.licenses.would_move.to_owned(),
            tone: Tone::Good,
        });
        let lost = holders.iter().filter(|one| is_loss(one.fate)).count();
        if lost > 0 {
            page.tallies.push(Tally {
                count: lost as u64,
                what: t.intake.without.to_owned(),
                tone: Tone::Bad,
            });
        }
        let (holders, names, serials) = self
            .app
            .ask(self.me, move |reader| {
                let names = names_of(reader, &holders)?;
                let mut serials = HashMap::new();
                for id in new {
                    if let Some(detail) = reader.find_license(id)? {
                        serials.insert(id, detail.license.terms.serial.to_string());
                    }
                }
                Ok((holders, names, serials))
            })
            .await?;
        let lines = holders.iter().zip(names).enumerate();
        let lines = lines.map(|(index, (one, name))| {
            let to = one.to.and_then(|id| serials.get(&id));
            Line {
                who: t.intake.order.of2(index + 1, name),
                what: match (one.fate, to) {
                    (Fate::Moved, Some(to)) => t.intake.moves_to.of(to),
                    (Fate::Releasing, Some(to)) => t.intake.releasing_to.of(to),
                    _ => t.fate(one.fate).to_owned(),
                },
                tone: match one.fate {
                    Fate::Moved => Tone::Good,
                    Fate::Releasing => Tone::Plain,
                    Fate::Unbacked | Fate::LeftOut => Tone::Bad,
                },
            }
        });
        page.lines(lines.collect());
        Ok(())
    }
}
