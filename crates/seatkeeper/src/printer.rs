//! The one place that writes: results to stdout, everything else to stderr. Color is a decoration, never a meaning, and
//! only for terminals.

use std::io::{self, ErrorKind, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::failure::Failure;
use crate::table::{Table, clean};

/// How many wrong places of an input are listed before the rest is only counted.
const MOST_ERRORS: usize = 20;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// JSON for programs.
    pub(crate) json: bool,
    /// Nothing but results and failures.
    pub(crate) quiet: bool,
    /// Colors on stdout.
    pub(crate) color: bool,
    /// Progress bars on stderr.
    pub(crate) bars: bool,
    /// Tables fit into this many columns; none: as wide as they get.
    pub(crate) width: Option<u16>,
}

impl Style {
    /// As the terminals and the flags have it.
    pub(crate) fn detect(json: bool, quiet: bool, no_color: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        Self {
            json,
            quiet,
            color: !no_color && has_colors(&io::stdout()),
            bars: !quiet && io::stderr().is_terminal(),
            width: is_terminal.then(terminal_width).flatten(),
        }
    }
}

/// Whether this leads to a terminal that shows colors, and nobody asked for none.
pub(crate) fn has_colors(stream: &impl IsTerminal) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stream.is_terminal() && !is_dumb && !is_set("NO_COLOR")
}

fn terminal_width() -> Option<u16> {
    comfy_table::Table::new().width()
}

/// Writes to the terminal.
pub(crate) struct Printer {
    style: Style,
    out: Box<dyn Write>,
    err: Box<dyn Write>,
}

impl Printer {
    /// To stdout and stderr.
    pub(crate) fn new(style: Style) -> Self {
        Self::to(style, Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// To somewhere else.
    pub(crate) fn to(style: Style, out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self { style, out, err }
    }

    /// Whether answers are for programs.
    pub(crate) fn is_json(&self) -> bool {
        self.style.json
    }

    /// A result: JSON for programs, a text for people.
    pub(crate) fn answer<T: Serialize>(&mut self, value: &T, text: impl FnOnce(&T) -> String) {
        if self.style.json {
            self.json(value);
        } else {
            self.out(&clean(&text(value)));
        }
    }

    /// A result: JSON for programs; people are shown it by `human`.
    pub(crate) fn show<T: Serialize>(&mut self, value: &T, human: impl FnOnce(&mut Self)) {
        if self.style.json {
            self.json(value);
        } else {
            human(self);
        }
    }

    /// A result that people read as a table: a JSON array of `items` for programs.
    pub(crate) fn list<T: Serialize>(&mut self, items: &[T], table: impl FnOnce() -> Table) {
        if self.style.json {
            self.json(&items);
        } else {
            self.table(table());
        }
    }

    /// A table for people; nothing for programs, who got theirs as JSON.
    pub(crate) fn table(&mut self, table: Table) {
        if !self.style.json {
            let text = table.render(self.style.color, self.style.width);
            self.out(&text);
        }
    }

    /// A line for people; nothing for programs.
    pub(crate) fn line(&mut self, text: &str) {
        if !self.style.json {
            self.out(&clean(text));
        }
    }

    /// A table with its heading, after an empty line.
    pub(crate) fn section(&mut self, heading: &str, table: Table) {
        self.line("");
        self.line(heading);
        self.table(table);
    }

    /// A result that is the same for people and programs, as it is.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let written = self.out.write_all(bytes).and_then(|()| self.out.flush());
        ended_if_nobody_reads(&written);
    }

    /// Says what is going on, on stderr.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.style.quiet {
            // Where stderr is gone, nobody is left to be told.
            let _ = writeln!(self.err, "{}", clean(text));
        }
    }

    /// Says why the command could not be carried out, on stderr: also as JSON for programs.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        let text = if self.style.json {
            serde_json::to_string(failure).expect("a failure is a plain struct")
        } else {
            render(failure)
        };
        let _ = writeln!(self.err, "{text}");
    }

    /// A bar that counts bytes.
    pub(crate) fn bytes_bar(&self, label: &str, total: u64) -> ProgressBar {
        self.bar(total, label, "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}")
    }

    /// A bar that counts things.
    pub(crate) fn bar_of(&self, label: &str, total: u64) -> ProgressBar {
        self.bar(
            total,
            label,
            "{msg} [{bar:30}] {human_pos}/{human_len} {eta}",
        )
    }

    fn bar(&self, total: u64, label: &str, template: &str) -> ProgressBar {
        let target = if self.style.bars {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(template)
            .expect("the templates above are valid")
            .progress_chars("=> ");
        ProgressBar::with_draw_target(Some(total), target)
            .with_style(style)
            .with_message(label.to_owned())
    }

    fn json<T: Serialize>(&mut self, value: &T) {
        let mut text = serde_json::to_string(value).expect("answers are plain structs");
        text.push('\n');
        self.raw(text.as_bytes());
    }

    fn out(&mut self, text: &str) {
        let written = writeln!(self.out, "{}", text.trim_end_matches('\n'));
        ended_if_nobody_reads(&written);
    }
}

/// `seatkeeper … | head` closes the pipe when it has seen enough; that is no fault.
fn ended_if_nobody_reads(written: &io::Result<()>) {
    if let Err(error) = written {
        let exit = if error.kind() == ErrorKind::BrokenPipe {
            0
        } else {
            5
        };
        std::process::exit(exit);
    }
}

fn render(failure: &Failure) -> String {
    let mut lines = vec![format!("error: {} ({})", failure.detail, failure.code)];
    // A single one is what the sentence says already.
    let said = |error: &wire::problem::ProblemItem| {
        failure.errors.len() == 1 && failure.detail.ends_with(&error.detail)
    };
    let errors = failure.errors.iter().filter(|error| !said(error));
    let errors = errors.take(MOST_ERRORS).map(|error| {
        let place = match (error.row, error.index, &error.pointer) {
            (Some(row), _, _) => format!("row {row}: "),
            (_, Some(index), _) => format!("item {}: ", index + 1),
            (_, _, Some(pointer)) => format!("{pointer}: "),
            _ => String::new(),
        };
        format!("  {place}{} ({})", error.detail, error.code)
    });
    lines.extend(errors);
    if let Some(more) = failure.errors.len().checked_sub(MOST_ERRORS + 1) {
        lines.push(format!("  … and {} more", more + 1));
    }
    if let Some(id) = &failure.request_id
        && failure.code == wire::codes::INTERNAL
    {
        lines.push(format!("request id: {id}"));
    }
    if let Some(hint) = &failure.hint {
        lines.push(format!("hint: {hint}"));
    }
    lines
        .iter()
        .map(|line| clean(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
pub(crate) mod testing {
    //! A printer into memory.

    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Rc<RefCell<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What `act` writes to stdout and stderr.
    pub(crate) fn printed(json: bool, act: impl FnOnce(&mut Printer)) -> (String, String) {
        let style = Style {
            json,
            quiet: false,
            color: false,
            bars: false,
            width: None,
        };
        let (out, err) = (Buffer::default(), Buffer::default());
        let mut printer = Printer::to(style, Box::new(out.clone()), Box::new(err.clone()));
        act(&mut printer);
        let text = |buffer: Buffer| String::from_utf8(buffer.0.borrow().clone()).unwrap();
        (text(out), text(err))
    }
}

#[cfg(test)]
mod tests {
    use super::testing::printed;
    use super::*;
    use wire::problem::ProblemItem;

    #[test]
    fn results_go_to_stdout_and_the_rest_to_stderr() {
        let act = |printer: &mut Printer| {
            printer.note("on its way");
            printer.answer(&7, |number| format!("it is {number}"));
        };
        assert_eq!(
            printed(false, act),
            ("it is 7\n".into(), "on its way\n".into())
        );
        assert_eq!(printed(true, act), ("7\n".into(), "on its way\n".into()));
    }

    #[test]
    fn a_failure_says_what_where_and_what_to_do() {
        let mut failure = Failure::input("invalid_csv", "2 rows can't be taken in");
        failure.errors = vec![ProblemItem {
            row: Some(3),
            code: "duplicate_username".into(),
            detail: "anna is there twice".into(),
            ..ProblemItem::default()
        }];
        let (out, err) = printed(false, |printer| printer.failure(&failure));
        assert_eq!(out, "");
        assert_eq!(
            err,
            "error: 2 rows can't be taken in (invalid_csv)\n  row 3: anna is there twice (duplicate_username)\nhint: correct these rows; nothing was changed\n"
        );
        let (_, json) = printed(true, |printer| printer.failure(&failure));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["code"], "invalid_csv");
        assert_eq!(json["errors"][0]["row"], 3);
    }

    #[test]
    fn many_errors_are_counted_and_not_all_listed() {
        let mut failure = Failure::input("invalid_csv", "no");
        failure.errors = vec![ProblemItem::default(); 25];
        let (_, err) = printed(false, |printer| printer.failure(&failure));
        assert!(err.contains("… and 5 more"), "{err}");
        failure.errors.truncate(20);
        let (_, err) = printed(false, |printer| printer.failure(&failure));
        assert!(!err.contains("more"), "{err}");
    }

    #[test]
    fn what_others_wrote_can_not_steer_the_terminal() {
        let failure = Failure::refused("x", "bell \u{7} and \u{1b}[31mred");
        let (_, err) = printed(false, |printer| printer.failure(&failure));
        assert!(!err.contains(['\u{7}', '\u{1b}']), "{err:?}");
    }
}
