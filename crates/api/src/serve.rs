//! Serving a router on a socket.

mod patience;

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use patience::Patient;

/// How long requests under way get when the server ends: less than the ten seconds after which
/// containers are killed.
const FAREWELL: Duration = Duration::from_secs(8);

/// Serves until `shutdown` is done, then finishes the requests under way and returns: those that
/// are not finished after eight seconds, by then mostly callers who never send the rest, are left.
///
/// Connections have `TCP_NODELAY`, end after two minutes of silence, and are at most 16,384 at once;
/// further ones wait to be accepted.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (begin, begun) = oneshot::channel();
    let served = axum::serve(Patient::new(listener), router).with_graceful_shutdown(async {
        shutdown.await;
        // Nobody listens any more when everything has ended already.
        let _ = begin.send(());
    });
    let too_long = async {
        match begun.await {
            Ok(()) => tokio::time::sleep(FAREWELL).await,
            // The server has ended by itself; its own result counts.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = served => result,
        () = too_long => Ok(()),
    }
}
