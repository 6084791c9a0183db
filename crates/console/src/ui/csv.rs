//! Tables as files for spreadsheets.

use domain::Timestamp;

/// One line. A field that a spreadsheet would take for a formula begins with an apostrophe.
pub(crate) fn line<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        let guard = if field.starts_with(['=', '+', '-', '@', '\t']) {
            "'"
        } else {
            ""
        };
        if field.contains(['"', ',', '\n', '\r']) {
            line.push('"');
            line.push_str(guard);
            line.push_str(&field.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(guard);
            line.push_str(field);
        }
    }
    line.push_str("\r\n");
    line
}

/// A moment, in UTC.
pub(crate) fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(
        |_| String::new(),
        |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_no_program() {
        let text = line(["a,b", "=1+1", "say \"x\"", "plain"]);
        assert_eq!(text, "\"a,b\",'=1+1,\"say \"\"x\"\"\",plain\r\n");
    }
}
