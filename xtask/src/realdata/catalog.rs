//! A published catalog of products and the service plans in them, as CSV: one row for each plan
//! of each product.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use anyhow::{Context as _, Result, ensure};

/// The longest code that a license may carry.
const LONGEST_CODE: usize = 64;

/// A product and its modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) code: String,
    pub(super) name: String,
    /// Sorted, each once.
    pub(super) modules: Vec<String>,
}

/// Reads products in the order of their first rows. Repeated plans of a product count once.
pub(super) fn read(text: impl Read) -> Result<Vec<Product>> {
    let mut reader = csv::Reader::from_reader(text);
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header.trim_start_matches('\u{feff}') == name)
            .with_context(|| format!("the catalog has no column {name}"))
    };
    let (name, id, plan) = (
        column("Product_Display_Name")?,
        column("String_Id")?,
        column("Service_Plan_Name")?,
    );

    let mut order = Vec::new();
    let mut rows: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let field = |index: usize| record.get(index).unwrap_or_default();
        let id = field(id).trim().to_owned();
        ensure!(
            !id.is_empty(),
            "a row of the catalog has no String_Id: {record:?}"
        );
        let (_, plans) = rows.entry(id.clone()).or_insert_with(|| {
            order.push(id);
            (words(field(name)), BTreeSet::new())
        });
        plans.insert(field(plan).trim().to_owned());
    }

    let mut codes = Codes::default();
    order
        .into_iter()
        .map(|id| {
            let (name, plans) = rows.remove(&id).unwrap_or_default();
            let mut taken = Codes::default();
            let mut modules: Vec<String> = plans
                .iter()
                .filter(|plan| !plan.is_empty())
                .map(|plan| taken.take(plan))
                .collect();
            modules.sort();
            let name = if name.is_empty() { id.clone() } else { name };
            Ok(Product {
                code: codes.take(&id),
                name,
                modules,
            })
        })
        .collect()
}

/// Words with one space between them, whatever stood there.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Codes in use, compared without case.
#[derive(Default)]
struct Codes(BTreeSet<String>);

impl Codes {
    /// A code made of `text` that nobody else has: other characters than letters, digits, `.`, `_`
    /// and `-` become one `-`; what is too long or taken gets the text's hash at its end.
    fn take(&mut self, text: &str) -> String {
        let mut code = String::new();
        for character in text.chars() {
            let is_plain = character.is_ascii_alphanumeric() || "._-".contains(character);
            if is_plain {
                code.push(character);
            } else if !code.ends_with('-') {
                code.push('-');
            }
        }
        let mut code = code.trim_matches('-').to_owned();
        if code.is_empty() || code.len() > LONGEST_CODE || self.0.contains(&code.to_lowercase()) {
            let hash = format!("-{:08x}", hash(text));
            code.truncate(LONGEST_CODE - hash.len());
            code.push_str(&hash);
        }
        self.0.insert(code.to_lowercase());
        code
    }
}

/// FNV-1a, folded to 32 bits.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Product_Display_Name,String_Id,GUID,Service_Plan_Name\n";

    fn products(rows: &str) -> Vec<Product> {
        read(format!("{HEADER}{rows}").as_bytes()).unwrap()
    }

    #[test]
    fn rows_of_a_product_are_its_modules_each_once() {
        let products = products(
            "\"Field, Service\",FIELD,1,ROUTING\nOther,OTHER,2,X\n\"Field, Service\",FIELD,1,ROUTING\nField,FIELD,1,BASE\n",
        );
        assert_eq!(products.len(), 2);
        assert_eq!(products[0].name, "Field, Service");
        assert_eq!(products[0].modules, ["BASE", "ROUTING"]);
        assert_eq!(products[1].code, "OTHER");
    }

    #[test]
    fn codes_have_only_plain_characters() {
        let products = products("A\u{a0} b,w/o Teams (x)\t,1,Plan (E3/E5)\n");
        assert_eq!(products[0].code, "w-o-Teams-x");
        assert_eq!(products[0].name, "A b");
        assert_eq!(products[0].modules, ["Plan-E3-E5"]);
    }

    #[test]
    fn long_or_equal_codes_are_told_apart() {
        let long = "x".repeat(100);
        let products = products(&format!(
            "A,{long}1,1,P\nB,{long}2,2,P\nC,a b,3,P\nD,A-B,4,P\n"
        ));
        let codes: BTreeSet<String> = products
            .iter()
            .map(|product| product.code.to_lowercase())
            .collect();
        assert_eq!(codes.len(), 4);
        assert!(
            products
                .iter()
                .all(|product| product.code.len() <= LONGEST_CODE)
        );
    }

    #[test]
    fn missing_column_is_named() {
        let error = read("a,b\n1,2\n".as_bytes()).unwrap_err();
        assert!(error.to_string().contains("no column Product_Display_Name"));
    }
}
