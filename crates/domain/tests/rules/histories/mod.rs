//! Histories that nobody thought of: whatever is commanded in whatever order, what must hold
//! holds, a check answers what then happens, and a batch answers as one at a time would.
//!
//! The seed is fixed, so that a failure fails again. A failing history is shrunk to the few
//! commands that matter.

mod commands;
mod limited;
mod model;
mod model_runs;
mod model_seats;
mod ops;
mod plain;
mod runs;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Runs a test on so many values of a strategy.
pub(crate) fn each<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value))
where
    S::Value: std::fmt::Debug,
{
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_101),
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
