//! Who does what, of several machines.

use std::collections::BTreeMap;

use rand::Rng;

use crate::{Shard, Stream};

/// Kinds of work, of which each takes about as long as the next one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// A curve on an instance.
    Curve,
    /// Trials on an instance.
    Trials,
    /// A search, and what it finds.
    Search,
    /// A figure.
    Figure,
}

/// Deals the work of one theorem out among shards: of each kind one piece to each shard in turn. Who begins is drawn from
/// the name of the theorem, lest the first shard gets whatever stands alone. What is dealt depends on what is
/// declared, never on who asks, so that all shards agree without a word.
pub(crate) struct Dealer {
    shard: Option<Shard>,
    stream: Stream,
    next: BTreeMap<Work, usize>,
}

impl Dealer {
    /// For the shard that asks; none asks for all.
    pub(crate) fn new(theorem: &str, shard: Option<Shard>) -> Self {
        let stream = Stream::new(0).child("shards").child(theorem);
        Dealer { shard, stream, next: BTreeMap::new() }
    }

    /// Deals the next piece of work of this kind: whether it falls to the shard that asks.
    pub(crate) fn deal(&mut self, work: Work) -> bool {
        let Some(Shard { index, of }) = self.shard else {
            return true;
        };
        let of = of.max(1);
        let first = || {
            let drawn = self.stream.child(format!("{work:?}")).trial(0).next_u64();
            usize::try_from(drawn % of as u64).unwrap_or(0)
        };
        let turn = self.next.entry(work).or_insert_with(first);
        let own = *turn == index;
        *turn = (*turn + 1) % of;
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    quickcheck::quickcheck! {
        fn each_piece_falls_to_exactly_one_shard_and_no_shard_gets_two_more(of: u8, pieces: Vec<u8>) -> bool {
            let of = usize::from(of % 20) + 1;
            let work = |piece: &u8| match piece % 4 {
                0 => Work::Curve,
                1 => Work::Trials,
                2 => Work::Search,
                _ => Work::Figure,
            };
            let dealt = |index: usize| -> Vec<bool> {
                let mut dealer = Dealer::new("examples/any", Some(Shard { index, of }));
                pieces.iter().map(|piece| dealer.deal(work(piece))).collect()
            };
            let all: Vec<Vec<bool>> = (0..of).map(dealt).collect();
            let once = (0..pieces.len()).all(|i| all.iter().filter(|own| own[i]).count() == 1);
            let count = |own: &Vec<bool>, kind: Work| {
                pieces.iter().zip(own).filter(|(piece, own)| **own && work(piece) == kind).count()
            };
            let even = [Work::Curve, Work::Trials, Work::Search, Work::Figure].iter().all(|kind| {
                let counts: Vec<usize> = all.iter().map(|own| count(own, *kind)).collect();
                counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1
            });
            once && even
        }
    }
}
