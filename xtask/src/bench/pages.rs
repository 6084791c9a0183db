//! The console's pages in a large world: how long the server takes for each, and what travels.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::large::{self, Sizes};
use crate::http::{Client, Head};
use crate::printer;
use crate::server::Program;

/// What every page should take less than, 95 times in a hundred.
const GOAL: Duration = Duration::from_millis(30);
/// So often each page is asked for before it is measured.
const WARM_UP: usize = 3;

const NAME: &str = "bench";
/// Whose rights end at [`large::LIMIT`].
const LIMITED: &str = "limited";
const PASSWORD: &str = "a long enough phrase";

/// Pages whose address is known beforehand.
const PAGES: &[&str] = &[
    "/overview",
    "/licenses",
    "/licenses?care=1",
    "/licenses?sort=state",
    "/licenses?sort=-seats",
    "/licenses?sort=-expires_at",
    "/licenses?sort=product",
    "/licenses?sort=folder",
    "/licenses?sort=-folder",
    "/licenses?q=NW-07777",
    "/licenses?q=product-1",
    "/licenses?q=product-1&sort=folder",
    "/licenses?product=product-1",
    "/licenses?state=expired",
    "/people",
    "/people?sort=-name",
    "/people?sort=folder",
    "/people?sort=active",
    "/people?sort=-last_active",
    "/people?sort=last_active",
    "/people?q=user00777",
    "/people?q=user00777&sort=folder",
    "/people?q=user00777&sort=-last_active",
    "/people?q=user",
    "/people?q=user&sort=folder",
    "/people?q=user&sort=-last_active",
    "/folders",
    "/people?active=yes",
    "/in-use",
    "/denials",
    "/activity",
    "/reports",
    "/reports/idle",
    "/reports/ending",
    "/reports/people",
    "/settings",
    "/settings/issuers",
    "/settings/tokens",
    "/settings/accounts",
    "/mine",
];

/// Lists of which the chosen folder is [`large::LIMIT`].
const IN_FOLDER: &[&str] = &[
    "/licenses?",
    "/licenses?sort=folder&",
    "/licenses?sort=-expires_at&",
    "/licenses?q=NW-07777&",
    "/people?",
    "/people?sort=-last_active&",
    "/people?q=user&sort=-last_active&",
];

/// Pages of somebody whose rights end at a folder.
const OF_LIMITED: &[&str] = &[
    "/licenses",
    "/licenses?sort=folder",
    "/licenses?sort=-seats",
    "/licenses?q=NW-07777",
    "/licenses?q=product-1&sort=folder",
    "/people",
    "/people?sort=folder",
    "/people?sort=-last_active",
    "/people?q=user00777&sort=-last_active",
    "/people?q=user&sort=-last_active",
];

/// Makes the world, asks for every page, and prints a table in Markdown.
pub(super) fn run(program: &Program, folder: &Path, sizes: Sizes, rounds: usize) -> Result<()> {
    let (server, admin, _folder) = large::make(program, folder, sizes)?;
    let mut api = Client::new(server.address(), admin);
    let account = json!({"name": NAME, "role": "administrator", "password": PASSWORD});
    api.post("/v1/accounts", &account)?.good()?;
    let account = json!({
        "name": LIMITED, "role": "manager", "password": PASSWORD, "folder": large::LIMIT
    });
    api.post("/v1/accounts", &account)?.good()?;
    let mut browser = Browser::new(server.address());
    browser.sign_in(NAME)?;
    let mut limited = Browser::new(server.address());
    limited.sign_in(LIMITED)?;
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    let limit = large::find_folder(&mut api, large::LIMIT)?;
    let in_folder = IN_FOLDER.iter();
    pages.extend(in_folder.map(|page| format!("{page}folder={limit}")));
    for list in ["/licenses", "/people"] {
        let text = String::from_utf8_lossy(&browser.get(list)?.body).into_owned();
        pages.extend(link_of_id(&text, list));
    }
    let assets = browser.assets("/overview")?;
    let mut table = String::from(
        "| page | p50 | p95 | p99 | KB of HTML | KB with styles, script, font |\n|---|---|---|---|---|---|\n",
    );
    let mut slow = Vec::new();
    let of_limited = OF_LIMITED.iter().map(|page| ((*page).to_owned(), true));
    for (page, is_limited) in pages
        .into_iter()
        .map(|page| (page, false))
        .chain(of_limited)
    {
        let browser = if is_limited {
            &mut limited
        } else {
            &mut browser
        };
        let measured = browser.measure(&page, rounds)?;
        let shown = page
            .split('/')
            .map(|part| if is_id(part) { "{id}" } else { part });
        let shown = shown.collect::<Vec<_>>().join("/");
        let shown = shown.replace(&limit, "{id}");
        let whose = if is_limited { ", limited" } else { "" };
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        let kb = |bytes: usize| format!("{}.{}", bytes / 1024, bytes % 1024 * 10 / 1024);
        writeln!(
            table,
            "| `{shown}`{whose} | {} | {} | {} | {} | {} |",
            ms(measured.p50),
            ms(measured.p95),
            ms(measured.p99),
            kb(measured.bytes),
            kb(measured.bytes + assets)
        )?;
        printer::note(&format!("    {shown}{whose}: p95 {}", ms(measured.p95)));
        if measured.p95 > GOAL {
            slow.push(format!("{shown}{whose}"));
        }
    }
    server.stop()?;
    printer::result(&table);
    if !slow.is_empty() {
        printer::warning(&format!(
            "over {GOAL:?} at the 95th percentile: {}",
            slow.join(", ")
        ));
    }
    Ok(())
}

/// The first address below a list that ends with an id.
fn link_of_id(page: &str, list: &str) -> Option<String> {
    let begin = format!("href=\"{list}/");
    page.split(&begin).skip(1).find_map(|rest| {
        let id = rest.split('"').next()?;
        is_id(id).then(|| format!("{list}/{id}"))
    })
}

/// Whether part of an address is an id.
fn is_id(part: &str) -> bool {
    part.len() == 36
        && part
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

struct Measured {
    p50: Duration,
    p95: Duration,
    p99: Duration,
    bytes: usize,
}

/// An answer, as far as a browser is concerned.
struct Page {
    status: u16,
    cookies: Vec<(String, String)>,
    body: Vec<u8>,
    /// Bytes that travelled.
    bytes: usize,
}

/// As much of a browser as signing in takes.
struct Browser {
    server: SocketAddr,
    stream: Option<TcpStream>,
    cookies: BTreeMap<String, String>,
    /// Whether it takes answers compressed, as browsers do; else they are read here.
    compressed: bool,
}

impl Browser {
    fn new(server: SocketAddr) -> Self {
        Self {
            server,
            stream: None,
            cookies: BTreeMap::new(),
            compressed: false,
        }
    }

    fn sign_in(&mut self, name: &str) -> Result<()> {
        let page = self.get("/sign-in")?;
        let text = String::from_utf8_lossy(&page.body).into_owned();
        let token = text
            .split("name=\"form\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .context("the sign-in has no token")?;
        let password = PASSWORD.replace(' ', "+");
        let form = format!("form={token}&name={name}&password={password}");
        let answer = self.call("POST", "/sign-in", Some(&form))?;
        ensure!(
            answer.status == 303,
            "signing in answered {}",
            answer.status
        );
        let page = self.get("/overview")?;
        ensure!(page.status == 200, "the overview answered {}", page.status);
        Ok(())
    }

    fn measure(&mut self, path: &str, rounds: usize) -> Result<Measured> {
        self.compressed = true;
        for _ in 0..WARM_UP {
            let page = self.get(path)?;
            ensure!(page.status == 200, "{path} answered {}", page.status);
        }
        let mut times = Vec::with_capacity(rounds);
        let mut bytes = 0;
        for _ in 0..rounds {
            let start = Instant::now();
            bytes = self.get(path)?.bytes;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        Ok(Measured {
            p50: at(50),
            p95: at(95),
            p99: at(99),
            bytes,
        })
    }

    /// Bytes of what a page brings along on the first visit.
    fn assets(&mut self, path: &str) -> Result<usize> {
        let text = String::from_utf8_lossy(&self.get(path)?.body).into_owned();
        self.compressed = true;
        let mut bytes = 0;
        let mut seen = Vec::new();
        for rest in text.split("\"/assets/").skip(1) {
            let name = rest.split(['"', '#']).next().unwrap_or_default().to_owned();
            if seen.contains(&name) {
                continue;
            }
            let page = self.get(&format!("/assets/{name}"))?;
            bytes += page.bytes;
            seen.push(name);
        }
        Ok(bytes)
    }

    fn get(&mut self, path: &str) -> Result<Page> {
        self.call("GET", path, None)
    }

    fn call(&mut self, method: &str, path: &str, form: Option<&str>) -> Result<Page> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: {}\r\ncookie: {}\r\n",
            self.server,
            if self.compressed {
                "br, gzip"
            } else {
                "identity"
            },
            cookies.join("; ")
        );
        if let Some(form) = form {
            write!(
                request,
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
                form.len()
            )?;
        } else {
            request.push_str("\r\n");
        }
        let page = self
            .exchange(request.as_bytes())
            .inspect_err(|_| self.stream = None)
            .with_context(|| format!("{method} {path}"))?;
        for (name, value) in &page.cookies {
            self.cookies.insert(name.clone(), value.clone());
        }
        Ok(page)
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Page> {
        let stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.server)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_mins(2)))?;
                stream
            }
        };
        let stream = self.stream.insert(stream);
        stream.write_all(request)?;
        let mut bytes = Vec::new();
        let mut part = vec![0; 64 * 1024];
        loop {
            let count = stream.read(&mut part)?;
            ensure!(count > 0, "the connection was closed");
            bytes.extend_from_slice(&part[..count]);
            if let Some(head) = Head::parse(&bytes)?
                && bytes.len() >= head.total_bytes()
            {
                let text = String::from_utf8_lossy(&bytes[..head.body_at]).into_owned();
                let cookies = text.lines().filter_map(|line| {
                    let (name, rest) = line.split_once(": ")?;
                    let pair = rest.split(';').next()?;
                    let (key, value) = pair.split_once('=')?;
                    name.eq_ignore_ascii_case("set-cookie")
                        .then(|| (key.to_owned(), value.to_owned()))
                });
                return Ok(Page {
                    status: head.status,
                    cookies: cookies.collect(),
                    body: bytes[head.body_at..head.total_bytes()].to_vec(),
                    bytes: head.total_bytes(),
                });
            }
        }
    }
}
