//! Lists come in pages.

/// How many items a page has when the request doesn't say.
pub const DEFAULT_LIMIT: u32 = 100;
/// How many items a page can have.
pub const MAX_LIMIT: u32 = 1000;

/// A page of a list, as a client walks through it.
pub trait Page {
    /// What the list is of.
    type Item;

    /// The items, and the cursor of the next page (`?after=`); `None` on the last.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// Makes named pages: a generic one would be spelled out at each use in the OpenAPI document.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident of $item:ty $(, $total:ident)?;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub struct $name {
            /// The items of this page.
            pub items: Vec<$item>,
            /// Pass it as `after` for the next page; null on the last.
            pub next: Option<String>,
            $(
                /// How many items there are on all pages together.
                pub $total: u64,
            )?
        }

        impl $crate::page::Page for $name {
            type Item = $item;
            fn into_parts(self) -> (Vec<$item>, Option<String>) {
                (self.items, self.next)
            }
        }
    )*};
}
pub(crate) use pages;
