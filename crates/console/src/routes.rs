//! The whole console, one line per address.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use engine::Engine;

use crate::app::App;
use crate::compress::compress;
use crate::live::{self, Live};
use crate::{assets, screens};

/// A license file has 32 MiB at most; several of them, as text.
pub(crate) const LARGEST_FORM: usize = 96 * 1024 * 1024;

/// The console: its pages, and what ends its streams.
pub struct Console {
    /// The pages.
    pub router: Router,
    /// Ends the streams of live pages, which a server that stops would wait for.
    pub live: Live,
}

/// Builds the console on an engine.
#[rustfmt::skip]
pub fn console(engine: Engine) -> Console {
    use screens::{activity, borrowed, denials, first_steps, folders, home, in_use, invitation, jobs, licenses, mine, overview, people, reports, settings, setup, sign_in, theme};
    let live = Live::default();
    let router = Router::new()
        .route("/", get(home::begin))
        .route("/sign-in", get(sign_in::ask).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/setup", get(setup::ask).post(setup::create))
        .route("/invitation", get(invitation::ask).post(invitation::choose))
        .route("/first-steps", get(first_steps::go_on))
        .route("/theme", post(theme::choose))
        .route("/live", get(live::follow))
        .route("/assets/{name}", get(assets::get_asset))
        .route("/overview", get(overview::show))
        .route("/licenses", get(licenses::list::show))
        .route("/licenses/act", post(licenses::act::act))
        .route("/licenses/import", get(licenses::import::ask).post(licenses::import::look))
        .route("/licenses/import/confirm", post(licenses::import::confirm))
        .route("/licenses/add", get(licenses::add::ask).post(licenses::add::look))
        .route("/licenses/request", get(licenses::request::ask).post(licenses::request::make))
        .route("/licenses/refresh", post(licenses::refresh::refresh))
        .route("/licenses/replacements", get(licenses::replacements::show).post(licenses::replacements::undo))
        .route("/licenses/{id}", get(licenses::one::show))
        .route("/licenses/{id}/seat", post(licenses::seat::change))
        .route("/in-use", get(in_use::show))
        .route("/in-use/borrowed", get(borrowed::show).post(borrowed::give_back))
        .route("/in-use/end", post(in_use::end))
        .route("/denials", get(denials::show))
        .route("/denials.csv", get(denials::export))
        .route("/activity", get(activity::show))
        .route("/activity.csv", get(activity::export))
        .route("/folders", get(folders::show).post(folders::change))
        .route("/people", get(people::list::show))
        .route("/people/new", get(people::edit::ask).post(people::edit::create))
        .route("/people/import", get(people::import::ask).post(people::import::look))
        .route("/people/act", post(people::act::act))
        .route("/people/{id}", get(people::one::show).post(people::edit::save))
        .route("/people/{id}/access", post(people::access::invite))
        .route("/people/{id}/seat", post(people::seat::change))
        .route("/reports", get(reports::used::show))
        .route("/reports/use.csv", get(reports::used::export))
        .route("/reports/idle", get(reports::idle::show))
        .route("/reports/idle.csv", get(reports::idle::export))
        .route("/reports/idle/reclaim", post(reports::reclaim::reclaim))
        .route("/reports/ending", get(reports::ending::show))
        .route("/reports/ending.csv", get(reports::ending::export))
        .route("/reports/people", get(reports::people::show))
        .route("/reports/people.csv", get(reports::people::export))
        .route("/jobs", get(jobs::list))
        .route("/jobs/{id}", get(jobs::show))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .route("/jobs/{id}/undo", post(jobs::undo::undo))
        .route("/jobs/{id}/refused.csv", get(jobs::export))
        .route("/mine", get(mine::show))
        .route("/denied", get(mine::denied))
        .route("/settings", get(settings::policy::show).post(settings::policy::save))
        .route("/settings/issuers", get(settings::issuers::show).post(settings::issuers::change::change))
        .route("/settings/tokens", get(settings::tokens::show).post(settings::tokens::change))
        .route("/settings/accounts", get(settings::accounts::show).post(settings::accounts::change))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(compress))
        .with_state(App::new(engine, live.clone()));
    Console { router, live }
}
