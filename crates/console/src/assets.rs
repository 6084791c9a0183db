//! Styles, scripts, fonts and icons: in the binary, compressed once, named by their content, so
//! that browsers keep them for good.

use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::compress::accepts;

/// One file.
pub(crate) struct Asset {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets/assets.rs"));

/// `GET /assets/{name}`: open to everyone, there is nothing in it.
pub(crate) async fn get_asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Ok(at) = ALL.binary_search_by(|asset| asset.name.cmp(name.as_str())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let asset = &ALL[at];
    let accepts = |coding| accepts(&headers, coding);
    let (body, coding) = match (asset.brotli, asset.gzip) {
        (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => (asset.plain, None),
    };
    let mut response = (
        [
            (CONTENT_TYPE, asset.kind),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (VARY, "accept-encoding"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        Bytes::from_static(body),
    )
        .into_response();
    if let Some(coding) = coding {
        let value = axum::http::HeaderValue::from_static(coding);
        response.headers_mut().insert(CONTENT_ENCODING, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_order_and_named_by_content() {
        assert!(ALL.is_sorted_by_key(|asset| asset.name));
        for path in [APP_CSS, APP_JS, ICONS_SVG, MARK_SVG, NOTICES_TXT] {
            let name = path.strip_prefix("/assets/").unwrap();
            assert!(ALL.iter().any(|asset| asset.name == name), "{path}");
        }
    }

    #[test]
    fn what_the_first_page_loads_stays_below_150_kilobytes() {
        let latin = |asset: &&Asset| asset.name.contains("inter-latin-wght-normal");
        let first = [APP_CSS, APP_JS, ICONS_SVG, MARK_SVG];
        let named = |asset: &&Asset| first.iter().any(|path| path.ends_with(asset.name));
        let sizes = ALL.iter().filter(|asset| latin(asset) || named(asset));
        let sum: usize = sizes
            .map(|asset| asset.gzip.map_or(asset.plain.len(), <[u8]>::len))
            .sum();
        assert!(sum < 150 * 1024, "{sum}");
    }

    #[test]
    fn styles_ask_for_nothing_outside() {
        for asset in ALL
            .iter()
            .filter(|asset| asset.kind.starts_with("text/css"))
        {
            let text = std::str::from_utf8(asset.plain).unwrap();
            assert!(!text.contains("http://") && !text.contains("https://"));
            assert!(!text.contains("url(//"));
        }
    }
}
