//! What moves the bytes of a connection, and hears what the server says unasked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_postgres::error::Severity;
use tokio_postgres::{AsyncMessage, Connection};

/// Moves bytes until the connection ends.
pub(super) async fn drive<S, T>(mut connection: Connection<S, T>, warned: Arc<AtomicBool>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match std::future::poll_fn(|context| connection.poll_message(context)).await {
            Some(Ok(AsyncMessage::Notice(notice))) => {
                // Not by its words: they come in the server's language.
                if notice.parsed_severity() == Some(Severity::Warning) {
                    warned.store(true, Ordering::Release);
                }
                tracing::debug!(
                    severity = notice.severity(),
                    "PostgreSQL says: {}",
                    notice.message()
                );
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                let error = super::error::chain(&error);
                tracing::debug!(error, "a connection to PostgreSQL ended");
                return;
            }
            None => return,
        }
    }
}
