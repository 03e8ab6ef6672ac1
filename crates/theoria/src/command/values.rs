//! What is given on the command line.

use clap::ValueEnum;
use theoria_verification::{Effort, Settings, Shard};

/// A seed as it is given.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seed {
    Default,
    Fresh,
    Number(u64),
}

impl std::str::FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "default" => Ok(Seed::Default),
            "fresh" => Ok(Seed::Fresh),
            _ => text
                .parse()
                .map(Seed::Number)
                .map_err(|_| "a seed is a whole number from 0 to 2^64 - 1, or `fresh`".into()),
        }
    }
}

/// A shard as it is given, counted from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShardName(Shard);

impl ShardName {
    /// The shard that is meant.
    pub(crate) fn shard(self) -> Shard {
        self.0
    }
}

impl std::str::FromStr for ShardName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse::<usize>().ok()?, of.parse().ok()?)))
            .filter(|&(index, of)| 1 <= index && index <= of && of <= Shard::MOST);
        parsed
            .map(|(index, of)| ShardName(Shard { index: index - 1, of }))
            .ok_or_else(|| format!("a shard is I/N with 1 ≤ I ≤ N ≤ {}, like 1/4", Shard::MOST))
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EffortName {
    /// 2 instances of each family
    Quick,
    /// 6 instances of each family
    Standard,
    /// 24 instances of each family
    Thorough,
}

impl Seed {
    /// The number that is meant; a fresh one is drawn here.
    pub(crate) fn number(self) -> u64 {
        match self {
            Seed::Default => Settings::DEFAULT_SEED,
            Seed::Number(seed) => seed,
            // Short enough to be typed again.
            Seed::Fresh => u64::from(rand::random::<u32>()),
        }
    }
}

impl EffortName {
    pub(crate) fn effort(self) -> Effort {
        match self {
            EffortName::Quick => Effort::Quick,
            EffortName::Standard => Effort::Standard,
            EffortName::Thorough => Effort::Thorough,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn efforts_say_how_many_instances_they_draw() {
        for (name, effort) in EffortName::value_variants().iter().zip([
            Effort::Quick,
            Effort::Standard,
            Effort::Thorough,
        ]) {
            let value = name.to_possible_value().unwrap();
            let help = value.get_help().unwrap().to_string();
            assert_eq!(value.get_name(), effort.to_string());
            assert!(help.starts_with(&effort.instances().to_string()));
        }
    }
}
