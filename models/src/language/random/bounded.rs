//! Draws whole numbers below a bound: by multiplication, or by masked bits and rejection.
//!
//! # References
//! - Lemire (2019), Fast random integer generation in an interval, arXiv:1805.10941

use super::Generator;

impl Generator {
    /// A whole number from 0 to `last`, as `integers`, `randint` and `choice` draw it.
    pub(in crate::language) fn bounded(&mut self, last: u64) -> u64 {
        match last {
            _ if self.is_legacy() => self.masked(last),
            0 => 0,
            0xffff_ffff => u64::from(self.next_u32()),
            1..0xffff_ffff => {
                let count = last as u32 + 1;
                let threshold = (u32::MAX - last as u32) % count;
                loop {
                    let product = u64::from(self.next_u32()) * u64::from(count);
                    if product as u32 >= threshold {
                        return product >> 32;
                    }
                }
            }
            u64::MAX => self.next_u64(),
            _ => {
                let count = last + 1;
                let threshold = (u64::MAX - last) % count;
                loop {
                    let product = u128::from(self.next_u64()) * u128::from(count);
                    if product as u64 >= threshold {
                        return (product >> 64) as u64;
                    }
                }
            }
        }
    }

    /// A whole number from 0 to `last`, as both kinds of generators draw it when they shuffle.
    pub(super) fn masked(&mut self, last: u64) -> u64 {
        if last == 0 {
            return 0;
        }
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let bits = if last <= 0xffff_ffff { u64::from(self.next_u32()) } else { self.next_u64() };
            if bits & mask <= last {
                return bits & mask;
            }
        }
    }

    /// The places from 0 in an order drawn at random.
    pub(in crate::language) fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..count).collect();
        for k in (1..count).rev() {
            places.swap(k, self.masked(k as u64) as usize);
        }
        places
    }

    /// `size` different places of `count`, all as likely.
    pub(in crate::language) fn subset(&mut self, count: usize, size: usize, shuffle: bool) -> Vec<usize> {
        if self.is_legacy() {
            let mut places = self.permutation(count);
            places.truncate(size);
            return places;
        }
        if count > 10_000 && size > count / if shuffle { 50 } else { 20 } {
            let mut places: Vec<usize> = (0..count).collect();
            for k in ((count - size).max(1)..count).rev() {
                places.swap(k, self.bounded(k as u64) as usize);
            }
            return places.split_off(count - size);
        }
        // Floyd's algorithm.
        let mut known = std::collections::HashSet::with_capacity(size);
        let mut places = Vec::with_capacity(size);
        for last in count - size..count {
            let drawn = self.bounded(last as u64) as usize;
            let place = if known.insert(drawn) { drawn } else { last };
            known.insert(place);
            places.push(place);
        }
        if shuffle {
            for k in (1..size).rev() {
                places.swap(k, self.bounded(k as u64) as usize);
            }
        }
        places
    }
}
