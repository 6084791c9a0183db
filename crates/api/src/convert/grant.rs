//! Work on many users at once (S7).

use std::collections::BTreeMap;

use domain::outcome::{GrantAnswer, RecallAnswer};
use domain::{Outcome, ProductCode, Refusal, Target};
use engine::{EngineError, StepAnswer};
use wire::grant::{GrantResult, Granted, ProductAsk, ProductChoice, RecallResult, Recalled};
use wire::{GrantCode, RecallCode};

use super::names::field;
use super::{session, words};
use crate::problem::Problem;

/// What is granted or recalled: `products` or `licenses`.
pub(crate) fn targets(
    products: Option<Vec<ProductChoice>>,
    licenses: Option<Vec<uuid::Uuid>>,
) -> Result<Vec<Target>, Problem> {
    let targets: Vec<Target> = match (products, licenses) {
        (Some(products), None) => {
            let numbered = products.into_iter().enumerate();
            numbered
                .map(|(index, product)| product_target(index, product))
                .collect::<Result<_, _>>()?
        }
        (None, Some(licenses)) => licenses
            .into_iter()
            .map(|id| Target::License(id.into()))
            .collect(),
        _ => {
            let detail = "give either `products` or `licenses`";
            return Err(Problem::invalid_field("/products", detail));
        }
    };
    if targets.is_empty() {
        return Err(Problem::invalid_field(
            "/products",
            "the list is empty: nothing would be done",
        ));
    }
    Ok(targets)
}

fn product_target(index: usize, product: ProductChoice) -> Result<Target, Problem> {
    let at = format!("/products/{index}");
    let pointer = match &product {
        ProductChoice::Code(_) => at.clone(),
        ProductChoice::Ask(_) => format!("{at}/code"),
    };
    let ProductAsk {
        code,
        access,
        modules,
    } = product.into();
    let code = field(&pointer, ProductCode::parse(&code))?;
    Ok(Target::Product(code, session::ask(&at, access, &modules)?))
}

/// What a grant came to.
pub(crate) fn granted(steps: Vec<StepAnswer>) -> Result<Granted, Problem> {
    let mut results = Vec::with_capacity(steps.len());
    let mut counts = BTreeMap::new();
    for step in steps {
        let product = product(step.target.as_ref());
        let (code, detail, answer) = match step.result {
            Ok(Outcome::Grant(answer)) => {
                let detail = engine::fault_of_grant(answer.code).map(str::to_owned);
                (words::grant_code(answer.code), detail, answer)
            }
            Ok(other) => return Err(Problem::unexpected(&other)),
            Err(error) => {
                let detail = error.to_string();
                (grant_refusal(error)?, Some(detail), no_grant())
            }
        };
        count(&mut counts, code.code());
        let (license, serial) = split(answer.license);
        results.push(GrantResult {
            user: answer.user.or(step.user).map(|user| user.0),
            username: step.username,
            product,
            license,
            serial,
            code,
            detail,
            seat: answer.seat.map(|seat| seat.0),
        });
    }
    Ok(Granted { results, counts })
}

/// What a recall came to.
pub(crate) fn recalled(steps: Vec<StepAnswer>) -> Result<Recalled, Problem> {
    let mut results = Vec::with_capacity(steps.len());
    let mut counts = BTreeMap::new();
    for step in steps {
        let product = product(step.target.as_ref());
        let (answers, refused) = match step.result {
            Ok(Outcome::Recall(answers)) => (answers, None),
            Ok(other) => return Err(Problem::unexpected(&other)),
            Err(error) => {
                let detail = error.to_string();
                (vec![nobody()], Some((recall_refusal(error)?, Some(detail))))
            }
        };
        for answer in answers {
            let (code, detail) = refused.clone().unwrap_or_else(|| {
                let code = words::recall_code(answer.code);
                (code, detail_of_recall(answer.code))
            });
            count(&mut counts, code.code());
            let (license, serial) = split(answer.license);
            results.push(RecallResult {
                user: answer.user.or(step.user).map(|user| user.0),
                username: step.username.clone(),
                product: product.clone(),
                license,
                serial,
                code,
                detail,
                left: words::sources(answer.left),
            });
        }
    }
    Ok(Recalled { results, counts })
}

/// What there is to say of a recall beyond its code.
fn detail_of_recall(code: domain::outcome::RecallCode) -> Option<String> {
    use domain::outcome::RecallCode as Code;
    match code {
        Code::Borrowed => Some("it is borrowed: free when the loan ends or is returned".to_owned()),
        Code::Released | Code::Releasing | Code::StillHeld | Code::NotHeld | Code::UnknownUser => {
            None
        }
    }
}

fn product(target: Option<&Target>) -> Option<String> {
    match target {
        Some(Target::Product(code, _)) => Some(code.as_str().to_owned()),
        _ => None,
    }
}

fn split(
    license: Option<(domain::LicenseId, domain::Serial)>,
) -> (Option<uuid::Uuid>, Option<String>) {
    match license {
        Some((id, serial)) => (Some(id.0), Some(serial.into())),
        None => (None, None),
    }
}

/// What is refused of one user takes nothing from the answer about the others. Products and
/// licenses were looked up before; one may have gone since.
fn grant_refusal(error: EngineError) -> Result<GrantCode, Problem> {
    match error {
        EngineError::Refused(Refusal::UnknownUser) => Ok(GrantCode::UnknownUser),
        EngineError::Refused(Refusal::OutsideYourFolder(_)) => Ok(GrantCode::OutsideYourFolder),
        EngineError::Refused(Refusal::UnknownProduct(_) | Refusal::UnknownLicense) => {
            Ok(GrantCode::NotLicensed)
        }
        error => Err(error.into()),
    }
}

fn recall_refusal(error: EngineError) -> Result<RecallCode, Problem> {
    match error {
        EngineError::Refused(Refusal::UnknownUser) => Ok(RecallCode::UnknownUser),
        EngineError::Refused(Refusal::OutsideYourFolder(_)) => Ok(RecallCode::OutsideYourFolder),
        error => Err(error.into()),
    }
}

const fn no_grant() -> GrantAnswer {
    GrantAnswer {
        code: domain::outcome::GrantCode::UnknownUser,
        user: None,
        license: None,
        seat: None,
    }
}

fn nobody() -> RecallAnswer {
    RecallAnswer {
        code: domain::outcome::RecallCode::UnknownUser,
        user: None,
        license: None,
        left: domain::Sources::default(),
    }
}

fn count(counts: &mut BTreeMap<String, u64>, code: &str) {
    match counts.get_mut(code) {
        Some(count) => *count += 1,
        None => {
            counts.insert(code.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::outcome::{GrantCode as Code, RecallCode};

    fn step(result: Result<Outcome, EngineError>) -> StepAnswer {
        StepAnswer {
            row: None,
            user: None,
            username: "anna".into(),
            target: None,
            result,
        }
    }

    #[test]
    fn s3_whoever_gets_no_seat_is_told_why() {
        let grant = |code| {
            let answer = GrantAnswer { code, ..no_grant() };
            step(Ok(Outcome::Grant(answer)))
        };
        let nobody = step(Err(EngineError::Refused(Refusal::UnknownUser)));
        let steps = vec![grant(Code::Granted), grant(Code::NoFreeSeat), nobody];
        let Ok(granted) = granted(steps) else {
            panic!("a list of grants")
        };
        let details: Vec<_> = granted.results.iter().map(|one| &one.detail).collect();
        assert_eq!(details[0], &None);
        assert_eq!(
            details[1].as_deref(),
            Some("no seat is free where the policy looks")
        );
        assert_eq!(details[2].as_deref(), Some("there is no such user"));
    }

    #[test]
    fn h5_a_recall_of_a_borrowed_seat_says_when_it_is_free() {
        let recall = |code| {
            let answer = RecallAnswer { code, ..nobody() };
            step(Ok(Outcome::Recall(vec![answer])))
        };
        let steps = vec![recall(RecallCode::Released), recall(RecallCode::Borrowed)];
        let Ok(recalled) = recalled(steps) else {
            panic!("a list of recalls")
        };
        assert_eq!(recalled.results[0].detail, None);
        let detail = recalled.results[1].detail.as_deref();
        assert!(detail.is_some_and(|why| why.contains("when the loan ends")));
    }
}
