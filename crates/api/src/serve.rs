//! Serving a router on a socket.

mod patience;

use std::future::Future;
use std::io;

use axum::Router;
use tokio::net::TcpListener;

use patience::Patient;

/// Serves until `shutdown` is done, then finishes the requests under way and returns.
///
/// Connections have `TCP_NODELAY`, end after two minutes of silence, and are at most 16,384 at once;
/// further ones wait to be accepted.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(Patient::new(listener), router)
        .with_graceful_shutdown(shutdown)
        .await
}
