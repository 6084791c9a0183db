//! `seatkeeper product`: what there are licenses for, and how the seats are used (R4).

use wire::product::{Product, ProductQuery};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Mood, Table, Value, facts, number, text, yes_no};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List products.
    List(List),
    /// Show one product.
    Show(Show),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only with this text in the code or the name.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The product's code.
    code: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::List(list) => {
                let fetch = |after| {
                    client.list_products(&ProductQuery {
                        q: list.search.clone(),
                        limit: Some(wire::page::MAX_LIMIT),
                        after,
                    })
                };
                context.list(None, fetch, table)?;
            }
            Self::Show(show) => {
                let product = client.get_product(&show.code)?;
                context
                    .printer
                    .show(&product, |printer| printer.table(describe(&product)));
            }
        }
        Ok(Verdict::Done)
    }
}

fn state(product: &Product) -> Value {
    match (product.over_allocated, product.site) {
        (true, _) => Value::State("over-allocated".into(), Mood::Bad),
        (_, true) => Value::State("site".into(), Mood::Good),
        _ => Value::State("ok".into(), Mood::Good),
    }
}

fn table(products: &[Product]) -> Table {
    Table::of(
        [
            "code",
            "name",
            "in force",
            "assigned",
            "in use",
            "releasing",
            "free",
            "unbacked",
            "state",
        ],
        products,
        |product| {
            [
                product.code.as_str().into(),
                product.name.as_str().into(),
                number(product.owned),
                number(product.assigned),
                number(product.in_use),
                number(product.releasing),
                number(product.free),
                number(product.unbacked),
                state(product),
            ]
        },
    )
}

fn describe(product: &Product) -> Table {
    let modules = match product.modules.as_slice() {
        [] => "none named".to_owned(),
        codes => codes.join(", "),
    };
    facts([
        ("code", product.code.as_str().into()),
        ("name", product.name.as_str().into()),
        ("modules", modules.into()),
        ("seats in force", text(product.owned)),
        ("assigned", text(product.assigned)),
        ("in use", text(product.in_use)),
        ("releasing", text(product.releasing)),
        ("free in force", text(product.free)),
        ("unbacked", text(product.unbacked)),
        ("site license", yes_no(product.site)),
        ("state", state(product)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn r4_all_counts_of_a_product_are_shown() {
        let product = Product {
            id: Uuid::nil(),
            code: "esm".into(),
            name: "Service Management".into(),
            modules: Vec::new(),
            owned: 25,
            assigned: 20,
            in_use: 2,
            releasing: 1,
            free: 3,
            unbacked: 4,
            over_allocated: true,
            site: false,
        };
        let table = table(std::slice::from_ref(&product)).render(false, None);
        let cells: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(
            cells[3..],
            ["25", "20", "2", "1", "3", "4", "over-allocated"]
        );
        assert!(
            describe(&product)
                .render(false, None)
                .contains("over-allocated")
        );
    }
}
