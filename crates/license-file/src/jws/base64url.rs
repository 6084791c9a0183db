//! Base64url without padding, strict: no padding, no white space, no stray bits, so that one text has one meaning.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn encode_onto(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// The bytes, or `None` for anything that the strict encoder would not have written.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_text_decodes() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for other in ["AQ==", "AR", "A Q", "A", "A+/=", "A+8", "AQ\n"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
    }
}
