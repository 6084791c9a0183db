//! What connections are for, and the patience that goes with it.

use std::time::Duration;

/// What a connection is for, and how long it waits for an answer. The server gives a statement
/// up a little before, so that it is still there to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Batches of commands: short statements under the lock that everybody waits for.
    Write,
    /// Checks, many at once, with the questions that batches ask.
    Follow,
    /// Other decisions that are thrown away, and lists.
    Read,
    /// Looking every moment whether something changed.
    Watch,
    /// All of a store in one go, to check or to copy it: it takes as long as it takes.
    Whole,
    /// Changing the schema.
    Migrate,
}

impl Purpose {
    /// How long an answer is waited for.
    pub(super) const fn patience(self) -> Duration {
        Duration::from_secs(match self {
            Self::Write | Self::Follow => 20,
            Self::Read => 65,
            Self::Watch => 3,
            Self::Whole | Self::Migrate => 3_600,
        })
    }

    /// How long a commit may take. It waits for the standby too, but one that takes longer than
    /// this waits for something that is gone, unless the standby has a whole store to catch up with.
    pub(super) const fn commit_patience(self) -> Duration {
        Duration::from_secs(match self {
            Self::Whole | Self::Migrate => 3_600,
            _ => 8,
        })
    }

    /// What the server is told at the beginning. Who stops in the middle of a transaction, as a
    /// paused machine does, must not hold the lock for long. Plans go by index whatever a table's
    /// statistics said when they were made. What is written is on the disk, and on the standby if
    /// there is a synchronous one, before it is answered, whatever the database is set to.
    pub(crate) const fn settings(self) -> &'static str {
        match self {
            Self::Write | Self::Follow => {
                "SET statement_timeout = '15s'; SET lock_timeout = '10s'; \
                 SET idle_in_transaction_session_timeout = '15s'; SET jit = off; \
                 SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
                 SET enable_hashjoin = off; SET enable_mergejoin = off; \
                 SET enable_bitmapscan = off; \
                 SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') <> 'remote_apply'"
            }
            Self::Read => {
                "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; \
                 SET jit = off"
            }
            Self::Watch => {
                "SET statement_timeout = '3s'; SET lock_timeout = '2s'; \
                 SET idle_session_timeout = '15s'"
            }
            Self::Whole => {
                "SET statement_timeout = 0; SET lock_timeout = '10s'; \
                 SET idle_in_transaction_session_timeout = 0; SET jit = off; \
                 SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') <> 'remote_apply'"
            }
            Self::Migrate => "SET statement_timeout = 0; SET lock_timeout = '60s'",
        }
    }
}
