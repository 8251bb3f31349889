//! Seeds of NumPy's generators: any number of words mixed to a pool, from which a generator's state is made.
//!
//! # References
//! - O'Neill (2015), Developing a `seed_seq` alternative
//! - NumPy, `numpy.random.SeedSequence`

/// Words of the pool.
const POOL: usize = 4;

/// `np.random.SeedSequence`
#[derive(Clone, Debug)]
pub(in crate::language) struct SeedSequence {
    /// What the seed is, and below it the number of each child on the way here.
    words: Vec<u32>,
    children: u32,
}

/// A hash whose multiplier changes with every word.
struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn next(&mut self, word: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        let word = word.wrapping_mul(self.constant);
        word ^ (word >> 16)
    }
}

fn mix(x: u32, y: u32) -> u32 {
    let mixed = x.wrapping_mul(0xca01_f9dd).wrapping_sub(y.wrapping_mul(0x4973_f715));
    mixed ^ (mixed >> 16)
}

impl SeedSequence {
    /// The sequence of a seed: whole numbers as 32-bit words, lowest first.
    pub(in crate::language) fn new(words: Vec<u32>) -> Self {
        Self { words, children: 0 }
    }

    /// The next child of the sequence.
    pub(in crate::language) fn spawn(&mut self) -> Self {
        let mut words = self.words.clone();
        words.resize(words.len().max(POOL), 0);
        words.push(self.children);
        self.children += 1;
        Self::new(words)
    }

    /// Words for the state of a generator.
    pub(super) fn state(&self) -> [u64; 4] {
        let pool = self.pool();
        let mut hash = Hash { constant: 0x8b51_f9dd, multiplier: 0x58f3_8ded };
        let mut halves = pool.iter().cycle().map(|&word| u64::from(hash.next(word)));
        std::array::from_fn(|_| {
            let low = halves.next().unwrap_or_default();
            low | halves.next().unwrap_or_default() << 32
        })
    }

    fn pool(&self) -> [u32; POOL] {
        let mut hash = Hash { constant: 0x43b0_d7e5, multiplier: 0x931e_8875 };
        let mut pool: [u32; POOL] =
            std::array::from_fn(|k| hash.next(self.words.get(k).copied().unwrap_or(0)));
        for from in 0..POOL {
            for to in (0..POOL).filter(|&to| to != from) {
                pool[to] = mix(pool[to], hash.next(pool[from]));
            }
        }
        for &word in self.words.iter().skip(POOL) {
            for place in &mut pool {
                *place = mix(*place, hash.next(word));
            }
        }
        pool
    }
}
