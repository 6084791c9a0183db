//! What is new, as it happens: a stream of server-sent events that says only "changed". Pages
//! that show what changes ask for their part anew.
//!
//! One task looks at the record once a second while anybody listens, however many they are.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::Engine;
use futures_util::Stream;
use futures_util::stream::unfold;
use store::query::{EventFilter, Paging};
use tokio::sync::watch;

use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fault::Fault;

/// How often the record is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// After so long a browser comes again, so that a sign-in that is over is noticed.
const TURN: Duration = Duration::from_mins(10);

/// Tells those who listen that something changed. Copies are the same.
#[derive(Clone, Debug, Default)]
pub struct Live(Arc<Mutex<Listeners>>);

#[derive(Debug, Default)]
struct Listeners {
    /// The number of the latest event; the task that looks ends when nobody listens.
    latest: Option<watch::Sender<i64>>,
    closed: bool,
}

impl Live {
    /// Ends every stream, and any that is asked for from now on: for the end of the server,
    /// which would wait for them.
    pub fn close(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.latest = None;
    }

    fn listen(&self, engine: &Engine) -> Option<watch::Receiver<i64>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return None;
        }
        if let Some(sender) = &state.latest
            && sender.receiver_count() > 0
        {
            return Some(sender.subscribe());
        }
        let (sender, receiver) = watch::channel(0);
        state.latest = Some(sender);
        tokio::spawn(look(self.clone(), engine.clone()));
        Some(receiver)
    }

    /// Tells what was found; false when there is nobody to tell.
    fn tell(&self, latest: i64) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = &state.latest else {
            return false;
        };
        if sender.receiver_count() == 0 {
            state.latest = None;
            return false;
        }
        sender.send_if_modified(|known| std::mem::replace(known, latest) != latest);
        true
    }
}

async fn look(live: Live, engine: Engine) {
    let mut beat = tokio::time::interval(LOOK);
    loop {
        beat.tick().await;
        let newest = |reader: &mut store::Reader<'_>| {
            let page = reader.events(&EventFilter::default(), &Paging::first(1))?;
            Ok(page.items.first().map_or(0, |item| item.seq))
        };
        let Ok(latest) = engine.read(newest).await else {
            live.close();
            return;
        };
        if !live.tell(latest) {
            return;
        }
    }
}

/// `GET /live`
pub(crate) async fn follow(
    _: Signed<ViewLicenses>,
    State(app): State<App>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    let receiver = app.live.listen(&app.engine);
    let end = Box::pin(tokio::time::sleep(TURN));
    let stream = unfold((receiver, end), |(receiver, mut end)| async move {
        let mut receiver = receiver?;
        tokio::select! {
            changed = receiver.changed() => changed.ok()?,
            () = &mut end => return None,
        }
        let event = Event::default().event("changed").data("");
        Some((Ok(event), (Some(receiver), end)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}
