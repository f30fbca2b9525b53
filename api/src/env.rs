//! What the world gives: the time, and chance. Both are passed in, so that the demo and the tests are the same each time.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it's moved.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves the clock.
    pub fn set(&self, now: DateTime<Utc>) {
        *lock(&self.0) = now;
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        *lock(&self.0) += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *lock(&self.0)
    }
}

/// The clock, and the source of ids and secrets.
#[derive(Clone)]
pub struct Env {
    clock: Arc<dyn Clock>,
    random: Arc<Mutex<ChaCha20Rng>>,
}

impl Env {
    /// The machine's clock and its randomness.
    ///
    /// # Panics
    ///
    /// Never: the seed comes from the operating system by way of a UUID's 122 random bits, twice and a half.
    #[must_use]
    pub fn system() -> Self {
        let mut seed = [0; 32];
        for chunk in seed.chunks_mut(8) {
            // The first eight bytes of a version 4 UUID hold 4 fixed bits; five draws leave far more than 128 random ones.
            chunk.copy_from_slice(&Uuid::new_v4().as_bytes()[..8]);
        }
        Self { clock: Arc::new(SystemClock), random: Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed))) }
    }

    /// A clock of one's own, and chance that is the same each time.
    #[must_use]
    pub fn fixed(clock: impl Clock + 'static, seed: u64) -> Self {
        Self { clock: Arc::new(clock), random: Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))) }
    }

    /// The present instant, to the microsecond, which is what PostgreSQL keeps.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// A new id: a UUID of version 7.
    #[must_use]
    pub fn id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        lock(&self.random).fill_bytes(&mut random);
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A new secret of 256 bits, in hexadecimal.
    #[must_use]
    pub fn secret(&self) -> String {
        hex(&self.bytes::<32>())
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        lock(&self.random).fill_bytes(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Env").finish_non_exhaustive()
    }
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
