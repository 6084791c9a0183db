//! `/settings`: the policy, each part with what it means.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::license::AutoAssign;
use domain::names::CompanyId;
use domain::policy::{OverAllocation, Place, Step};
use domain::{Command, Model, Outcome, Permission, Policy};

use super::{Tab, tabs};
use crate::app::App;
use crate::caller::{ManageSettings, Signed, ViewLicenses};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "settings/policy.html")]
struct PolicyPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    may_manage: bool,
    policy: Policy,
    steps: Vec<(&'static str, &'static str, bool)>,
    over: Vec<(&'static str, &'static str, bool)>,
    auto: Vec<(&'static str, &'static str, bool)>,
    company: String,
    installation: String,
}

/// The steps that a sign-in may take, by name.
const STEPS: [(&str, Step); 4] = [
    ("floating-folder", step(Model::Floating, Place::UserFolder)),
    ("floating-root", step(Model::Floating, Place::Root)),
    (
        "dedicated-folder",
        step(Model::Dedicated, Place::UserFolder),
    ),
    ("dedicated-root", step(Model::Dedicated, Place::Root)),
];

const fn step(model: Model, place: Place) -> Step {
    Step { model, place }
}

/// The page.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let s = t.settings;
    let policy = app.engine.policy().as_ref().clone();
    let words = [
        s.step_floating_folder,
        s.step_floating_root,
        s.step_dedicated_folder,
        s.step_dedicated_root,
    ];
    let steps = STEPS
        .iter()
        .zip(words)
        .map(|((name, step), word)| (*name, word, policy.auto_allocation.contains(step)));
    let over = OverAllocation::ALL.iter().map(|one| {
        let word = match one {
            OverAllocation::LockUnbacked => s.over_unbacked,
            OverAllocation::LockProduct => s.over_product,
        };
        (one.code(), word, policy.over_allocation == *one)
    });
    let auto = AutoAssign::ALL.iter().map(|one| {
        (
            one.code(),
            t.auto_assign(*one),
            policy.auto_assign_default == *one,
        )
    });
    let page = PolicyPage {
        t,
        shell: me.shell(Section::Settings),
        tabs: tabs(t, "/settings"),
        may_manage: me.may(Permission::ManageSettings),
        steps: steps.collect(),
        over: over.collect(),
        auto: auto.collect(),
        company: policy
            .company
            .as_ref()
            .map_or("", CompanyId::as_str)
            .to_owned(),
        installation: app.engine.installation().to_string(),
        policy,
    };
    Ok(framed(&page, &page.shell))
}

/// Changes it; the rules say what can't be.
pub(crate) async fn save(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let s = me.texts().settings;
    let before = app.engine.policy().as_ref().clone();
    let wrong = |text: String| Fault::said(StatusCode::UNPROCESSABLE_ENTITY, sentence(&text));
    let number = |name: &str| {
        let text = fields.text(name);
        text.parse::<u32>()
            .map_err(|_| wrong(format!("{text:?} is not a whole number that can be used")))
    };
    let company = fields.filled("company").map(CompanyId::parse).transpose();
    let chosen: Vec<Step> = STEPS
        .iter()
        .filter(|(name, _)| fields.all("step").any(|one| one == *name))
        .map(|(_, step)| *step)
        .collect();
    let policy = Policy {
        auto_add_users: fields.has("auto_add_users"),
        renew_at_sign_in: fields.has("renew_at_sign_in"),
        demo_seats: number("demo_seats")?,
        over_allocation: OverAllocation::from_code(fields.text("over_allocation"))
            .unwrap_or(before.over_allocation),
        auto_assign_default: AutoAssign::from_code(fields.text("auto_assign_default"))
            .unwrap_or(before.auto_assign_default),
        auto_allocation: in_their_order(&before.auto_allocation, &chosen),
        warning_days: u16::try_from(number("warning_days")?)
            .map_err(|_| wrong("a warning can't come that early".to_owned()))?,
        session_timeout_s: number("session_timeout_s")?,
        borrow_days: u16::try_from(number("borrow_days")?)
            .map_err(|_| wrong("a seat can't be borrowed for that long".to_owned()))?,
        borrow_at_most: number("borrow_at_most")?,
        company: company.map_err(|error| wrong(error.to_string()))?,
        internet: fields.has("internet"),
        ..before
    };
    let version = fields.text("version").parse().ok();
    let command = Command::SetPolicy { policy, version };
    let flash = match app.engine.run(me.actor(), command, None).await? {
        Outcome::Done(true) => Flash::good(s.saved),
        _ => Flash::warn(s.unchanged),
    };
    Ok(see_saying("/settings", &flash))
}

/// The chosen steps: those that were there keep their order, which this form does not show; new ones follow.
fn in_their_order(before: &[Step], chosen: &[Step]) -> Vec<Step> {
    let kept = before.iter().filter(|step| chosen.contains(step));
    let new = chosen.iter().filter(|step| !before.contains(step));
    kept.chain(new).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saving_the_form_keeps_the_order_of_the_steps_a8() {
        let [a, b, c, d] = STEPS.map(|(_, step)| step);
        assert_eq!(in_their_order(&[d, a], &[a, c, d]), [d, a, c]);
        assert_eq!(in_their_order(&[d, a], &[a]), [a]);
        assert_eq!(in_their_order(&[], &[b]), [b]);
    }
}
