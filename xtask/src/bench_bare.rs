//! `cargo xtask bench-bare`: the least a server of this kind can do, for comparison. An axum route
//! that reads nothing and returns fixed JSON; `cargo xtask bench` runs it in a process of its own.

use std::io::Read as _;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use crate::printer;

/// What to answer.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Length of the answer's body
    #[arg(long, default_value_t = 700)]
    body_bytes: usize,
}

/// Serves `POST /v1/sessions` on a free port, writes its address to stdout, and ends when its
/// standard input does.
pub(crate) fn run(options: Options) -> Result<()> {
    let body = body(options.body_bytes);
    std::thread::spawn(|| {
        // Whatever ends the input ends this process: nobody is left to ask for anything.
        let ended = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(i32::from(ended.is_err()));
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no free port")?;
        printer::result(&listener.local_addr()?.to_string());
        let answer = move || {
            let body = body.clone();
            async {
                (
                    StatusCode::CREATED,
                    [(header::CONTENT_TYPE, "application/json")],
                    body,
                )
            }
        };
        let routes = Router::new().route("/v1/sessions", post(answer));
        let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
        axum::serve(listener, routes)
            .await
            .context("the server ended")
    })
}

/// A JSON object of the wanted length.
fn body(length: usize) -> Bytes {
    const FRAME: usize = r#"{"id":"0","token":""}"#.len();
    let token = "x".repeat(length.saturating_sub(FRAME));
    Bytes::from(format!(r#"{{"id":"0","token":"{token}"}}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_is_json_of_the_wanted_length() {
        let body = body(700);
        assert_eq!(body.len(), 700);
        assert!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["token"].is_string());
    }
}
