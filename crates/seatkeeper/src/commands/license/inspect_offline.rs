//! `license inspect` of requests and responses (I4): a readable account, without any server.

use license_file::offline::{Operation, Request, RequestInspection, Response, ResponseInspection};

use super::inspect::{problems, signature};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, facts, maybe, number, text};

/// What is in a request.
pub(super) fn request(inspection: &RequestInspection, printer: &mut Printer) {
    if let Some(request) = &inspection.request {
        printer.table(facts([
            (
                "signature",
                Value::State(
                    "valid, by the installation that asks".to_owned(),
                    Mood::Good,
                ),
            ),
            ("request", request.id.as_str().into()),
            ("company", request.company.as_str().into()),
            ("installation", request.installation.as_str().into()),
            ("installation's key", maybe(inspection.key.as_ref())),
            ("version", request.version.as_str().into()),
            ("issuer", maybe(request.issuer.as_ref())),
            ("made", text(request.made_at)),
            ("licenses there", text(request.licenses.len())),
        ]));
        if !request.licenses.is_empty() {
            printer.line("");
            printer.table(owned(request));
        }
    }
    problems(&inspection.problems, 0, printer);
}

/// What an installation has.
pub(crate) fn owned(request: &Request) -> Table {
    Table::of(
        [
            "serial", "revision", "product", "model", "seats", "used", "expires", "state",
        ],
        &request.licenses,
        |license| {
            [
                license.serial.as_str().into(),
                number(license.revision),
                license.product.as_str().into(),
                text(license.model),
                seats(license.seats),
                number(license.used),
                maybe(license.expires_at),
                license.state.as_str().into(),
            ]
        },
    )
}

fn seats(seats: Option<u32>) -> Value {
    Value::Number(seats.map_or_else(|| "-".to_owned(), |seats| seats.to_string()))
}

/// What is in a response.
pub(super) fn response(inspection: &ResponseInspection, keys: usize, printer: &mut Printer) {
    let mut rows = vec![("signature", signature(&inspection.signature, keys))];
    if let Some(response) = &inspection.response {
        rows.extend([
            ("answers request", response.request.as_str().into()),
            ("for installation", response.installation.as_str().into()),
            ("for company", response.company.as_str().into()),
            ("issuer", response.issuer.as_str().into()),
            ("issued", text(response.issued_at)),
        ]);
    }
    printer.table(facts(rows));
    if let Some(response) = &inspection.response {
        printer.line("");
        printer.table(operations(response));
    }
    problems(&inspection.problems, keys, printer);
}

/// What a response does.
pub(crate) fn operations(response: &Response) -> Table {
    Table::of(
        ["does", "serial", "product", "revision", "seats", "expires"],
        &response.operations,
        |operation| {
            let mood = match operation {
                Operation::Add(_) | Operation::Extend(_) => Mood::Good,
                Operation::Shrink(_) => Mood::Warning,
                Operation::Withdraw(_) => Mood::Bad,
            };
            let does = Value::State(operation.word().to_owned(), mood);
            let serial = operation.serial().into();
            match (operation.terms(), operation.withdrawn()) {
                (Some(terms), _) => [
                    does,
                    serial,
                    terms.product.as_str().into(),
                    number(terms.revision),
                    seats(terms.seats),
                    maybe(terms.expires_at),
                ],
                (None, withdrawn) => [
                    does,
                    serial,
                    maybe(withdrawn.map(|one| &one.product)),
                    Value::Number("-".to_owned()),
                    Value::Number("-".to_owned()),
                    maybe(None::<&str>),
                ],
            }
        },
    )
}
