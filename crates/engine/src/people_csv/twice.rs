//! Which of very many hashes came more than once.

/// Those that did, in their order. Equal ones may still be of different names.
pub(super) fn repeated(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    let same = hashes.chunk_by(PartialEq::eq);
    same.filter(|same| same.len() > 1)
        .map(|same| same[0])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_more_than_once_is_told_once() {
        assert_eq!(repeated(vec![3, 1, 2, 3, 1, 3, u64::MAX, 0]), [1, 3]);
        assert!(repeated(vec![2, 1]).is_empty());
        assert!(repeated(Vec::new()).is_empty());
    }
}
