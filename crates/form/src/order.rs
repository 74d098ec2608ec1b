//! A sort that is small: the standard library's brings 8 KB into the page, to be quicker than needed.

/// Sorts by merging, so that even a hundred thousand places take no time to speak of.
pub(crate) fn sort<T: Copy>(items: &mut Vec<T>, is_before: &dyn Fn(T, T) -> bool) {
    let count = items.len();
    let mut width = 1;
    while width < count {
        let mut merged = Vec::with_capacity(count);
        let mut start = 0;
        while start < count {
            let (middle, end) = ((start + width).min(count), (start + 2 * width).min(count));
            let (mut left, mut right) = (start, middle);
            while left < middle || right < end {
                let takes_right =
                    left == middle || (right < end && is_before(items[right], items[left]));
                let next = if takes_right { &mut right } else { &mut left };
                merged.push(items[*next]);
                *next += 1;
            }
            start = end;
        }
        *items = merged;
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    proptest::proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(mut items: Vec<(u8, u8)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort(&mut items, &|a, b| a.0 < b.0);
            proptest::prop_assert_eq!(items, expected);
        }
    }
}
