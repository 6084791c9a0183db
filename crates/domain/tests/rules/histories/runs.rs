//! Random histories, and what holds in all of them.

use domain::Command;
use proptest::collection::vec;
use proptest::prelude::*;

use super::each;
use super::ops::{Op, anything, daily, small_world};
use super::plain::Names;
use crate::world::prelude::*;

/// Groups of things that come in together, time passing between groups or not at all.
fn groups(op: impl Strategy<Value = Op>) -> impl Strategy<Value = Vec<Vec<Op>>> {
    vec(vec(op, 1..6), 1..14)
}

/// The commands of a group in a world; time passes first.
fn commands(world: &mut World, group: &[Op]) -> Vec<Command> {
    for op in group {
        if let Op::Wait(span) = op {
            world.wait(*span);
        }
    }
    group.iter().filter_map(|op| op.command(world)).collect()
}

/// The world panics where something does not hold.
fn nothing_breaks(slack: u32, history: &[Vec<Op>]) {
    let mut world = small_world();
    world.rows.slack = slack;
    for group in history {
        let commands = commands(&mut world, group);
        world.run_all(&commands);
    }
}

fn a_check_answers_what_happens(history: &[Vec<Op>]) {
    let mut world = small_world();
    for group in history {
        for command in commands(&mut world, group) {
            let before = world.rows.clone();
            let (check, _) = world.dry_run(&command);
            assert_eq!(world.rows, before, "a check changed something");
            assert_eq!(check, world.answer(&command), "{command:?}");
        }
    }
}

fn a_batch_answers_as_one_at_a_time(history: &[Vec<Op>]) {
    let mut together = small_world();
    for group in history {
        let commands = commands(&mut together, group);
        let before = together.rows.clone();
        let mut apart = together.clone();
        let answers = together.run_all(&commands);
        let apart_answers: Vec<Answer> = commands.iter().map(|one| apart.answer(one)).collect();
        let (mut names, mut apart_names) = (Names::default(), Names::default());
        for ((command, one), other) in commands.iter().zip(&answers).zip(&apart_answers) {
            assert_eq!(names.answer(one), apart_names.answer(other), "{command:?}");
        }
        assert_eq!(
            names.changes(&before, &together.rows),
            apart_names.changes(&before, &apart.rows),
            "{commands:?}"
        );
    }
}

/// What is known from batch to batch, and from check to check, is what the rows say.
fn memory_answers_as_the_rows_would(history: &[Vec<Op>]) {
    let mut world = small_world();
    world.remember();
    for group in history {
        let commands = commands(&mut world, group);
        let before = world.rows.clone();
        for command in &commands {
            let (anew, steps) = world.dry_run(command);
            let known = world.dry_run_by_memory(command);
            let (mut names, mut known_names) = (Names::default(), Names::default());
            assert_eq!(
                (names.answer(&anew), steps),
                (known_names.answer(&known.0), known.1),
                "{command:?}"
            );
        }
        let mut anew = world.clone();
        anew.forget();
        let answers = world.run_all(&commands);
        let anew_answers = anew.run_all(&commands);
        let (mut names, mut anew_names) = (Names::default(), Names::default());
        for ((command, one), other) in commands.iter().zip(&answers).zip(&anew_answers) {
            assert_eq!(names.answer(one), anew_names.answer(other), "{command:?}");
        }
        assert_eq!(
            names.changes(&before, &world.rows),
            anew_names.changes(&before, &anew.rows),
            "{commands:?}"
        );
    }
}

#[test]
fn nothing_ever_breaks_s1_s2_p2_r3_r4() {
    each(120, &(0..4_u32, groups(anything())), |(slack, history)| {
        nothing_breaks(slack, &history);
    });
}

#[test]
fn a10_a_check_answers_what_then_happens_in_any_world() {
    each(50, &groups(anything()), |history| {
        a_check_answers_what_happens(&history);
    });
}

#[test]
fn s1_a_batch_answers_as_one_at_a_time_would() {
    each(40, &groups(anything()), |history| {
        a_batch_answers_as_one_at_a_time(&history);
    });
    each(40, &groups(daily()), |history| {
        a_batch_answers_as_one_at_a_time(&history);
    });
}

#[test]
fn s1_a10_what_is_remembered_answers_as_what_is_stored() {
    each(60, &groups(anything()), |history| {
        memory_answers_as_the_rows_would(&history);
    });
    each(100, &groups(daily()), |history| {
        memory_answers_as_the_rows_would(&history);
    });
}

#[test]
#[ignore = "slow: many thousand histories"]
fn nothing_ever_breaks_in_many_thousand_histories() {
    each(
        20_000,
        &(0..4_u32, groups(anything())),
        |(slack, history)| {
            nothing_breaks(slack, &history);
        },
    );
    each(5_000, &groups(anything()), |history| {
        a_check_answers_what_happens(&history);
    });
    each(5_000, &groups(anything()), |history| {
        a_batch_answers_as_one_at_a_time(&history);
    });
    for ops in [anything().boxed(), daily().boxed()] {
        each(4_000, &groups(ops), |history| {
            memory_answers_as_the_rows_would(&history);
        });
    }
}
