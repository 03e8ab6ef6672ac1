//! What theorems use of each other: which rests on which, how deep, and in which order they are read.

use std::collections::{BTreeSet, HashMap};

use crate::entry::Entry;

/// The theorems of a report as a graph without circles. What evidence names and the report does not have is left out; of a circle,
/// which only evidence that somebody has edited can hold, the uses that close it.
pub(crate) struct Map<'a> {
    entries: &'a [Entry<'a>],
    places: HashMap<&'a str, usize>,
    /// Of each theorem those that it uses, and what of them.
    uses: Vec<Vec<(usize, &'a str)>>,
    used_by: Vec<Vec<usize>>,
    /// The longest chain of theorems below each.
    depths: Vec<usize>,
    /// The longest chain of theorems upon each.
    heights: Vec<usize>,
}

/// A theorem that another one uses, and what of it.
pub(crate) struct Used<'a> {
    pub(crate) entry: &'a Entry<'a>,
    pub(crate) what: &'a str,
}

impl<'a> Map<'a> {
    pub(crate) fn of(entries: &'a [Entry<'a>]) -> Self {
        let places: HashMap<&str, usize> = entries
            .iter()
            .enumerate()
            .map(|(place, entry)| (entry.evidence.id.as_str(), place))
            .collect();
        let known = |entry: &'a Entry<'a>| {
            let uses = entry.evidence.uses.iter();
            uses.filter_map(|used| Some((*places.get(&*used.theorem)?, used.what.as_str())))
                .collect()
        };
        let mut uses: Vec<Vec<(usize, &str)>> = entries.iter().map(known).collect();
        let order = order_without_circles(&mut uses);
        let mut used_by = vec![Vec::new(); entries.len()];
        for (user, uses) in uses.iter().enumerate() {
            for (used, _) in uses {
                used_by[*used].push(user);
            }
        }
        let mut depths = vec![0; entries.len()];
        for &place in &order {
            depths[place] =
                uses[place].iter().map(|(used, _)| depths[*used] + 1).max().unwrap_or(0);
        }
        let mut heights = vec![0; entries.len()];
        for &place in order.iter().rev() {
            heights[place] =
                used_by[place].iter().map(|user| heights[*user] + 1).max().unwrap_or(0);
        }
        Map { entries, places, uses, used_by, depths, heights }
    }

    fn place(&self, entry: &Entry<'_>) -> Option<usize> {
        self.places.get(&*entry.evidence.id).copied()
    }

    /// The theorems that one uses, in the order in which it names them.
    pub(crate) fn uses(&self, entry: &Entry<'_>) -> Vec<Used<'a>> {
        let uses = self.place(entry).map_or(&[][..], |place| &self.uses[place]);
        uses.iter().map(|&(used, what)| Used { entry: &self.entries[used], what }).collect()
    }

    /// The theorems that use one.
    pub(crate) fn used_by(&self, entry: &Entry<'_>) -> Vec<&'a Entry<'a>> {
        let users = self.place(entry).map_or(&[][..], |place| &self.used_by[place]);
        users.iter().map(|user| &self.entries[*user]).collect()
    }

    /// How many theorems lie below one, in the longest chain.
    pub(crate) fn depth(&self, entry: &Entry<'_>) -> usize {
        self.place(entry).map_or(0, |place| self.depths[place])
    }

    /// Theorems of a chapter in an order in which they can be read: each after those of the chapter that it uses, and soon after
    /// the last of these, so that a thread is followed to its end before the next begins; what most rests on comes first.
    pub(crate) fn in_reading_order(&self, chapter: &[&'a Entry<'a>]) -> Vec<&'a Entry<'a>> {
        let places: Vec<usize> = chapter.iter().filter_map(|entry| self.place(entry)).collect();
        let inside: BTreeSet<usize> = places.iter().copied().collect();
        let mut missing: HashMap<usize, usize> = places
            .iter()
            .map(|&place| {
                let uses = self.uses[place].iter();
                (place, uses.filter(|(used, _)| inside.contains(used)).count())
            })
            .collect();
        // The last one is read next.
        let last_first = |mut ready: Vec<usize>| {
            ready.sort_by_key(|&place| (self.heights[place], usize::MAX - place));
            ready
        };
        let beginnings = places.iter().copied().filter(|place| missing[place] == 0).collect();
        let mut ready = last_first(beginnings);
        let mut read = Vec::with_capacity(places.len());
        while let Some(place) = ready.pop() {
            read.push(&self.entries[place]);
            let mut next = Vec::new();
            for user in &self.used_by[place] {
                if let Some(missing) = missing.get_mut(user) {
                    *missing -= 1;
                    if *missing == 0 {
                        next.push(*user);
                    }
                }
            }
            ready.extend(last_first(next));
        }
        read
    }
}

/// All of them, each after those that it uses. Where only circles are left, the uses that keep the first of them from its turn
/// are dropped.
fn order_without_circles(uses: &mut [Vec<(usize, &str)>]) -> Vec<usize> {
    let mut users = vec![Vec::new(); uses.len()];
    for (user, uses) in uses.iter().enumerate() {
        for (used, _) in uses {
            users[*used].push(user);
        }
    }
    let mut missing: Vec<usize> = uses.iter().map(Vec::len).collect();
    let mut waiting: BTreeSet<usize> = (0..uses.len()).collect();
    let mut ready: BTreeSet<usize> = waiting.iter().copied().filter(|p| missing[*p] == 0).collect();
    let mut order = Vec::with_capacity(uses.len());
    while let Some(&first) = waiting.first() {
        let place = ready.pop_first().unwrap_or_else(|| {
            uses[first].retain(|(used, _)| !waiting.contains(used));
            first
        });
        waiting.remove(&place);
        order.push(place);
        for &user in &users[place] {
            missing[user] = missing[user].saturating_sub(1);
            if missing[user] == 0 && waiting.contains(&user) {
                ready.insert(user);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use theoria_verification::evidence::TheoremEvidence;
    use theoria_verification::{Settings, Theorem};

    fn evidence(id: &str, uses: &[&str]) -> TheoremEvidence {
        let theorem = Theorem::new(id, &format!("# {id}\n\nWhy."));
        let theorem = uses.iter().fold(theorem, |theorem, used| theorem.uses(used, "something"));
        theorem.check(&Settings::default())
    }

    fn told(evidence: &[TheoremEvidence]) -> (Vec<String>, Vec<usize>, Vec<usize>) {
        let entries: Vec<Entry<'_>> =
            evidence.iter().map(|it| Entry::of(it).ok().unwrap()).collect();
        let map = Map::of(&entries);
        let read = map.in_reading_order(&entries.iter().collect::<Vec<_>>());
        let depths = entries.iter().map(|entry| map.depth(entry)).collect();
        let uses = entries.iter().map(|entry| map.uses(entry).len()).collect();
        (read.iter().map(|entry| entry.name.into()).collect(), depths, uses)
    }

    #[test]
    fn a_thread_is_read_to_its_end() {
        let all = [
            evidence("c/alone", &[]),
            evidence("c/basis", &[]),
            evidence("c/flower", &["c/stem"]),
            evidence("c/leaf", &["c/basis"]),
            evidence("c/stem", &["c/basis", "c/nowhere"]),
        ];
        let (read, depths, uses) = told(&all);
        assert_eq!(read, ["basis", "stem", "flower", "leaf", "alone"]);
        assert_eq!((depths, uses), (vec![0, 0, 2, 1, 1], vec![0, 0, 1, 1, 1]));
    }

    #[test]
    fn a_circle_is_opened() {
        let all = [
            evidence("c/a", &["c/b"]),
            evidence("c/b", &["c/c"]),
            evidence("c/c", &["c/a"]),
            evidence("c/d", &["c/c"]),
        ];
        let (read, depths, uses) = told(&all);
        assert_eq!(read, ["a", "c", "b", "d"]);
        assert_eq!((depths, uses), (vec![0, 2, 1, 2], vec![0, 1, 1, 1]));
    }

    proptest! {
        #[test]
        fn every_theorem_has_its_turn(pairs in prop::collection::vec((0usize..12, 0usize..12), 0..40)) {
            let mut uses: Vec<Vec<(usize, &str)>> = vec![Vec::new(); 12];
            for (user, used) in pairs {
                if user != used && uses[user].iter().all(|(other, _)| *other != used) {
                    uses[user].push((used, ""));
                }
            }
            let order = order_without_circles(&mut uses);
            let at = |place: usize| order.iter().position(|other| *other == place).unwrap();
            prop_assert_eq!(order.len(), 12);
            for (user, uses) in uses.iter().enumerate() {
                prop_assert!(uses.iter().all(|(used, _)| at(*used) < at(user)));
            }
        }
    }
}
