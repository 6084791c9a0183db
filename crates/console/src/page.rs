//! What surrounds every page: its headers, the frame with the menu, and messages that one page
//! leaves for the next.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Account, Permission, PersonName};

use crate::caller::{FLASH, Shown, Theme};
use crate::fault::Fault;

/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Where a page stands in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Overview,
    Licenses,
    People,
    InUse,
    Denials,
    Activity,
    Reports,
    Jobs,
    Settings,
    /// In the menu of the account.
    Mine,
}

/// One line of the menu.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) name: &'static str,
    pub(crate) here: bool,
}

/// What the frame of a page shows.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) role: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) themes: [(&'static str, &'static str, &'static str, bool); 3],
    pub(crate) token: String,
    pub(crate) here: String,
    pub(crate) flash: Option<Flash>,
    pub(crate) daily: Vec<Entry>,
    pub(crate) admin: Vec<Entry>,
}

impl Shell {
    pub(crate) fn new(account: &Account, shown: &Shown, section: Section, token: String) -> Self {
        let t = shown.t;
        let entry = |at, path, icon, name| Entry {
            path,
            icon,
            name,
            here: at == section,
        };
        let may = |permission| account.role.may(permission);
        let mut daily = vec![
            entry(Section::Overview, "/overview", "home", t.nav.overview),
            entry(Section::Licenses, "/licenses", "ticket", t.nav.licenses),
            entry(Section::People, "/people", "users", t.nav.people),
            entry(Section::InUse, "/in-use", "signal", t.nav.in_use),
        ];
        let mut admin = Vec::new();
        if may(Permission::ViewAudit) {
            daily.push(entry(
                Section::Denials,
                "/denials",
                "no-symbol",
                t.nav.denials,
            ));
            admin.push(entry(
                Section::Activity,
                "/activity",
                "queue-list",
                t.nav.activity,
            ));
        }
        daily.push(entry(
            Section::Reports,
            "/reports",
            "chart-bar",
            t.nav.reports,
        ));
        if may(Permission::ManageLicenses) {
            admin.push(entry(Section::Jobs, "/jobs", "bolt", t.nav.jobs));
        }
        admin.push(entry(
            Section::Settings,
            "/settings",
            "cog-6-tooth",
            t.nav.settings,
        ));
        if !may(Permission::ViewLicenses) {
            daily = vec![entry(Section::Mine, "/mine", "ticket", t.nav.mine)];
            admin.clear();
        }
        let full_name = account.full_name.as_ref().map(PersonName::as_str);
        let name = full_name.unwrap_or(account.name.as_str());
        let theme = |theme: Theme, icon, name| (theme.word(), icon, name, shown.theme == theme);
        Self {
            name: name.to_owned(),
            initials: initials(name),
            role: t.role(account.role),
            theme: shown.theme.word(),
            themes: [
                theme(Theme::Light, "sun", t.nav.light),
                theme(Theme::Dark, "moon", t.nav.dark),
                theme(Theme::Auto, "adjustments-horizontal", t.nav.auto),
            ],
            token,
            here: shown.here.clone(),
            flash: shown.flash.as_deref().and_then(Flash::read),
            daily,
            admin,
        }
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Warn,
    Bad,
    Info,
    Plain,
}

impl Tone {
    const ALL: [Self; 5] = [Self::Good, Self::Warn, Self::Bad, Self::Info, Self::Plain];

    /// Its class in the stylesheet.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Info => "info",
            Self::Plain => "plain",
        }
    }

    /// The icon that says the same without color.
    pub(crate) const fn icon(self) -> &'static str {
        match self {
            Self::Good => "check-circle",
            Self::Warn => "exclamation-triangle",
            Self::Bad => "exclamation-circle",
            Self::Info | Self::Plain => "information-circle",
        }
    }
}

impl std::fmt::Display for Tone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.class())
    }
}

/// What one page leaves to be said by the next, in a cookie.
#[derive(Clone, Debug)]
pub(crate) struct Flash {
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// Where more is to be seen: an address here, and the words that lead there.
    pub(crate) way: Option<(String, String)>,
}

impl Flash {
    pub(crate) fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
            way: None,
        }
    }

    /// With a way on.
    pub(crate) fn leading(self, to: String, words: &str) -> Self {
        Self {
            way: Some((to, words.to_owned())),
            ..self
        }
    }

    pub(crate) fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
            way: None,
        }
    }

    fn write(&self) -> String {
        let way = self.way.as_ref();
        let way = way.map_or_else(String::new, |(to, words)| format!("\n{to} {words}"));
        URL_SAFE_NO_PAD.encode(format!("{} {}{way}", self.tone, self.text))
    }

    fn read(cookie: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
        let (text, way) = match text.split_once('\n') {
            Some((text, way)) => (text, way.split_once(' ')),
            None => (&*text, None),
        };
        let (tone, text) = text.split_once(' ')?;
        let way = way.and_then(|(to, words)| Some((own_path(to)?.to_owned(), words.to_owned())));
        Some(Self {
            tone: Tone::ALL.into_iter().find(|one| one.class() == tone)?,
            text: text.to_owned(),
            way,
        })
    }
}

/// A page with its headers.
pub(crate) fn html<P: Template>(page: &P) -> Response {
    html_of(page, P::SIZE_HINT)
}

/// The same of about so many bytes, where that is more than its template tells.
fn html_of(page: &impl Template, size: usize) -> Response {
    let mut text = String::with_capacity(size);
    if let Err(error) = page.render_into(&mut text) {
        tracing::error!(%error, "a template could not be filled");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

/// A page in its frame. What was left to be said is said on it, and then gone.
pub(crate) fn framed<P: Template>(page: &P, shell: &Shell) -> Response {
    framed_of(page, shell, P::SIZE_HINT)
}

/// The same of about so many bytes, where that is more than its template tells.
pub(crate) fn framed_of(page: &impl Template, shell: &Shell, size: usize) -> Response {
    let mut response = html_of(page, size);
    if shell.flash.is_some() {
        set_cookie(&mut response, FLASH, "", Keep::Gone, false);
    }
    response
}

/// To another page.
pub(crate) fn see(to: &str) -> Response {
    // An address that is no header value would be one that nobody wrote here.
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// To another page, with something to be said there.
pub(crate) fn see_saying(to: &str, flash: &Flash) -> Response {
    let mut response = see(to);
    set_cookie(
        &mut response,
        FLASH,
        &flash.write(),
        Keep::Seconds(60),
        false,
    );
    response
}

/// The page of a handler, whatever became of it.
pub(crate) type Answer = Result<Response, Fault>;

/// For how long a browser keeps a cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    /// Not any longer.
    Gone,
    /// So long.
    Seconds(i64),
}

/// Gives the browser a cookie that no script sees.
pub(crate) fn set_cookie(
    response: &mut Response,
    name: &str,
    value: &str,
    keep: Keep,
    secure: bool,
) {
    let age = match keep {
        Keep::Gone => 0,
        Keep::Seconds(seconds) => seconds,
    };
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// A path of this site to go on to; none when it would lead anywhere else.
pub(crate) fn own_path(next: &str) -> Option<&str> {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    is_own.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Anna Maria Adler"), "AA");
        assert_eq!(initials("demo"), "D");
        assert_eq!(initials("anna.adler"), "AA");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn nobody_is_led_away() {
        assert_eq!(own_path("/licenses?q=1"), Some("/licenses?q=1"));
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "",
            "/a b",
        ] {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn what_is_left_for_the_next_page_arrives() {
        let flash = Flash::read(&Flash::good("Done: 3 <seats>").write()).unwrap();
        assert_eq!((flash.tone, &*flash.text), (Tone::Good, "Done: 3 <seats>"));
        assert_eq!(flash.way, None);
        let led = |to: &str| Flash::good("Done.").leading(to.to_owned(), "Look closer");
        let flash = Flash::read(&led("/jobs/1").write()).unwrap();
        let way = ("/jobs/1".to_owned(), "Look closer".to_owned());
        assert_eq!((&*flash.text, flash.way), ("Done.", Some(way)));
        let flash = Flash::read(&led("//evil.example").write()).unwrap();
        assert_eq!((&*flash.text, flash.way), ("Done.", None));
        assert!(Flash::read("nonsense").is_none());
    }
}
