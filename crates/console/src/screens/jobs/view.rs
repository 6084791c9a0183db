//! A job, as pages show it.

use domain::Timestamp;
use domain::outcome::PutCode;
use domain::undo::UndoCode;
use engine::{JobKind, JobState, JobStatus};

use crate::fault::sentence;
use crate::page::Tone;
use crate::texts::Texts;
use crate::ui::{Badge, Tally, grouped};

/// So many refusals are shown; the file has more.
const MOST_REFUSED: usize = 200;

/// A job on a page.
#[derive(Debug)]
pub(crate) struct JobView {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) badge: Badge,
    pub(crate) running: bool,
    pub(crate) dry_run: bool,
    pub(crate) by: String,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) done: u64,
    pub(crate) total: u64,
    pub(crate) how_far: String,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) has_rows: bool,
    /// That there are more refusals than are shown.
    pub(crate) more: Option<String>,
    /// The job that it takes back, by its address and what it is called.
    pub(crate) undoes: Option<(String, String)>,
    /// Whether it was undone, and by which job.
    pub(crate) undone: Option<Undone>,
    /// From where its progress is asked anew, where a part of another page follows it.
    pub(crate) watched: Option<String>,
}

/// That a job was undone.
#[derive(Debug)]
pub(crate) struct Undone {
    pub(crate) by: String,
    /// Whether that job was stopped before its end.
    pub(crate) in_part: bool,
}

/// One thing that a job could not do.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) row: Option<u64>,
    pub(crate) who: String,
    pub(crate) why: String,
}

impl JobView {
    pub(crate) fn new(t: &'static Texts, status: JobStatus) -> Self {
        let j = t.jobs;
        let kind = kind(t, status.kind);
        let tallies = status.counts.iter().map(|(code, count)| {
            let (what, tone) = match (status.kind, UndoCode::from_code(code)) {
                (JobKind::Undo, Some(code)) => {
                    let (what, tone) = taken_back(t, code);
                    (what.to_owned(), tone)
                }
                _ => came_to(t, code),
            };
            let of_account = PutCode::from_code(code)
                .and_then(|code| changed(t, status.kind, code, status.dry_run));
            let what = of_account
                .or_else(|| {
                    let is_seat = status.dry_run && status.kind != JobKind::Undo;
                    would_come_to(t, code).filter(|_| is_seat)
                })
                .map_or(what, str::to_owned);
            Tally {
                count: *count,
                what,
                tone,
            }
        });
        let kept = status.errors.len();
        let refused = status.errors.iter().take(MOST_REFUSED);
        Self {
            id: status.id.to_string(),
            what: if status.subject.is_empty() {
                kind.to_owned()
            } else {
                j.of.of2(kind, &status.subject)
            },
            badge: badge(t, status.state),
            running: status.state == JobState::Running,
            dry_run: status.dry_run,
            by: status.actor,
            started: status.started_at,
            ended: status.ended_at,
            done: status.done,
            // A bar of nothing would be no bar.
            total: status.total.max(1),
            how_far: j.progress.of2(grouped(status.done), grouped(status.total)),
            tallies: tallies.collect(),
            has_rows: status.errors.iter().any(|error| error.row.is_some()),
            more: (kept > MOST_REFUSED).then(|| j.refused_more.of(MOST_REFUSED)),
            refused: refused
                .map(|error| Refused {
                    row: error.row,
                    who: error.username.clone().unwrap_or_default(),
                    why: sentence(&error.detail),
                })
                .collect(),
            undoes: None,
            undone: None,
            watched: None,
        }
    }

    /// Lets its progress ask anew by itself, for a page that is about something else.
    pub(crate) fn watch(&mut self) {
        self.watched = self.running.then(|| format!("/jobs/{}?watch=1", self.id));
    }
}

const fn kind(t: &Texts, kind: JobKind) -> &'static str {
    let j = t.jobs;
    match kind {
        JobKind::UserImport => j.user_import,
        JobKind::Grant => j.grant,
        JobKind::Recall => j.recall,
        JobKind::AssignAll => j.assign_all,
        JobKind::AssignMissing => j.assign_missing,
        JobKind::ClearAll => j.clear_all,
        JobKind::UserMove => j.user_move,
        JobKind::UserActivate => j.user_activate,
        JobKind::UserDeactivate => j.user_deactivate,
        JobKind::Undo => j.undo,
    }
}

/// What a change of accounts came to, or would, in the words of that change; none of an import,
/// which can change anything.
pub(crate) const fn changed(
    t: &Texts,
    kind: JobKind,
    code: PutCode,
    dry_run: bool,
) -> Option<&'static str> {
    let j = t.jobs;
    Some(match (kind, code, dry_run) {
        (JobKind::UserMove, PutCode::Updated, false) => j.moved,
        (JobKind::UserMove, PutCode::Unchanged, false) => j.lived_there,
        (JobKind::UserMove, PutCode::Updated, true) => j.would_move,
        (JobKind::UserMove, PutCode::Unchanged, true) => j.live_there,
        (JobKind::UserActivate, PutCode::Updated, false) => j.activated,
        (JobKind::UserActivate, PutCode::Unchanged, false) => j.was_active,
        (JobKind::UserActivate, PutCode::Updated, true) => j.would_activate,
        (JobKind::UserActivate, PutCode::Unchanged, true) => j.are_active,
        (JobKind::UserDeactivate, PutCode::Updated, false) => j.deactivated,
        (JobKind::UserDeactivate, PutCode::Unchanged, false) => j.was_inactive,
        (JobKind::UserDeactivate, PutCode::Updated, true) => j.would_deactivate,
        (JobKind::UserDeactivate, PutCode::Unchanged, true) => j.are_inactive,
        _ => return None,
    })
}

const fn badge(t: &Texts, state: JobState) -> Badge {
    let j = t.jobs;
    let (tone, word) = match state {
        JobState::Running => (Tone::Info, j.running),
        JobState::Done => (Tone::Good, j.done),
        JobState::Failed => (Tone::Bad, j.failed),
        JobState::Cancelled => (Tone::Warn, j.cancelled),
    };
    Badge { tone, word }
}

/// What taking back a change came to, or would: the same words for both.
pub(crate) const fn taken_back(t: &Texts, code: UndoCode) -> (&'static str, Tone) {
    use UndoCode as C;
    let j = t.jobs;
    match code {
        C::MovedBack => (j.moved_back, Tone::Good),
        C::Activated => (j.active_again, Tone::Good),
        C::Deactivated => (j.inactive_again, Tone::Good),
        C::GivenBack => (j.given_back, Tone::Good),
        C::Released => (j.released, Tone::Good),
        C::Releasing => (j.releasing, Tone::Warn),
        C::Borrowed => (j.borrowed, Tone::Warn),
        C::StillHeld => (j.still_held, Tone::Plain),
        C::Unchanged => (j.back_already, Tone::Plain),
        C::MovedSince => (j.moved_since, Tone::Warn),
        C::UnknownFolder => (j.folder_gone, Tone::Warn),
        C::RecalledSince => (j.recalled_since, Tone::Plain),
        C::NoFreeSeat => (j.no_seat_back, Tone::Warn),
        C::NotUsable | C::NotAssignable => (j.license_over, Tone::Warn),
        C::UserInactive => (j.inactive_now, Tone::Warn),
        C::UnknownUser => (j.account_gone, Tone::Plain),
    }
}

/// What steps would come to, where that reads otherwise.
fn would_come_to(t: &Texts, code: &str) -> Option<&'static str> {
    let l = t.licenses;
    Some(match code {
        "granted" => l.tally_granted,
        "already_held" => l.tally_held,
        "no_free_seat" => l.tally_no_seat,
        "user_inactive" => l.tally_inactive,
        "not_held" => l.tally_not_held,
        "updated" => t.jobs.would_change,
        "unchanged" => t.jobs.would_stay,
        _ => return None,
    })
}

/// What steps came to, by their stable code.
fn came_to(t: &Texts, code: &str) -> (String, Tone) {
    let j = t.jobs;
    let (word, tone) = match code {
        "granted" => (j.granted, Tone::Good),
        "created" => (j.created, Tone::Good),
        "updated" => (j.updated, Tone::Info),
        "released" => (j.released, Tone::Good),
        "already_held" => (j.already_held, Tone::Plain),
        "unchanged" => (j.unchanged, Tone::Plain),
        "not_held" => (j.not_held, Tone::Plain),
        "user_inactive" => (j.user_inactive, Tone::Plain),
        "still_held" => (j.still_held, Tone::Plain),
        "releasing" => (j.releasing, Tone::Warn),
        "borrowed" => (j.borrowed, Tone::Warn),
        "no_free_seat" => (j.no_free_seat, Tone::Warn),
        "not_licensed" => (j.not_licensed, Tone::Bad),
        other => return (other.replace('_', " "), Tone::Bad),
    };
    (word.to_owned(), tone)
}
