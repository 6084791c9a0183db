//! The composed queries of reports.

use domain::{FolderId, ProductId, SeatId};

use super::{ID, IN, NOW, after, id};
use crate::query::reports::{ending, idle, used, used_by};
use crate::query::{Grain, IdleFilter, Paging, UsedByFilter};
use crate::sql::Select;

pub(super) fn selects() -> Vec<Select<'static>> {
    let first = Paging::first(10);
    let cursor = after([1.into(), id()]);
    let product = Some(ProductId(ID));
    let idle_seats = IdleFilter {
        product,
        since: NOW,
    };
    let end = Some(SeatId(ID));
    let mut all = vec![
        used::select(product, Grain::Hour, NOW, NOW),
        used::select(None, Grain::Day, NOW, NOW),
        ending::select(IN, NOW, NOW, &first).unwrap(),
        ending::select(IN, NOW, NOW, &cursor).unwrap(),
        idle::in_order(IN, &idle_seats, NOW, &cursor).unwrap(),
        idle::in_step(IN, &idle_seats, NOW, (SeatId(ID), end), &first),
    ];
    let filter = Box::leak(Box::new(UsedByFilter {
        first_day: 1,
        last_day: 2,
        product,
        folder: Some(FolderId(ID)),
        q: Some("q".into()),
    }));
    for few in [true, false] {
        all.push(used_by::accounts(IN, filter, few, &after(["a".into()])).unwrap());
    }
    all
}
