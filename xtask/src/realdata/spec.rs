//! What is licensed: the whole catalog, one license for each product, with models and module
//! lists mixed.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::json;

use super::catalog::Product;

/// How people get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    Dedicated,
    Floating,
    Site,
}

impl Model {
    pub(super) const ALL: [Self; 3] = [Self::Dedicated, Self::Floating, Self::Site];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Dedicated => "dedicated",
            Self::Floating => "floating",
            Self::Site => "site",
        }
    }
}

/// The license of one product, and what follows from it.
#[derive(Debug)]
pub(super) struct License<'a> {
    pub(super) product: &'a Product,
    pub(super) serial: String,
    pub(super) model: Model,
    /// Whether it gives only the modules that the catalog names today.
    pub(super) lists_modules: bool,
    /// 0 for a site license.
    pub(super) seats: u32,
}

impl License<'_> {
    /// The product's code.
    pub(super) fn code(&self) -> &str {
        &self.product.code
    }

    /// How many of `people` get in when all of them want to: everyone on a site license (A6), as
    /// many as there are seats otherwise; a floating license for certain modules is never given
    /// to anybody by itself (A8).
    pub(super) fn lets_in(&self, people: u32) -> u32 {
        match self.model {
            Model::Site => people,
            Model::Floating if self.lists_modules => 0,
            Model::Dedicated | Model::Floating => self.seats.min(people),
        }
    }
}

/// One license for each product: the models in turn, and of each model every second with a list.
pub(super) fn licenses(catalog: &[Product]) -> Vec<License<'_>> {
    let mut seats = (10..=50_u32).cycle();
    let license = |(index, product)| {
        let model = Model::ALL[index % 3];
        License {
            product,
            serial: format!("NW-{:05}", index + 1),
            model,
            lists_modules: (index / 3) % 2 == 1 && !product.modules.is_empty(),
            seats: if model == Model::Site {
                0
            } else {
                seats.next().unwrap_or(10)
            },
        }
    };
    catalog.iter().enumerate().map(license).collect()
}

/// The specification for `vendor issue`. A JSON string is a TOML string too.
pub(super) fn toml(licenses: &[License]) -> Result<String> {
    let mut text = "issuer = \"Northwind Software\"\ncustomer = \"CUST-42\"\n".to_owned();
    for license in licenses {
        let modules = if license.lists_modules {
            json!(license.product.modules)
        } else {
            json!("all")
        };
        write!(
            text,
            "\n[[license]]\nserial = {}\nproduct = {}\nproduct_name = {}\nmodel = {}\naccess = \"write\"\n\
             modules = {modules}\nstarts_at = \"2026-01-01\"\n",
            json!(license.serial),
            json!(license.product.code),
            json!(license.product.name),
            json!(license.model.name()),
        )?;
        if license.model != Model::Site {
            writeln!(text, "seats = {}", license.seats)?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Vec<Product> {
        (0..12)
            .map(|number| Product {
                code: format!("P{number}"),
                name: format!("Product \"{number}\""),
                modules: vec!["M1".into(), "M2".into()],
            })
            .collect()
    }

    #[test]
    fn each_model_comes_with_and_without_a_list() {
        let catalog = catalog();
        let licenses = licenses(&catalog);
        for model in Model::ALL {
            for lists_modules in [true, false] {
                let found = licenses.iter().any(|license| {
                    (license.model, license.lists_modules) == (model, lists_modules)
                });
                assert!(found, "{model:?} {lists_modules}");
            }
        }
    }

    #[test]
    fn site_license_has_no_seats_and_strings_are_escaped() {
        let catalog = catalog();
        let text = toml(&licenses(&catalog)).unwrap();
        let tables: Vec<&str> = text.split("[[license]]").collect();
        assert_eq!(tables.len(), 13);
        assert!(tables[3].contains("model = \"site\"") && !tables[3].contains("seats"));
        assert!(
            tables[4].contains("modules = [\"M1\",\"M2\"]"),
            "{}",
            tables[4]
        );
        assert!(
            tables[1].contains(r#"product_name = "Product \"0\"""#),
            "{}",
            tables[1]
        );
    }
}
