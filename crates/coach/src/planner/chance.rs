//! Repeatable chance: the same seed gives the same choices on every machine.

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(super) struct Chance {
    state: u64,
}

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The candidate with the highest score; up to `noise` is added to each, so that near ones take turns.
    pub(super) fn best<T: Copy>(
        &mut self,
        candidates: impl Iterator<Item = T>,
        noise: f64,
        score: impl Fn(T) -> f64,
    ) -> Option<T> {
        let mut best = None;
        for candidate in candidates {
            let score = score(candidate) + noise * self.share();
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }
}
