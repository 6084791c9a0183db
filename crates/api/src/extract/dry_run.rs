//! `?dry_run=`

use serde::Deserialize;
use utoipa::IntoParams;

/// The parameter of what can be looked at first (S13).
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DryRun {
    /// Whether only to say what would happen.
    #[serde(default)]
    pub(crate) dry_run: bool,
}
