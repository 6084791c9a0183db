//! Work on many users (S7): whom and what a request means, and the answer now or as a job.

use domain::{Actor, Target, Timestamp, UserRef};
use engine::{Bulk, BulkAnswer, BulkMode, StepAnswer, Who};
use store::Reader;
use store::query::UserFilter;
use wire::grant::BulkQuery;
use wire::job::JobStarted;
use wire::path;

use crate::answer::{Answer, Either};
use crate::app::App;
use crate::convert::names::user_ref;
use crate::extract::Authorized;
use crate::problem::Problem;
use crate::resolve;

/// Whom a request means: `users` or `everyone`.
pub(crate) fn who(
    reader: &mut Reader<'_>,
    users: Option<Vec<String>>,
    everyone: Option<wire::user::UserFilter>,
    now: Timestamp,
) -> Result<Who, Problem> {
    match (users.as_deref(), &everyone) {
        (Some([]), None) => Err(Problem::invalid_field(
            "/users",
            "the list is empty: nothing would be done",
        )),
        (Some(users), None) => {
            let numbered = users.iter().enumerate();
            let users: Result<Vec<UserRef>, _> = numbered
                .map(|(index, user)| user_ref(&format!("/users/{index}"), user))
                .collect();
            users.map(Who::These)
        }
        (None, Some(filter)) => {
            resolve::user_filter(reader, "/everyone/", filter, now).map(Who::Everyone)
        }
        _ => Err(Problem::invalid_field(
            "/users",
            "give either `users` or `everyone`",
        )),
    }
}

/// Everyone who matches the filter; everyone without one.
pub(crate) fn everyone(
    reader: &mut Reader<'_>,
    filter: Option<wire::user::UserFilter>,
    now: Timestamp,
) -> Result<UserFilter, Problem> {
    match filter {
        Some(filter) => resolve::user_filter(reader, "/everyone/", &filter, now),
        None => Ok(UserFilter::default()),
    }
}

/// Refuses a product or license that is not there, before anybody gets or loses anything.
pub(crate) fn check_targets(
    reader: &mut Reader<'_>,
    targets: &[Target],
    now: Timestamp,
) -> Result<(), Problem> {
    for (index, target) in targets.iter().enumerate() {
        match target {
            Target::Product(code, _) => {
                resolve::product(reader, &format!("/products/{index}"), code.as_str(), now)?;
            }
            Target::License(id) => {
                resolve::license(reader, *id)?;
            }
        }
    }
    Ok(())
}

/// Reads at this moment, within the caller's reach, what a request comes to, and does that.
pub(crate) async fn answer<P, T: serde::Serialize>(
    app: &App,
    caller: &Authorized<P>,
    query: BulkQuery,
    work: impl FnOnce(&mut Reader<'_>, Timestamp) -> Result<Bulk, Problem> + Send + 'static,
    done: impl FnOnce(Vec<StepAnswer>) -> Result<T, Problem>,
) -> Result<Either<Answer<T>, Answer<JobStarted>>, Problem> {
    let now = app.engine.now();
    let work = app.ask(caller, move |reader| work(reader, now)).await?;
    run(app, caller.actor(), work, mode(query), done).await
}

/// Does the work, or starts a job.
pub(crate) async fn run<T>(
    app: &App,
    actor: &Actor,
    work: Bulk,
    mode: BulkMode,
    done: impl FnOnce(Vec<StepAnswer>) -> Result<T, Problem>,
) -> Result<Either<Answer<T>, Answer<JobStarted>>, Problem>
where
    T: serde::Serialize,
{
    match app.engine.bulk(actor, work, mode).await? {
        BulkAnswer::Done(steps) | BulkAnswer::Listed(_, steps) => {
            done(steps).map(|body| Either::Now(Answer::ok(body)))
        }
        BulkAnswer::Started(job) => {
            let started = Answer::accepted(JobStarted { job: job.0 });
            Ok(Either::Later(started.at(path::fill(path::JOB, job))))
        }
    }
}

/// How the parameters want the work to be done.
pub(crate) const fn mode(query: BulkQuery) -> BulkMode {
    BulkMode {
        dry_run: query.dry_run,
        as_job: query.in_background,
        listed: false,
    }
}
