//! "This is what will happen": the one page before whatever can't be done lightly. Over the page
//! that asks when there is a script, a page of its own otherwise.

use askama::Template;
use axum::response::Response;

use crate::page::{self, Shell, Tone};
use crate::screens::jobs::view::JobView;
use crate::texts::Texts;
use crate::ui::Enclosed;

/// A number of something that would happen.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) what: String,
    pub(crate) tone: Tone,
}

/// One of what would happen.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) tone: Tone,
}

/// The page.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(crate) struct Confirm {
    pub(crate) t: &'static Texts,
    pub(crate) shell: Shell,
    /// What is asked.
    pub(crate) title: String,
    /// What it means.
    pub(crate) lead: String,
    pub(crate) notes: Vec<(Tone, String)>,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) lines: Vec<Line>,
    /// A dry run that is so long that it is followed.
    pub(crate) watch: Option<JobView>,
    /// How many lines are not shown.
    pub(crate) more: u64,
    /// Where the answer goes.
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
    /// A file that comes back with the answer.
    pub(crate) file: Option<Enclosed>,
    /// A box that changes what is done: name, label, hint.
    pub(crate) choices: Vec<(&'static str, &'static str, &'static str)>,
    /// A choice of one: the field's name and label, and what can be chosen.
    pub(crate) option_name: (&'static str, &'static str),
    pub(crate) options: Vec<(String, String)>,
    /// Whether several of them can be chosen.
    pub(crate) several: bool,
    /// Whether the button confirms; otherwise it leads to the next question.
    pub(crate) confirms: bool,
    /// What must be typed.
    pub(crate) typed: Option<&'static str>,
    /// The word on the button; none when it can't be done.
    pub(crate) button: Option<String>,
    pub(crate) danger: bool,
    /// Where "Cancel" leads.
    pub(crate) back: String,
}

impl Confirm {
    /// So many lines are shown.
    pub(crate) const MOST_LINES: usize = 50;

    /// More bytes than a page has besides a file, so that it is not moved when it is nearly done.
    const MOST_BESIDES: usize = 64 * 1024;

    /// A question without details.
    pub(crate) fn new(t: &'static Texts, shell: Shell, title: String, action: String) -> Self {
        Self {
            t,
            shell,
            title,
            lead: String::new(),
            notes: Vec::new(),
            tallies: Vec::new(),
            lines: Vec::new(),
            watch: None,
            more: 0,
            action,
            hidden: Vec::new(),
            file: None,
            choices: Vec::new(),
            option_name: ("", ""),
            options: Vec::new(),
            several: false,
            confirms: true,
            typed: None,
            button: None,
            danger: false,
            back: "/".to_owned(),
        }
    }

    /// Shows no more lines than a person reads.
    pub(crate) fn lines(&mut self, mut lines: Vec<Line>) {
        self.more = lines.len().saturating_sub(Self::MOST_LINES) as u64;
        lines.truncate(Self::MOST_LINES);
        self.lines = lines;
    }

    /// As a response.
    pub(crate) fn page(&self) -> Response {
        match &self.file {
            Some(file) => page::framed_of(self, &self.shell, file.size() + Self::MOST_BESIDES),
            None => page::framed(self, &self.shell),
        }
    }
}
