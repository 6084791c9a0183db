//! The policy.

use domain::names::CompanyId;
use domain::policy::Step;
use wire::policy::AllocationStep;

use super::names::field;
use super::words;
use crate::problem::Problem;

/// As it travels.
pub(crate) fn policy(policy: &domain::Policy) -> wire::policy::Policy {
    wire::policy::Policy {
        auto_add_users: policy.auto_add_users,
        demo_seats: policy.demo_seats,
        over_allocation: words::over_allocation(policy.over_allocation),
        folder_search: policy
            .folder_search
            .iter()
            .copied()
            .map(words::place)
            .collect(),
        auto_allocation: policy.auto_allocation.iter().copied().map(step).collect(),
        renew_at_sign_in: policy.renew_at_sign_in,
        auto_assign_default: words::auto_assign(policy.auto_assign_default),
        warning_days: policy.warning_days,
        session_timeout_s: policy.session_timeout_s,
        borrow_days: policy.borrow_days,
        borrow_at_most: policy.borrow_at_most,
        company: policy
            .company
            .as_ref()
            .map(|company| company.as_str().to_owned()),
        internet: policy.internet,
        version: Some(policy.version),
    }
}

/// As the domain has it. Its version counts for nothing there; the command carries the one meant.
pub(crate) fn to_policy(policy: wire::policy::Policy) -> Result<domain::Policy, Problem> {
    Ok(domain::Policy {
        auto_add_users: policy.auto_add_users,
        demo_seats: policy.demo_seats,
        over_allocation: words::to_over_allocation(policy.over_allocation),
        folder_search: policy
            .folder_search
            .into_iter()
            .map(words::to_place)
            .collect(),
        auto_allocation: policy.auto_allocation.into_iter().map(to_step).collect(),
        renew_at_sign_in: policy.renew_at_sign_in,
        auto_assign_default: words::to_auto_assign(policy.auto_assign_default),
        warning_days: policy.warning_days,
        session_timeout_s: policy.session_timeout_s,
        borrow_days: policy.borrow_days,
        borrow_at_most: policy.borrow_at_most,
        company: match policy.company {
            Some(company) => Some(field("/company", CompanyId::parse(&company))?),
            None => None,
        },
        internet: policy.internet,
        version: policy.version.unwrap_or_default(),
    })
}

const fn step(step: Step) -> AllocationStep {
    AllocationStep {
        model: words::model(step.model),
        place: words::place(step.place),
    }
}

const fn to_step(step: AllocationStep) -> Step {
    Step {
        model: words::to_model(step.model),
        place: words::to_place(step.place),
    }
}
