//! `POST /theme`: light, dark, or as the system has it.

use axum::response::Response;

use crate::caller::{THEME, Theme, Visitor};
use crate::fields::Fields;
use crate::page::{Keep, own_path, see, set_cookie};

/// A year.
const KEEP: Keep = Keep::Seconds(365 * 24 * 3600);

/// Keeps the theme in this browser and goes back.
pub(crate) async fn choose(visitor: Visitor, fields: Fields) -> Response {
    let theme = Theme::of(fields.text("theme"));
    let mut response = see(own_path(fields.text("next")).unwrap_or("/"));
    set_cookie(&mut response, THEME, theme.word(), KEEP, visitor.secure);
    response
}
