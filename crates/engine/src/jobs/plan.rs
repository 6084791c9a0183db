//! From work on many users to commands, a few at a time.

use std::collections::VecDeque;

use domain::command::{FolderRef, UserPatch};
use domain::outcome::RecallCode;
use domain::{Command, JobId, LicenseId, Need, Outcome, Target, UserId, UserRef, WorkingSet};
use store::query::UserFilter;
use store::{Reader, StoreError};

use super::{Bulk, StepAnswer, Who};
use crate::error::EngineError;
use crate::people_csv::{People, PutUser};

/// How many steps are planned, and so carried out, at once.
const CHUNK: usize = 128;

/// How many accounts are switched off at once: a transaction that is shared with nobody, so that
/// sign-ins wait for its end.
const CHUNK_ALONE: usize = 32;

/// How many accounts are looked up at once. Those in several folders are sorted each time.
const ACCOUNTS: u32 = 1_024;

/// One step: a command about a user.
pub(crate) struct Step {
    row: Option<u64>,
    /// The number of the step of another job that it takes back.
    pub(super) undoes: Option<u64>,
    user: Option<UserId>,
    username: String,
    target: Option<Target>,
    pub(crate) command: Command,
}

impl Step {
    /// The answer to this step.
    pub(crate) fn answer(self, result: Result<Outcome, EngineError>) -> StepAnswer {
        let user = match &result {
            Ok(Outcome::User { user, .. }) => Some(*user),
            _ => self.user,
        };
        StepAnswer {
            row: self.row,
            user,
            username: self.username,
            target: self.target,
            result,
        }
    }
}

/// What is still to be done.
pub(crate) struct Plan {
    subjects: Subjects,
    deed: Deed,
    ready: VecDeque<Step>,
}

/// Whom it is about.
enum Subjects {
    These(std::vec::IntoIter<UserRef>),
    Everyone {
        filter: Box<UserFilter>,
        after: Option<UserId>,
    },
    /// Each row is read when it is its turn.
    Put(Box<People>),
    /// Whatever this job changed, from a step on.
    Changed {
        job: JobId,
        from: u64,
    },
}

/// What is done to each.
enum Deed {
    Grant {
        targets: Vec<Target>,
        source: domain::Source,
    },
    Recall {
        targets: Vec<Target>,
        source: Option<domain::Source>,
        now: bool,
        /// Whoever holds nothing was not meant.
        holders_only: bool,
    },
    Put,
    Update(UserPatch),
    TakeBack,
}

impl Plan {
    /// The plan of some work, and how many steps it has at most.
    pub(crate) fn new(work: Bulk, reader: &mut Reader<'_>) -> Result<(Self, u64), EngineError> {
        let everyone = |filter| Who::Everyone(filter);
        let (who, deed) = match work {
            Bulk::PutUsers(file) => {
                let subjects = Subjects::Put(Box::new(file.people()));
                return Ok((Self::of(subjects, Deed::Put), file.count()));
            }
            Bulk::Grant {
                who,
                targets,
                source,
            } => (who, Deed::Grant { targets, source }),
            Bulk::Recall {
                who,
                targets,
                source,
                now,
            } => {
                let holders_only = false;
                let deed = Deed::Recall {
                    targets,
                    source,
                    now,
                    holders_only,
                };
                (who, deed)
            }
            Bulk::MoveUsers { who, to } => {
                let patch = UserPatch {
                    folder: Some(FolderRef::Id(to)),
                    ..UserPatch::default()
                };
                (who, Deed::Update(patch))
            }
            Bulk::SetActive { who, active } => {
                let patch = UserPatch {
                    active: Some(active),
                    ..UserPatch::default()
                };
                (who, Deed::Update(patch))
            }
            Bulk::AssignAll {
                license,
                everyone: filter,
            } => (everyone(filter), assign(license)),
            Bulk::AssignMissing {
                license,
                everyone: mut filter,
            } => {
                filter.unlicensed = Some(product_of(reader, license)?);
                (everyone(filter), assign(license))
            }
            Bulk::ClearAll {
                license,
                everyone: mut filter,
                now,
            } => {
                // Fewer to look at; whether it is a seat of this license, the recall tells.
                filter.product.get_or_insert(product_of(reader, license)?);
                let deed = Deed::Recall {
                    targets: vec![Target::License(license)],
                    source: None,
                    now,
                    holders_only: true,
                };
                (everyone(filter), deed)
            }
        };
        let (subjects, users) = match who {
            Who::These(users) => {
                let total = users.len() as u64;
                (Subjects::These(users.into_iter()), total)
            }
            Who::Everyone(filter) => {
                let total = reader.count_users(&filter)?;
                let after = None;
                let filter = Box::new(filter);
                (Subjects::Everyone { filter, after }, total)
            }
        };
        let total = users.saturating_mul(deed.steps_each());
        Ok((Self::of(subjects, deed), total))
    }

    /// The plan of taking back what a job changed, and how many steps it has.
    pub(crate) fn undo(job: JobId, reader: &mut Reader<'_>) -> Result<(Self, u64), StoreError> {
        let total = reader.count_job_changes(job)?;
        let subjects = Subjects::Changed { job, from: 0 };
        Ok((Self::of(subjects, Deed::TakeBack), total))
    }

    fn of(subjects: Subjects, deed: Deed) -> Self {
        Self {
            subjects,
            deed,
            ready: VecDeque::new(),
        }
    }

    /// The next steps, for one transaction: some that share it with others, or some accounts of a
    /// file, or one step that stands alone; none at the end.
    pub(crate) fn next(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Step>, StoreError> {
        while self.ready.len() < CHUNK && self.plan_more(reader)? {}
        // A file names nobody twice, so that what it reads from the store of somebody who is
        // switched off was changed by no other of its rows.
        let of_a_file = matches!(self.deed, Deed::Put);
        let sharing = self
            .ready
            .iter()
            .take(CHUNK)
            .take_while(|step| of_a_file || step.command.shares_a_batch())
            .count();
        // Nor do changes of accounts, all of one kind, read what others of them wrote.
        let alone = match self.deed {
            Deed::Update(_) | Deed::TakeBack => CHUNK_ALONE,
            _ => 1,
        };
        let count = if sharing == 0 { alone } else { sharing };
        let count = count.min(self.ready.len());
        Ok(self.ready.drain(..count).collect())
    }

    /// Whether an answer is about somebody who was meant.
    pub(crate) fn counts(&self, answer: &StepAnswer) -> bool {
        let holders_only = matches!(
            self.deed,
            Deed::Recall {
                holders_only: true,
                ..
            }
        );
        let held_nothing = |outcome: &Outcome| {
            matches!(outcome, Outcome::Recall(answers)
                if answers.iter().all(|answer| answer.code == RecallCode::NotHeld))
        };
        !(holders_only && answer.result.as_ref().is_ok_and(held_nothing))
    }

    /// Plans the steps of some more subjects; false when there are none.
    fn plan_more(&mut self, reader: &mut Reader<'_>) -> Result<bool, StoreError> {
        match &mut self.subjects {
            Subjects::Changed { job, from } => {
                let found = reader.job_changes(*job, *from, ACCOUNTS)?;
                let Some((last, _)) = found.last() else {
                    return Ok(false);
                };
                *from = last + 1;
                for (number, change) in found {
                    let account = reader.find_user(change.user)?;
                    let username = match account {
                        Some(account) => account.username.to_string(),
                        None => change.user.to_string(),
                    };
                    self.ready.push_back(Step {
                        row: None,
                        undoes: Some(number),
                        user: Some(change.user),
                        username,
                        target: None,
                        command: Command::TakeBack(change),
                    });
                }
            }
            Subjects::Put(people) => {
                let Some(put) = people.next() else {
                    return Ok(false);
                };
                let PutUser {
                    row,
                    username,
                    patch,
                } = put;
                self.ready.push_back(Step {
                    row: Some(row),
                    undoes: None,
                    user: None,
                    username: username.to_string(),
                    target: None,
                    command: Command::PutUser { username, patch },
                });
            }
            Subjects::These(users) => {
                let Some(user) = users.next() else {
                    return Ok(false);
                };
                let account = match &user {
                    UserRef::Id(id) => reader.find_user(*id)?,
                    UserRef::Name(name) => reader.find_username(&name.key())?,
                };
                let (id, username) = match (account, &user) {
                    (Some(account), _) => (Some(account.id), account.username.to_string()),
                    (None, UserRef::Id(id)) => (None, id.to_string()),
                    (None, UserRef::Name(name)) => (None, name.to_string()),
                };
                self.deed.plan(&mut self.ready, &user, id, &username);
            }
            Subjects::Everyone { filter, after } => {
                let ids = reader.user_ids(filter, *after, ACCOUNTS)?;
                let Some(last) = ids.last() else {
                    return Ok(false);
                };
                *after = Some(*last);
                for id in ids {
                    if let Some(account) = reader.find_user(id)? {
                        let username = account.username.to_string();
                        let user = UserRef::Id(id);
                        self.deed.plan(&mut self.ready, &user, Some(id), &username);
                    }
                }
            }
        }
        Ok(true)
    }
}

impl Deed {
    fn targets(&self) -> &[Target] {
        match self {
            Self::Grant { targets, .. } | Self::Recall { targets, .. } => targets,
            Self::Put | Self::Update(_) | Self::TakeBack => &[],
        }
    }

    /// How many steps one user has.
    fn steps_each(&self) -> u64 {
        match self {
            Self::Update(_) => 1,
            _ => self.targets().len() as u64,
        }
    }

    /// The steps of one user.
    fn plan(&self, ready: &mut VecDeque<Step>, user: &UserRef, id: Option<UserId>, name: &str) {
        if let Self::Update(patch) = self {
            ready.push_back(Step {
                row: None,
                undoes: None,
                user: id,
                username: name.to_owned(),
                target: None,
                command: Command::UpdateUser {
                    // Nobody has this id, so that the rule says that there is no such user.
                    user: id.unwrap_or(UserId(uuid::Uuid::nil())),
                    patch: patch.clone(),
                    version: None,
                },
            });
        }
        for target in self.targets() {
            let (user, of) = (user.clone(), target.clone());
            let command = match self {
                Self::Grant { source, .. } => Command::Grant {
                    user,
                    target: of,
                    source: *source,
                },
                Self::Recall { source, now, .. } => Command::Recall {
                    user,
                    target: of,
                    source: *source,
                    now: *now,
                },
                Self::Put | Self::Update(_) | Self::TakeBack => return,
            };
            ready.push_back(Step {
                row: None,
                undoes: None,
                user: id,
                username: name.to_owned(),
                target: Some(target.clone()),
                command,
            });
        }
    }
}

fn assign(license: LicenseId) -> Deed {
    Deed::Grant {
        targets: vec![Target::License(license)],
        source: domain::Source::Hand,
    }
}

/// The product of a license that is there.
fn product_of(reader: &mut Reader<'_>, id: LicenseId) -> Result<domain::ProductId, EngineError> {
    let mut set = WorkingSet::new(reader.policy()?);
    reader.load(&mut set, &Need::License(id), domain::Timestamp::NEVER)?;
    let license = set.known_license(id);
    let license = license.ok_or(EngineError::Refused(domain::Refusal::UnknownLicense))?;
    Ok(license.product)
}

#[cfg(test)]
mod tests;
