//! `GET /v1/audit/verify`

use axum::extract::State;
use wire::audit::{AuditFault, AuditReport};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, ViewAudit};
use crate::problem::Problem;

/// Check that the record is whole.
///
/// Reads all of it: nothing may have been altered or removed since it was sealed.
#[utoipa::path(
    get,
    path = path::AUDIT_VERIFY,
    tag = "Record",
    responses((status = 200, description = "What was found; `ok` says whether the record is whole.", body = AuditReport)),
    security(("bearer" = ["view_audit"])),
)]
pub(crate) async fn verify_audit(
    caller: Authorized<ViewAudit>,
    State(app): State<App>,
) -> Result<Answer<AuditReport>, Problem> {
    caller.must_reach_everything(&app).await?;
    let report = app
        .ask(&caller, |reader| Ok(reader.verify_audit()?))
        .await?;
    Ok(Answer::ok(AuditReport {
        ok: report.fault.is_none(),
        events: report.events,
        sealed: report.sealed,
        unsealed: report.events.saturating_sub(report.sealed),
        blocks: report.blocks,
        fault: report.fault.map(|fault| AuditFault {
            block: fault.block,
            seq: fault.seq,
            detail: fault.detail,
        }),
    }))
}
