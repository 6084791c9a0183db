//! A world in memory: rows, a clock, and whoever acts.

mod acts;
mod admin;
mod batch;
mod invariants;
mod memory;
mod record;
pub(crate) mod refreshing;
mod rows;
mod save;
mod setup;
mod specs;
mod views;

/// What the tests of the rules use.
pub(crate) mod prelude {
    pub(crate) use super::acts::{
        Access, Asking, ask, grant_in_words, granting, product, recall_in_words, recalling,
        signing_in, signing_out,
    };
    pub(crate) use super::admin::done;
    pub(crate) use super::batch::Answer;
    pub(crate) use super::rows::Rows;
    pub(crate) use super::setup::{account, northwinds, path, world};
    pub(crate) use super::specs::{LicenseSpec, dedicated, floating, site};
    pub(crate) use super::{BEGINNING, World};
    pub(crate) use domain::{Command, Outcome, Refusal};
}

use rows::Rows;
use specs::LicenseSpec;

use domain::{Actor, Ids, Millis, Timestamp};

/// When every world begins: 2026-01-01T00:00:00Z.
pub(crate) const BEGINNING: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Rows, a clock, and whoever acts.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) rows: Rows,
    pub(crate) now: Timestamp,
    /// Makes ids that ascend for as long as the world lasts.
    ids: Ids,
    actor: Actor,
    /// How many needs the last batch had.
    pub(crate) needs: usize,
    /// What is known from batch to batch, if that is to be.
    memory: Option<Box<memory::Memory>>,
}

impl World {
    /// Time passes.
    pub(crate) fn wait(&mut self, span: Millis) {
        self.now = self.now.plus(span);
    }

    /// Seconds pass.
    pub(crate) fn wait_s(&mut self, seconds: i64) {
        self.wait(Millis::seconds(seconds));
    }

    /// Days pass.
    pub(crate) fn wait_days(&mut self, days: i64) {
        self.wait(Millis::days(days));
    }

    /// So much time passes that every session lapses that nobody keeps alive (H2).
    pub(crate) fn let_sessions_lapse(&mut self) {
        let lease = self.rows.policy.lease(self.now).since(self.now);
        self.wait(lease);
    }

    /// From now on a license manager acts who is limited to a folder.
    pub(crate) fn act_within(&mut self, folder: &str) {
        self.act_in(self.folder_id(folder));
    }

    /// The same, by the folder's id.
    pub(crate) fn act_in(&mut self, folder: domain::FolderId) {
        self.actor = Actor {
            reach: domain::Reach::Folder(folder),
            ..Actor::new("limited", domain::Role::Manager)
        };
    }

    /// From now on the server itself acts.
    pub(crate) fn act_freely(&mut self) {
        self.actor = Actor::system();
    }

    /// From now on somebody else acts.
    pub(crate) fn act_as(&mut self, role: domain::Role) {
        self.actor = Actor::new(role.code(), role);
    }
}
