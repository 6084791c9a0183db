//! The web console: a license administrator's day, in a browser.
//!
//! Pages are HTML from the server (askama templates in `templates/`); htmx and a small script of
//! our own make parts of them move, and everything basic works without either. There is no rule
//! here and no SQL: a handler asks the [`engine::Engine`], reads through `store`'s queries, and
//! shows what comes back; who may do what is said by the handler's first argument and decided
//! by the rules.
//!
//! - `routes.rs`: every address on one screen. `screens/`: one file or folder per screen.
//! - `caller.rs`, `fields.rs`: who asks, and what a form sent, its token checked.
//! - `page.rs`, `fault.rs`: what surrounds a page; what is said when something can't be done.
//! - `ui/`: small pieces of markup (times, numbers, seats as a bar, icons, confirmations).
//! - `texts/`: every word, one file per screen and language.
//! - `assets/`: styles, scripts and the list of npm packages; `build.rs` bundles and compresses
//!   them into the binary. `assets.rs` serves them.
//!
//! To add a screen: its texts in `texts/`; its template, which begins with
//! `{% extends "frame.html" %}`; a file in `screens/` with a struct for the template, whose
//! fields `t` and `shell` every page has, and its handlers; lines in `routes.rs`; if it belongs
//! in the menu, a line in [`page::Section`].

mod app;
mod assets;
mod caller;
mod compress;
mod fault;
mod fields;
mod glance;
mod live;
mod page;
mod routes;
mod screens;
mod texts;
mod ui;

pub use app::Peer;
pub use live::Live;
pub use routes::{Console, console};
