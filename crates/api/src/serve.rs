//! Serving a router on a socket.

mod patience;

use std::future::Future;
use std::future::IntoFuture as _;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use patience::Patient;

/// How long requests under way get when the server ends: less than the ten seconds after which
/// containers are killed.
const FAREWELL: Duration = Duration::from_secs(8);

/// The other end of a connection; in the extensions of each request, as `ConnectInfo<Peer>`.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Patient>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Patient>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Serves until `shutdown` is done, then finishes the requests under way and returns: those that
/// are not finished after eight seconds, by then mostly callers who never send the rest, are left.
///
/// Connections have `TCP_NODELAY`, end after two minutes of silence or when the head of a request
/// is not whole within ten seconds, and are at most 16,384 at once; further ones wait to be accepted.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (ending, begun) = noted(shutdown);
    let routers = router.into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(Patient::new(listener), routers).with_graceful_shutdown(ending);
    until_the_end(served.into_future(), begun).await
}

/// As [`serve`], for a router that asks who the other end of a connection is (`ConnectInfo<SocketAddr>`).
pub async fn serve_with_addresses(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router.layer(map_request(
        async |peer: ConnectInfo<Peer>, mut request: Request| {
            let ConnectInfo(Peer(address)) = peer;
            request.extensions_mut().insert(ConnectInfo(address));
            request
        },
    ));
    serve(listener, router, shutdown).await
}

/// The wish to stop, and what tells that it came.
fn noted(
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> (
    impl Future<Output = ()> + Send + 'static,
    oneshot::Receiver<()>,
) {
    let (begin, begun) = oneshot::channel();
    let ending = async {
        shutdown.await;
        // Nobody listens any more when everything has ended already.
        let _ = begin.send(());
    };
    (ending, begun)
}

async fn until_the_end(
    served: impl Future<Output = io::Result<()>>,
    begun: oneshot::Receiver<()>,
) -> io::Result<()> {
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
