//! Walking through the pages of a list.

use wire::page::Page;

use crate::Error;

/// Every item of a list, page by page as they are needed. Ends after the first error.
///
/// ```no_run
/// # use client::{Client, Error, every};
/// # fn f(client: &Client) -> Result<(), Error> {
/// use wire::license::LicenseQuery;
/// for license in every(|after| client.list_licenses(&LicenseQuery { after, ..Default::default() })) {
///     let license = license?;
/// }
/// # Ok(()) }
/// ```
pub fn every<P, F>(fetch: F) -> impl Iterator<Item = Result<P::Item, Error>>
where
    P: Page,
    F: FnMut(Option<String>) -> Result<P, Error>,
{
    Every::<P, F> {
        fetch,
        items: Vec::new().into_iter(),
        next: Next::First,
    }
}

struct Every<P: Page, F> {
    fetch: F,
    items: std::vec::IntoIter<P::Item>,
    next: Next,
}

/// Which page comes next.
enum Next {
    First,
    After(String),
    None,
}

impl<P, F> Iterator for Every<P, F>
where
    P: Page,
    F: FnMut(Option<String>) -> Result<P, Error>,
{
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            let after = match std::mem::replace(&mut self.next, Next::None) {
                Next::First => None,
                Next::After(cursor) => Some(cursor),
                Next::None => return None,
            };
            match (self.fetch)(after) {
                Ok(page) => {
                    let (items, next) = page.into_parts();
                    self.items = items.into_iter();
                    self.next = next.map_or(Next::None, Next::After);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::product::{Product, ProductPage};

    fn page(next: Option<&str>) -> ProductPage {
        ProductPage {
            items: Vec::<Product>::new(),
            next: next.map(str::to_owned),
            total: 0,
        }
    }

    #[test]
    fn pages_are_asked_for_until_there_is_no_next() {
        let mut asked = Vec::new();
        let count = every(|after: Option<String>| {
            asked.push(after.clone());
            Ok(page(match after.as_deref() {
                None => Some("a"),
                Some("a") => Some("b"),
                _ => None,
            }))
        })
        .count();
        assert_eq!(count, 0);
        assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[test]
    fn an_error_ends_the_list() {
        let items: Vec<_> = every(|_| Err::<ProductPage, _>(Error::InvalidToken)).collect();
        assert_eq!(items.len(), 1);
        assert!(items[0].is_err());
    }
}
