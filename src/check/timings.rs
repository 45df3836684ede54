//! Where the time of a run goes. The core has no clock: whoever wants to know brings one.

use std::collections::BTreeMap;
use std::time::Duration;

/// Time since some fixed moment; never goes back.
pub type Clock = fn() -> Duration;

/// Time that each part of a run took, added up over all threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    parts: BTreeMap<&'static str, Duration>,
}

impl Timings {
    /// Parts and rules by name, the longest first.
    pub fn sorted(&self) -> Vec<(&'static str, Duration)> {
        let mut parts: Vec<(&'static str, Duration)> =
            self.parts.iter().map(|(part, time)| (*part, *time)).collect();
        parts.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        parts
    }

    /// All parts together.
    pub fn total(&self) -> Duration {
        self.parts.values().sum()
    }

    fn add(&mut self, part: &'static str, time: Duration) {
        *self.parts.entry(part).or_default() += time;
    }
}

/// Takes the time of one thing after the other.
pub(super) trait Watch: Send {
    /// What happened since the last lap was `part`.
    fn lap(&mut self, part: &'static str);

    /// What was measured.
    fn timings(self) -> Option<Timings>;
}

/// Nobody wants to know: costs nothing.
impl Watch for () {
    #[inline]
    fn lap(&mut self, _part: &'static str) {}

    fn timings(self) -> Option<Timings> {
        None
    }
}

/// A watch with a clock.
pub(super) struct Stopwatch {
    clock: Clock,
    last: Duration,
    timings: Timings,
}

impl Stopwatch {
    /// Starts at once.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, last: clock(), timings: Timings::default() }
    }
}

impl Watch for Stopwatch {
    fn lap(&mut self, part: &'static str) {
        let now = (self.clock)();
        self.timings.add(part, now.saturating_sub(self.last));
        // Keeping the books is nobody's time.
        self.last = (self.clock)();
    }

    fn timings(self) -> Option<Timings> {
        Some(self.timings)
    }
}

/// Adds up what several threads measured.
pub(super) fn sum(all: impl IntoIterator<Item = Option<Timings>>) -> Option<Timings> {
    let mut sum: Option<Timings> = None;
    for timings in all.into_iter().flatten() {
        let sum = sum.get_or_insert_default();
        for (part, time) in timings.parts {
            sum.add(part, time);
        }
    }
    sum
}
