//! How often claims came out as what, over many seeds: of one machine or of several.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use theoria_verification::evidence::store::{StoreError, bytes_of, write_atomically};
use theoria_verification::statistics::clopper_pearson;
use theoria_verification::{Effort, Role, Shard, Verdict, printable};

use crate::command::error::CommandError;

/// The format that this version writes and reads.
const FORMAT: u32 = 1;

/// What was counted, for which seeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    format: u32,
    /// What all shards of a calibration have in common.
    pub(crate) plan: Plan,
    /// The share of the seeds; all if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shard: Option<Shard>,
    /// Ids of the theorems that are finished.
    pub(crate) counted: Vec<String>,
    /// Their claims and controls.
    pub(crate) claims: Vec<Counts>,
}

/// What is calibrated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) version: String,
    /// The build of the program, as a hash of its bytes; none if they cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) build: Option<String>,
    pub(crate) effort: Effort,
    /// The first seed, in words, since many programs round whole numbers beyond 2^53.
    pub(crate) first: String,
    /// How many seeds all shards have together.
    pub(crate) seeds: u64,
    /// Ids of the theorems.
    pub(crate) theorems: Vec<String>,
}

/// How often a claim came out as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) theorem: String,
    pub(crate) claim: String,
    pub(crate) role: Role,
    pub(crate) supported: u64,
    pub(crate) refuted: u64,
    pub(crate) inconclusive: u64,
    /// Seeds whose verdict is not the one that the theorem needs.
    pub(crate) wrong: Vec<String>,
}

impl Counts {
    /// Of a claim whose verdicts these are, by seed.
    pub(crate) fn of(
        theorem: &str,
        (role, claim): (Role, &str),
        verdicts: &[(u64, Verdict)],
    ) -> Self {
        let count = |verdict| verdicts.iter().filter(|(_, it)| *it == verdict).count() as u64;
        let wrong = verdicts.iter().filter(|(_, verdict)| *verdict != needed(role));
        Counts {
            theorem: theorem.into(),
            claim: claim.into(),
            role,
            supported: count(Verdict::Supported),
            refuted: count(Verdict::Refuted),
            inconclusive: count(Verdict::Inconclusive),
            wrong: wrong.map(|(seed, _)| seed.to_string()).collect(),
        }
    }

    /// Number of seeds.
    pub(crate) fn seeds(&self) -> u64 {
        self.supported.saturating_add(self.refuted).saturating_add(self.inconclusive)
    }

    /// Between what the probability of a wrong verdict lies, with confidence 95% (Clopper and Pearson).
    pub(crate) fn rate_of_wrong(&self) -> (f64, f64) {
        clopper_pearson(self.wrong.len() as u64, self.seeds(), 0.025)
    }

    fn is_sound(&self) -> bool {
        let right =
            if needed(self.role) == Verdict::Supported { self.supported } else { self.refuted };
        let numbers = self.wrong.iter().all(|seed| seed.parse::<u64>().is_ok());
        numbers && self.seeds().checked_sub(right) == Some(self.wrong.len() as u64)
    }

    fn add(&mut self, other: &Counts) {
        self.supported = self.supported.saturating_add(other.supported);
        self.refuted = self.refuted.saturating_add(other.refuted);
        self.inconclusive = self.inconclusive.saturating_add(other.inconclusive);
        self.wrong.extend(other.wrong.iter().cloned());
        self.wrong.sort_by_key(|seed| seed.parse::<u64>().unwrap_or(u64::MAX));
    }
}

fn needed(role: Role) -> Verdict {
    match role {
        Role::Claim => Verdict::Supported,
        Role::Control => Verdict::Refuted,
    }
}

impl Tally {
    /// Nothing is counted yet.
    pub(crate) fn new(plan: Plan, shard: Option<Shard>) -> Self {
        Tally { format: FORMAT, plan, shard, counted: Vec::new(), claims: Vec::new() }
    }

    /// Whether all theorems are counted.
    pub(crate) fn is_finished(&self) -> bool {
        self.plan.theorems.iter().all(|theorem| self.has(theorem))
    }

    /// Whether a theorem is counted.
    pub(crate) fn has(&self, theorem: &str) -> bool {
        self.counted.iter().any(|counted| counted == theorem)
    }

    /// How many seeds are its own.
    fn own_seeds(&self) -> u64 {
        let (index, of) = self.place();
        self.plan.seeds.saturating_sub(index).div_ceil(of)
    }

    fn place(&self) -> (u64, u64) {
        self.shard.map_or((0, 1), |Shard { index, of }| (index as u64, (of as u64).max(1)))
    }

    /// Whether these are different seeds of its own.
    fn are_own(&self, seeds: &[String]) -> bool {
        let (index, of) = self.place();
        let Ok(first) = self.plan.first.parse::<u64>() else { return false };
        let different: BTreeSet<&String> = seeds.iter().collect();
        different.len() == seeds.len()
            && seeds.iter().all(|seed| {
                let after = seed.parse::<u64>().ok().and_then(|seed| seed.checked_sub(first));
                after.is_some_and(|after| after < self.plan.seeds && after % of == index)
            })
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.into(), source: error.into() })?;
        write_atomically(path, (text + "\n").as_bytes())
    }

    /// What a file says. Nothing in it is trusted.
    pub(crate) fn read(path: &Path) -> Result<Self, CommandError> {
        let unlike =
            |reason: String| CommandError::Tally { path: path.into(), reason: printable(&reason) };
        let read: Result<Tally, _> = serde_json::from_slice(&bytes_of(path)?);
        let tally =
            read.map_err(|error| unlike(format!("it holds no counts of `calibrate` ({error})")))?;
        if tally.format != FORMAT {
            return Err(unlike(format!(
                "it has format {}, and this version reads {FORMAT}",
                tally.format
            )));
        }
        if tally.shard.is_some_and(|shard| !shard.is_sound()) {
            return Err(unlike("it names a shard that cannot be".into()));
        }
        let mut names = BTreeSet::new();
        for counts in &tally.claims {
            let known = tally.has(&counts.theorem);
            let once = names.insert((&counts.theorem, &counts.claim));
            let own = counts.seeds() == tally.own_seeds() && tally.are_own(&counts.wrong);
            if !(known && once && own && counts.is_sound()) {
                return Err(unlike(format!(
                    "its counts for {}: {} contradict each other",
                    counts.theorem, counts.claim
                )));
            }
        }
        let of = |theorem: &String| tally.claims.iter().any(|counts| counts.theorem == *theorem);
        if let Some(theorem) = tally.counted.iter().find(|theorem| !of(theorem)) {
            return Err(unlike(format!(
                "it says that {theorem} was counted, and has no claim of it"
            )));
        }
        Ok(tally)
    }
}

/// The counts of all shards together, whatever their order.
pub(crate) fn merged(files: &[PathBuf]) -> Result<Tally, CommandError> {
    let read = |path: &PathBuf| Ok((path.clone(), Tally::read(path)?));
    let tallies: Vec<(PathBuf, Tally)> =
        files.iter().map(read).collect::<Result<_, CommandError>>()?;
    let Some((first_path, first)) = tallies.first() else {
        return Err(CommandError::NoTally);
    };
    let of = first.shard.map_or(1, |shard| shard.of);
    let index = |tally: &Tally| tally.shard.map_or(0, |shard| shard.index);
    let mut shards: BTreeMap<usize, &(PathBuf, Tally)> = BTreeMap::new();
    for piece in &tallies {
        let (path, tally) = piece;
        if let Some(what) = difference(first, tally) {
            let files = [first_path.clone(), path.clone()];
            return Err(CommandError::MixedTallies { files, what });
        }
        if let Some((earlier, _)) = shards.insert(index(tally), piece) {
            let what: String = "are both the same shard: leave one of them out".into();
            return Err(CommandError::MixedTallies {
                files: [earlier.clone(), path.clone()],
                what,
            });
        }
    }
    let unfinished = shards.values().find(|(_, tally)| !tally.is_finished());
    if let Some((path, tally)) = unfinished {
        let left = tally.plan.theorems.iter().filter(|theorem| !tally.has(theorem)).count();
        return Err(CommandError::Tally {
            path: path.clone(),
            reason: format!(
                "it was interrupted, with {left} of {} theorems to count: run it again with --resume",
                tally.plan.theorems.len()
            ),
        });
    }
    let missing: Vec<String> = (0..of)
        .filter(|index| !shards.contains_key(index))
        .map(|index| format!("--shard {}/{of}", index + 1))
        .collect();
    if !missing.is_empty() {
        let Plan { first, seeds, effort, .. } = &first.plan;
        return Err(CommandError::MissingTallies {
            missing: missing.join(", "),
            again: format!("--first {} --seeds {seeds} --effort {effort}", printable(first)),
        });
    }
    let mut union = Tally { shard: None, ..first.clone() };
    for (path, tally) in shards.into_values().filter(|(path, _)| path != first_path) {
        if tally.claims.len() != first.claims.len() {
            let files = [first_path.clone(), path.clone()];
            let what = "do not count the same claims: run one of them again".into();
            return Err(CommandError::MixedTallies { files, what });
        }
        for counts in &mut union.claims {
            let same = |it: &&Counts| {
                (&it.theorem, &it.claim, it.role) == (&counts.theorem, &counts.claim, counts.role)
            };
            let Some(others) = tally.claims.iter().find(same) else {
                let files = [first_path.clone(), path.clone()];
                let what =
                    format!("do not count the same claims ({}: {})", counts.theorem, counts.claim);
                return Err(CommandError::MixedTallies { files, what: printable(&what) });
            };
            counts.add(others);
        }
    }
    Ok(union)
}

/// What two shards have otherwise, though they should have it in common.
fn difference(one: &Tally, other: &Tally) -> Option<String> {
    let (a, b) = (&one.plan, &other.plan);
    let of = |tally: &Tally| tally.shard.map_or(1, |shard| shard.of);
    let said = |what: &str, one: &str, other: &str| {
        Some(printable(&format!(
            "are of different {what}, {one} and {other}: run all shards alike"
        )))
    };
    if a.version != b.version {
        said("versions", &a.version, &b.version)
    } else if a.build != b.build {
        Some("are by different builds of the program: run all shards with one".into())
    } else if (&a.first, a.seeds) != (&b.first, b.seeds) {
        let seeds = |plan: &Plan| format!("{} from {} on", plan.seeds, plan.first);
        said("seeds", &seeds(a), &seeds(b))
    } else if a.effort != b.effort {
        said("efforts", &a.effort.to_string(), &b.effort.to_string())
    } else if of(one) != of(other) {
        said("divisions", &format!("in {}", of(one)), &format!("in {}", of(other)))
    } else if a.theorems != b.theorems {
        Some("count different theorems: run all shards with the same filters".into())
    } else {
        None
    }
}
