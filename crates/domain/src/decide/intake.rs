//! Documents of licenses: what is new, what changes, what is refused (L3 to L5, I1).

mod judge;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::record::{Facts, LicenseFacts, of_license, record};
use super::{Context, Stop, ask_for_all, capacity, reach, refresh, timely};
use crate::command::NewLicense;
use crate::event::{EventKind, Subject};
use crate::ids::{FolderId, ProductId};
use crate::license::{License, Modules, Terms};
use crate::names::CompanyId;
use crate::outcome::{ImportAnswer, ImportCode, Outcome};
use crate::policy::Policy;
use crate::product::Product;
use crate::refusal::Refusal;
use crate::set::WorkingSet;

pub(super) use judge::refuse;

use judge::{judge, same};

type Set<T> = HashSet<T, foldhash::fast::RandomState>;
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// I1: every license of the documents is taken in, or none is.
pub(super) fn import(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    licenses: &[NewLicense],
    customers: &[CompanyId],
    folder: FolderId,
) -> Result<Outcome, Stop> {
    if !set.folder_exists(folder)? {
        return Err(Refusal::UnknownFolder.into());
    }
    for theirs in customers {
        belongs_to(set, context, theirs, "named by the first license document")?;
    }
    let mut answers = judge_all(set, context, licenses)?;
    if answers
        .iter()
        .any(|answer| answer.code == ImportCode::Refused)
    {
        return Err(Refusal::ImportRefused(answers).into());
    }
    take_judged(set, context, licenses, folder, &mut answers)?;
    Ok(Outcome::Imported(answers))
}

/// What each license of documents would come to.
pub(super) fn judge_all(
    set: &WorkingSet,
    context: &Context<'_>,
    licenses: &[NewLicense],
) -> Result<Vec<ImportAnswer>, Stop> {
    // Whole lists are asked for at once: a document may hold many thousands.
    let keys: Set<&str> = licenses.iter().map(|new| new.key.as_str()).collect();
    ask_for_all(keys.iter().filter_map(|key| set.find_issuer(key).err()))?;
    let references = licenses.iter().map(|new| new.terms.reference.key());
    ask_for_all(references.filter_map(|key| set.find_license_ref(&key).err()))?;
    let mut answers = Vec::with_capacity(licenses.len());
    let mut seen: Map<String, usize> = Map::default();
    for (index, new) in licenses.iter().enumerate() {
        let mut answer = judge(set, context, new)?;
        match seen.entry(new.terms.reference.key()) {
            Entry::Vacant(place) => drop(place.insert(index)),
            Entry::Occupied(first) => again(&mut answer, new, &licenses[*first.get()]),
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// Takes in what was judged, none of it refused.
pub(super) fn take_judged(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    licenses: &[NewLicense],
    folder: FolderId,
    answers: &mut [ImportAnswer],
) -> Result<(), Stop> {
    ask_for_more(set, licenses, answers)?;
    for (new, answer) in licenses.iter().zip(&mut *answers) {
        if matches!(answer.code, ImportCode::Added | ImportCode::Updated) {
            take_in(set, context, new, folder, answer)?;
        }
    }
    for (new, answer) in licenses.iter().zip(answers) {
        // Where the same license came twice, its first time has made the id.
        if answer.license.is_none() {
            let known = set.find_license_ref(&new.terms.reference.key())?;
            answer.license = known.map(|license| license.id);
        }
    }
    Ok(())
}

/// The same license a second time, say in a `.lic` and in a `license.xml`: no change, unless it
/// says something else than the first time.
fn again(answer: &mut ImportAnswer, new: &NewLicense, first: &NewLicense) {
    if new.issuer == first.issuer && same(&first.terms, &new.terms) {
        if answer.code != ImportCode::Refused {
            answer.code = ImportCode::Unchanged;
        }
        return;
    }
    let place = match (&first.file, &new.file) {
        (Some(first), Some(second)) if first != second => {
            format!("in {first} and, with other terms, in {second}")
        }
        _ => "twice, with different terms".to_owned(),
    };
    let detail = format!("its id {} stands {place}", new.terms.reference);
    refuse(answer, "duplicate", detail);
}

/// What taking in will need: products, and for what changes its pools, and its holders where
/// seats may be cut or counted anew.
fn ask_for_more(
    set: &WorkingSet,
    licenses: &[NewLicense],
    answers: &[ImportAnswer],
) -> Result<(), Stop> {
    let codes: Set<String> = licenses.iter().map(|new| new.terms.product.key()).collect();
    ask_for_all(
        codes
            .iter()
            .filter_map(|key| set.find_product_code(key).err()),
    )?;
    let changing = || {
        let all = licenses.iter().zip(answers);
        let changing = all.filter(|(_, answer)| answer.code != ImportCode::Unchanged);
        changing.filter_map(|(new, answer)| Some((new, answer.license?)))
    };
    ask_for_all(changing().filter_map(|(_, id)| set.pools_of(id).err()))?;
    ask_for_all(changing().filter_map(|(_, id)| set.find_refresh(id).err()))?;
    let mut lacking = Vec::new();
    for (new, id) in changing() {
        let mut occupied = 0;
        for pool in set.pools_of(id)? {
            occupied += set.pool(*pool)?.occupied;
        }
        let counted_anew = set.license(id)?.terms.counted_by != new.terms.counted_by;
        if counted_anew || occupied > new.terms.seats {
            lacking.extend(set.holders_of(id).err());
        }
    }
    ask_for_all(lacking.into_iter())
}

/// A license that comes by itself: from a license service (I3).
pub(super) struct Incoming<'a> {
    /// What it grants.
    pub(super) new: &'a NewLicense,
    /// The company id in its document.
    pub(super) customer: Option<&'a CompanyId>,
}

/// As [`import`], for one license whose refusal is an answer and no refusal of the command. Nothing was changed then.
pub(super) fn take_one(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    incoming: &Incoming<'_>,
) -> Result<ImportAnswer, Stop> {
    let new = incoming.new;
    let mut answer = judge(set, context, new)?;
    if matches!(answer.code, ImportCode::Refused | ImportCode::Unchanged) {
        return Ok(answer);
    }
    let one = std::slice::from_ref(new);
    ask_for_more(set, one, std::slice::from_ref(&answer))?;
    if let Some(theirs) = incoming.customer {
        belongs_to(set, context, theirs, "named by the first license document")?;
    }
    let folder = reach::ground(context);
    take_in(set, context, new, folder, &mut answer)?;
    Ok(answer)
}

/// L5: the document is for our company. The first one says who we are.
pub(super) fn belongs_to(
    set: &mut WorkingSet,
    context: &Context<'_>,
    theirs: &CompanyId,
    why: &str,
) -> Result<(), Stop> {
    let policy = set.policy();
    match &policy.company {
        Some(ours) if ours.key() == theirs.key() => Ok(()),
        Some(ours) => Err(Refusal::WrongCompany {
            theirs: theirs.to_string(),
            ours: ours.to_string(),
        }
        .into()),
        None => {
            let after = Policy {
                company: Some(theirs.clone()),
                version: policy.version + 1,
                ..policy.clone()
            };
            let facts = Facts::change(&policy, &after).why(why);
            record(
                set,
                context,
                EventKind::PolicyChanged,
                Subject::default(),
                facts,
            );
            set.put_policy(after);
            Ok(())
        }
    }
}

fn take_in(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewLicense,
    folder: FolderId,
    answer: &mut ImportAnswer,
) -> Result<(), Stop> {
    let product = product_of(set, context, &new.terms)?;
    let old = match answer.license {
        Some(id) => Some(set.license(id)?.clone()),
        None => None,
    };
    let license = match &old {
        Some(old) => License {
            terms: Arc::clone(&new.terms),
            issuer: new.issuer.clone(),
            key: new.key.clone(),
            validated_at: timely::confirmed_at(new, context.now),
            // Whoever takes a removed license in again wants its seats.
            replaced_by: old.replaced_by.filter(|_| old.removed_at.is_none()),
            // Only a higher revision takes its issuer's word back, or another key where the key went.
            revoked_at: old.revoked_at.filter(|_| {
                new.terms.revision == old.terms.revision && answer.code != ImportCode::Updated
            }),
            removed_at: None,
            stood: match old.removed_at {
                None => old.stood.clone(),
                Some(_) => Vec::new(),
            },
            version: old.version + 1,
            ..old.clone()
        },
        None => License {
            id: context.ids.fresh(),
            product,
            terms: Arc::clone(&new.terms),
            issuer: new.issuer.clone(),
            key: new.key.clone(),
            auto_assign: set.policy().auto_assign_default,
            imported_at: context.now,
            validated_at: timely::confirmed_at(new, context.now),
            accepted: None,
            replaced_by: None,
            revoked_at: None,
            removed_at: None,
            stood: Vec::new(),
            version: 1,
        },
    };
    let (kind, facts) = match &old {
        Some(old) if answer.code == ImportCode::Updated => (
            EventKind::LicenseUpdated,
            Facts::change(&LicenseFacts::of(old), &LicenseFacts::of(&license)),
        ),
        _ => (
            EventKind::LicenseAdded,
            Facts::after(&LicenseFacts::of(&license)),
        ),
    };
    record(set, context, kind, of_license(&license), facts);
    let id = license.id;
    answer.license = Some(id);
    answer.seats = license.capacity();
    refresh::plan(set, &license)?;
    set.put_license(license);
    if old.is_some_and(|old| old.terms.counted_by != new.terms.counted_by) {
        capacity::recount(set, id)?;
    }
    answer.displaced = capacity::fit(set, context, id, folder)?;
    Ok(())
}

fn product_of(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    terms: &Terms,
) -> Result<ProductId, Stop> {
    let known = set.find_product_code(&terms.product.key())?;
    // A name that only repeats the code says nothing, and takes no name away.
    let name = match known {
        Some(known) if terms.product_name.as_str() == terms.product.as_str() => known.name.clone(),
        _ => terms.product_name.clone(),
    };
    let missing = |product: &Product| match &terms.modules {
        Modules::All => false,
        Modules::Only(modules) => !modules.is_subset(&product.modules),
    };
    if let Some(product) = known
        && product.ever_licensed
        && product.name == name
        && !missing(product)
    {
        return Ok(product.id);
    }
    let mut product = known.cloned().unwrap_or_else(|| Product {
        id: context.ids.fresh(),
        code: terms.product.clone(),
        name: name.clone(),
        modules: std::collections::BTreeSet::new(),
        ever_licensed: false,
        demo_in_use: 0,
    });
    let is_new = !product.ever_licensed;
    product.name = name;
    product.ever_licensed = true;
    if let Modules::Only(modules) = &terms.modules {
        product.modules.extend(modules.iter().cloned());
    }
    let id = product.id;
    if is_new {
        let facts = serde_json::json!({ "product": product.code, "name": product.name });
        let subject = Subject {
            product: Some(id),
            ..Subject::default()
        };
        record(
            set,
            context,
            EventKind::ProductAdded,
            subject,
            Facts::after(&facts),
        );
    }
    set.put_product(product);
    Ok(id)
}
