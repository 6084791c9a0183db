//! Requests by route, method and status.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode};

use super::Text;
use super::histogram::Histogram;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const OTHER: &str = "other";
const STATUSES: [u16; 20] = [
    200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 428, 500,
    503,
];

/// One route's counters.
#[derive(Debug)]
pub(crate) struct RouteCounters {
    path: Box<str>,
    methods: [MethodCounters; METHODS.len() + 1],
}

#[derive(Debug, Default)]
struct MethodCounters {
    statuses: [AtomicU64; STATUSES.len() + 1],
    durations: Histogram,
}

impl RouteCounters {
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.into(),
            methods: Default::default(),
        }
    }

    /// Which of the counters a method has; for [`Self::record`].
    pub(crate) fn slot(method: &Method) -> usize {
        METHODS
            .iter()
            .position(|known| *known == method.as_str())
            .unwrap_or(METHODS.len())
    }

    /// A request was answered.
    pub(crate) fn record(&self, slot: usize, status: StatusCode, took: Duration) {
        let Some(method) = self.methods.get(slot) else {
            return;
        };
        let place = STATUSES
            .iter()
            .position(|known| *known == status.as_u16())
            .unwrap_or(STATUSES.len());
        method.statuses[place].fetch_add(1, Ordering::Relaxed);
        method.durations.record(took);
    }
}

/// Writes the counters of all routes that were asked for at least once.
pub(super) fn write(routes: &[Arc<RouteCounters>], text: &mut Text) {
    let requests = "seatkeeper_http_requests_total";
    text.family(requests, "counter", "Requests by route and status.");
    each(routes, |route, method, counters| {
        for (place, count) in counters.statuses.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                let status = STATUSES.get(place).map_or(OTHER.to_owned(), u16::to_string);
                let labels = [("route", route), ("method", method), ("status", &status)];
                text.sample(requests, &labels, count);
            }
        }
    });
    let durations = "seatkeeper_http_request_duration_seconds";
    text.family(
        durations,
        "histogram",
        "Time from a request's head to its answer's.",
    );
    each(routes, |route, method, counters| {
        let labels = [("route", route), ("method", method)];
        counters.durations.write(durations, &labels, text);
    });
}

fn each(routes: &[Arc<RouteCounters>], mut write: impl FnMut(&str, &str, &MethodCounters)) {
    for route in routes {
        for (slot, counters) in route.methods.iter().enumerate() {
            let asked = counters
                .statuses
                .iter()
                .any(|count| count.load(Ordering::Relaxed) > 0);
            if asked {
                let method = METHODS.get(slot).copied().unwrap_or(OTHER);
                write(&route.path, method, counters);
            }
        }
    }
}
