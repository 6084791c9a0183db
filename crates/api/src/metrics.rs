//! Counters for `/metrics`, in Prometheus' text format.
//!
//! Hand-made: what is counted on the way of a request is an atomic addition and nothing more.
//! No label is ever a user, a product or anything else that grows with the data.

mod histogram;
mod routes;
mod text;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::DenialCode;

pub(crate) use routes::RouteCounters;
pub(crate) use text::Text;

/// The codes of [`domain::Via::code`], in the order of their counters.
const VIAS: [&str; 4] = ["dedicated", "floating", "site", "demo"];

/// Everything that this crate counts.
#[derive(Debug)]
pub(crate) struct Metrics {
    routes: Mutex<Vec<Arc<RouteCounters>>>,
    granted: [AtomicU64; VIAS.len()],
    denied: Vec<AtomicU64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            routes: Mutex::default(),
            granted: Default::default(),
            denied: DenialCode::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Counters for one route, listed from now on.
    pub(crate) fn route(&self, path: &str) -> Arc<RouteCounters> {
        let counters = Arc::new(RouteCounters::new(path));
        self.list().push(Arc::clone(&counters));
        counters
    }

    /// A sign-in was granted.
    pub(crate) fn granted(&self, via: &str) {
        if let Some(place) = VIAS.iter().position(|known| *known == via) {
            self.granted[place].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A sign-in was denied.
    pub(crate) fn denied(&self, code: DenialCode) {
        if let Some(place) = DenialCode::ALL.iter().position(|known| *known == code) {
            self.denied[place].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self, text: &mut Text) {
        text.family(
            "seatkeeper_sign_ins_total",
            "counter",
            "Sign-ins by how they were answered.",
        );
        for (via, count) in VIAS.iter().zip(&self.granted) {
            text.sample(
                "seatkeeper_sign_ins_total",
                &[("result", "granted"), ("code", via)],
                count.load(Ordering::Relaxed),
            );
        }
        for (code, count) in DenialCode::ALL.iter().zip(&self.denied) {
            text.sample(
                "seatkeeper_sign_ins_total",
                &[("result", "denied"), ("code", code.code())],
                count.load(Ordering::Relaxed),
            );
        }
        routes::write(&self.list(), text);
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Arc<RouteCounters>>> {
        // The list is only ever pushed to, so a panic elsewhere can't have broken it.
        self.routes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_are_counted_by_code() {
        let metrics = Metrics::new();
        metrics.granted("floating");
        metrics.denied(DenialCode::NoFreeSeat);
        metrics.denied(DenialCode::NoFreeSeat);
        let mut text = Text::default();
        metrics.write(&mut text);
        let text = text.into_string();
        assert!(
            text.contains("seatkeeper_sign_ins_total{result=\"granted\",code=\"floating\"} 1\n")
        );
        assert!(
            text.contains("seatkeeper_sign_ins_total{result=\"denied\",code=\"no_free_seat\"} 2\n")
        );
        assert!(
            text.contains("seatkeeper_sign_ins_total{result=\"denied\",code=\"unknown_user\"} 0\n")
        );
    }
}
