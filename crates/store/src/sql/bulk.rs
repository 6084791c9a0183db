//! A statement for one row as a statement for many, on PostgreSQL.

use std::fmt::Write as _;

/// Rewrites a statement for one row, whose parameters have these types, into one that takes an
/// array for each parameter: `VALUES ($1, …)` becomes `SELECT * FROM UNNEST(…)`, whatever follows
/// it, and updates and deletes are joined with it. `None` for any other form.
pub(crate) fn bulk(text: &str, types: &[&str]) -> Option<String> {
    let arrays = (1..)
        .zip(types)
        .map(|(number, kind)| format!("${number}::{kind}[]"))
        .collect::<Vec<_>>()
        .join(", ");
    let columns = (1..=types.len())
        .map(|number| format!("c{number}"))
        .collect::<Vec<_>>()
        .join(", ");
    let rows = format!("UNNEST({arrays}) AS b ({columns})");
    let words = text.split_whitespace().next()?;
    match words {
        "INSERT" => {
            let (head, values) = text.split_once(" VALUES ")?;
            let parameters = (1..=types.len())
                .map(|number| format!("${number}"))
                .collect::<Vec<_>>()
                .join(", ");
            // Anything but the plain parameters in their order is not for many rows.
            let rest = values.strip_prefix(&format!("({parameters})"))?;
            Some(format!("{head} SELECT * FROM {rows}{rest}"))
        }
        "UPDATE" => {
            let (head, condition) = text.split_once(" WHERE ")?;
            let (head, condition) = (of_rows(head), of_rows(condition));
            Some(format!("{head} FROM {rows} WHERE {condition}"))
        }
        "DELETE" => {
            let (head, condition) = text.split_once(" WHERE ")?;
            Some(format!("{head} USING {rows} WHERE {}", of_rows(condition)))
        }
        _ => None,
    }
}

/// Turns `$n` into `b.cn`.
fn of_rows(text: &str) -> String {
    let mut parts = text.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        write!(out, "b.c{part}").expect("a String takes any text");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::bulk;

    #[test]
    fn each_form_of_statement_becomes_one_for_many_rows() {
        assert_eq!(
            bulk(
                "INSERT INTO seat (id, name) VALUES ($1, $2)",
                &["uuid", "text"]
            )
            .unwrap(),
            "INSERT INTO seat (id, name) SELECT * FROM \
             UNNEST($1::uuid[], $2::text[]) AS b (c1, c2)"
        );
        assert_eq!(
            bulk("UPDATE pool SET size = $2 WHERE id = $1", &["uuid", "int8"]).unwrap(),
            "UPDATE pool SET size = b.c2 FROM \
             UNNEST($1::uuid[], $2::int8[]) AS b (c1, c2) WHERE id = b.c1"
        );
        assert_eq!(
            bulk("DELETE FROM pool WHERE id = $1", &["uuid"]).unwrap(),
            "DELETE FROM pool USING UNNEST($1::uuid[]) AS b (c1) WHERE id = b.c1"
        );
        assert_eq!(
            bulk(
                "INSERT INTO denial (day) VALUES ($1) ON CONFLICT (day) DO NOTHING",
                &["int8"]
            )
            .unwrap(),
            "INSERT INTO denial (day) SELECT * FROM UNNEST($1::int8[]) AS b (c1) \
             ON CONFLICT (day) DO NOTHING"
        );
    }

    #[test]
    fn what_is_not_plain_is_left_alone() {
        let twice = "INSERT INTO denial (a, b) VALUES ($1, $1)";
        assert_eq!(bulk(twice, &["int8"]), None);
        assert_eq!(bulk("SELECT $1", &["int8"]), None);
    }
}
