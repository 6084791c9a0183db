//! `POST /v1/backup`

use std::fs::File;
use std::io::Read as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc;
use wire::path;

use crate::app::App;
use crate::extract::{Authorized, ManageSettings};
use crate::problem::Problem;

/// How much of the file is read at once, and how many such pieces wait for the caller.
const PIECE: usize = 256 * 1024;
const PIECES: usize = 2;

/// Take a backup.
///
/// One file with the whole store of this moment and the installation's key: whoever has it has
/// every secret of the installation. The server goes on meanwhile. `seatkeeper restore` makes a
/// store of it again.
#[utoipa::path(
    post,
    path = path::BACKUP,
    tag = "Server",
    responses(
        (status = 200, description = "The backup.", body = BackupFile, content_type = "application/octet-stream"),
        (status = 409, description = "The store is in a PostgreSQL database, which is backed up with its own tools.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 503, description = "Another backup is being made, or the disk has no room for one.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn take_backup(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
) -> Result<Response, Problem> {
    let file = app.engine.back_up(caller.actor()).await?;
    let length = file.metadata().map_err(Problem::internal)?.len();
    let (pieces, receive) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || read(file, &pieces));
    let body = Body::new(Streamed {
        pieces: receive,
        left: length,
    });
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, octets);
    let name = HeaderValue::from_static("attachment; filename=\"seatkeeper.backup\"");
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

type Piece = std::io::Result<Bytes>;

/// Reads the file for as long as somebody takes the pieces.
fn read(mut file: File, pieces: &mpsc::Sender<Piece>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
        let read = file.by_ref().take(limit).read_to_end(&mut piece);
        let sent = match read {
            Ok(0) => return,
            Ok(_) => pieces.blocking_send(Ok(piece.into())),
            Err(error) => pieces.blocking_send(Err(error)),
        };
        if sent.is_err() {
            return;
        }
    }
}

/// A file on its way to the caller.
struct Streamed {
    pieces: mpsc::Receiver<Piece>,
    left: u64,
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let this = self.get_mut();
        let piece = ready!(this.pieces.poll_recv(context));
        Poll::Ready(piece.map(|piece| {
            let piece = piece?;
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            this.left = this.left.saturating_sub(length);
            Ok(Frame::data(piece))
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// The backup, a file of bytes.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used")]
struct BackupFile(Vec<u8>);
