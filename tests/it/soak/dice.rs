//! Chance from a seed: the same seed says the same things and draws the same moments.

/// The splitmix64 generator.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but not including, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// Both ends can come.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }

    /// Dice of their own for somebody who rolls at the same time.
    pub fn another(&mut self) -> Self {
        Self(self.roll())
    }
}

/// The seed of this run: `MILLWRIGHT_SOAK_SEED`, else a new one. Printed, so that it can be given again.
pub fn seed() -> u64 {
    let given = setting("MILLWRIGHT_SOAK_SEED");
    let seed = given.unwrap_or_else(|| u64::try_from(millwright::clock::Clock::system(0).now_ms()).unwrap());
    println!("MILLWRIGHT_SOAK_SEED={seed}");
    seed
}

/// How many kills a run has: `MILLWRIGHT_SOAK_KILLS`. Few unless asked for, so that `cargo test` stays quick.
pub fn kills() -> u64 {
    setting("MILLWRIGHT_SOAK_KILLS").unwrap_or(20)
}

fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a soak is and where it begins is the caller's choice"
    )]
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}
