//! Chance that can be had again.

use std::time::SystemTime;

/// A small generator (splitmix64), so that a failure can be run again from its printed seed.
pub(crate) struct Dice(u64);

impl Dice {
    /// New ones, and the seed, which a failure must say.
    pub(crate) fn seeded() -> (u64, Self) {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seed = since.unwrap().as_nanos() as u64;
        (seed, Self(seed))
    }

    /// A number from 0 up to and without `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    pub(crate) fn pick<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.roll(choices.len())]
    }
}
