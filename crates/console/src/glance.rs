//! How all products and licenses stand, for pages that tell at a glance.
//!
//! Where there are few pools it is counted anew for each page. Where there are many, counting
//! takes longer than a page may: then a page shows what was counted a few seconds ago, and has it
//! counted anew beside it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Millis, State, Timestamp};
use engine::Moment;
use store::query::{Paging, ProductItem};
use store::{Reader, StoreError};

use crate::app::App;
use crate::caller::Signed;
use crate::fault::Fault;

/// So many products are counted; the lists behind have all of them.
const MOST_PRODUCTS: u32 = 200;
/// Up to so many pools are counted while somebody waits.
const FEW_POOLS: u32 = 2_000;
/// What is older than this is counted anew.
const FRESH: Millis = Millis::seconds(5);
/// What is older than this is not shown any more.
const KEPT: Millis = Millis::seconds(300);

/// How things stand.
#[derive(Debug)]
pub(crate) struct Glance {
    /// When it was counted.
    at: Timestamp,
    /// Products by code, with their seats counted.
    pub(crate) products: Vec<ProductItem>,
    /// How many products there are.
    pub(crate) product_total: u64,
    /// How many licenses are in each state (L2).
    pub(crate) states: Vec<(State, u64)>,
}

impl Glance {
    fn count(reader: &mut Reader<'_>, moment: Moment) -> Result<Self, StoreError> {
        let Moment { now, warn_before } = moment;
        let products = reader.products(None, now, &Paging::first(MOST_PRODUCTS))?;
        Ok(Self {
            at: now,
            product_total: products.total.unwrap_or_default(),
            products: products.items,
            states: reader.count_states(State::ALL, now, warn_before)?,
        })
    }

    /// How many licenses are in a state.
    pub(crate) fn in_state(&self, state: State) -> u64 {
        let found = self.states.iter().find(|(one, _)| *one == state);
        found.map_or(0, |(_, count)| *count)
    }

    /// How many licenses there are; those that were removed do not count.
    pub(crate) fn licenses(&self) -> u64 {
        self.states.iter().map(|(_, count)| count).sum()
    }
}

/// The last one, and whether another is being counted.
#[derive(Debug, Default)]
pub(crate) struct Glances(Mutex<(Option<Arc<Glance>>, bool)>);

impl App {
    /// How things stand.
    pub(crate) async fn glance<P>(&self, me: &Signed<P>) -> Result<Arc<Glance>, Fault> {
        let moment = self.engine.moment();
        let few = self
            .ask(me, |reader| reader.has_at_most_pools(FEW_POOLS))
            .await?;
        // Whoever sees only part of it gets that part counted.
        if few || me.actor().reach != domain::actor::Reach::Everything {
            let counted = self
                .ask_settled(me, move |reader| Glance::count(reader, moment))
                .await?;
            return Ok(Arc::new(counted));
        }
        let (kept, anew) = {
            let mut state = self
                .glances
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let kept = state.0.clone();
            let age = kept.as_ref().map(|kept| moment.now.since(kept.at));
            let anew = age.is_none_or(|age| age > FRESH) && !state.1;
            state.1 |= anew;
            (kept.filter(|_| age.is_some_and(|age| age < KEPT)), anew)
        };
        let app = self.clone();
        let counting = async move {
            let counted = app
                .engine
                .read(move |reader| Glance::count(reader, moment))
                .await;
            let mut state = app.glances.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.1 = false;
            let counted = Arc::new(counted?);
            state.0 = Some(Arc::clone(&counted));
            Ok::<_, Fault>(counted)
        };
        match kept {
            None => counting.await,
            Some(kept) => {
                if anew {
                    tokio::spawn(counting);
                }
                Ok(kept)
            }
        }
    }
}
