//! Worst instances: searched for, confirmed, remembered, forgotten.

use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence, Origin, TheoremEvidence};
use theoria_verification::{
    Case, Check, Choices, Claim, Draw, Family, Hypothesis, Instance, Memory, Readings, Remembered,
    Settings, Severity, Standing, Stream, Theorem, Trace, Verdict,
};

/// x (1 - x) on [0, 1], whose maximum 1/4 is met in the middle alone, to a power that makes the hill narrow.
#[derive(Clone)]
struct Hill {
    place: f64,
    trace: Option<Trace>,
}

impl Hill {
    fn height_at(place: f64) -> f64 {
        (4.0 * place * (1.0 - place)).powi(2000)
    }
}

impl Instance for Hill {
    fn description(&self) -> String {
        format!("at {}", self.place)
    }

    fn traced(&self, trace: &Trace) -> Option<Self> {
        Some(Hill { trace: Some(trace.clone()), ..self.clone() })
    }

    fn height(&self, place: f64) -> Option<f64> {
        Some(Self::height_at(place))
    }
}

fn hills() -> Family<Hill> {
    Family::drawn("hills", |draw| {
        let place = draw.uniform(0.0, 1.0);
        if place < 0.5 {
            draw.label("to the left");
        }
        Hill { place, trace: None }
    })
}

fn below(name: &str, bound: f64) -> Claim<Hill> {
    Claim::bound(name, &format!("h ≤ {bound}"))
        .measuring_each(|hill: &Hill| {
            let height = Hill::height_at(hill.place);
            if let Some(trace) = &hill.trace {
                trace.run([(0.0, Hill::height_at(0.0)), (hill.place, height)], None);
            }
            Readings::at(1, height)
        })
        .predicting(move |_, _| bound)
}

fn check(theorem: &Theorem) -> TheoremEvidence {
    theorem.check(&Settings::default())
}

fn examined(claim: Claim<Hill>) -> ClaimEvidence {
    check(&Theorem::new("examples/hill", "# A hill").claim(claim)).claims.remove(0)
}

#[test]
fn a_search_sees_what_draws_do_not() {
    let claim = examined(below("one", 1.0).on(hills().hunted(2000)));
    let severities = claim.severities();
    assert!(severities.drawn.unwrap() < 0.5, "{severities:?}");
    assert!(severities.searched.unwrap() > 0.999, "{severities:?}");
    assert_eq!(claim.verdict, Verdict::Supported);
    let found = claim.searched().next().unwrap();
    let Origin::Searched(searched) = &found.origin else { panic!("it was searched for") };
    assert!(searched.again.unwrap().tightness >= 0.95 * severities.searched.unwrap());
    assert_eq!((found.family.as_str(), searched.choices.words.len()), ("hills", 1));
    // What is drawn of it: the hill, and the way to its top.
    let picture = serde_json::to_string(found.picture.as_ref().unwrap()).unwrap();
    assert!(picture.contains("iterates") && picture.contains("f(x)"));
    assert!(found.labels.is_empty() || found.labels == ["to the left"]);
}

#[test]
fn a_bound_a_little_too_small_is_refuted_by_a_counterexample_for_paper() {
    for seed in 0..20 {
        let theorem = Theorem::new("examples/hill", "# A hill")
            .claim(below("too_small", 0.95).on(hills().hunted(2000)));
        let evidence = theorem.check(&Settings::default().with_seed(seed));
        let claim = &evidence.claims[0];
        assert_eq!(claim.verdict, Verdict::Refuted, "seed {seed}");
        let small = claim.counterexample.as_ref().unwrap();
        assert_eq!(small.description, "at 0.5", "seed {seed}");
    }
}

#[test]
fn a_control_on_a_hunted_family_is_refuted_by_what_is_found_or_is_none() {
    let theorem = |control: Claim<Hill>| {
        let claim = below("one", 1.0).on(hills().hunted(500));
        check(&Theorem::new("examples/hill", "# A hill").claim(claim).control(control))
    };
    let evidence = theorem(below("half", 0.5).on(hills().hunted(500)));
    assert_eq!(evidence.standing, Standing::Holds);
    let [found] = &evidence.claims[1].instances[..] else { panic!("one instance") };
    assert_eq!(found.description, "at 0.5");
    let evidence = theorem(below("two", 2.0).on(hills().hunted(500)));
    assert_eq!(evidence.standing, Standing::NotEvidence);
}

#[test]
fn a_family_without_choices_has_nothing_to_search() {
    let family = Family::drawn("always the same", |_: &mut Draw| Hill { place: 0.5, trace: None });
    let claim = examined(below("one", 1.0).on(family.hunted(100)));
    assert_eq!(claim.verdict, Verdict::Inconclusive);
    let told = claim.searched().next().unwrap().finding.clone().unwrap().note.unwrap();
    assert!(told.contains("makes no choices"), "{told}");
}

#[test]
#[should_panic(expected = "the claim mean says neither at most nor at least")]
fn what_has_no_direction_cannot_be_searched() {
    let claim = Claim::expected_value("mean", "E h = 1/2", 0.1)
        .on(hills().hunted(100))
        .sampling(|hill: &Hill, block| block.each_value(1, |_| hill.place))
        .predicting(|_, _| 0.5);
    let _ = Theorem::new("examples/hill", "# A hill").claim(claim);
}

#[test]
fn a_hypothesis_that_is_not_needed_is_not_shown_to_be() {
    let left = || Hypothesis::new("left", |hill: &Hill, _| Check::that(hill.place < 0.4, "place"));
    let claim = |name: &str| below(name, 0.5).assuming([left()]).on(hills().hunted(500));
    let theorem = |without: Claim<Hill>| {
        let theorem = Theorem::new("examples/hill", "# A hill").claim(claim("steep"));
        check(&theorem.control(without.violating("left")))
    };
    let evidence = theorem(claim("anywhere"));
    assert_eq!(evidence.standing, Standing::Holds, "{:#?}", evidence.claims[1].verdict);
    let [found] = &evidence.claims[1].instances[..] else { panic!("one instance") };
    assert!(found.counts && found.hypotheses.iter().all(|check| !check.satisfied));
    assert!(found.description == "at 0.5", "{}", found.description);
}

#[test]
fn what_one_search_finds_and_another_does_not_is_no_support() {
    // A needle that no search finds but by luck: the word itself decides.
    let needles = || {
        Family::drawn("needles", |draw: &mut Draw| {
            let place = draw.uniform(0.0, 1.0);
            let is_needle = (0.5..0.5003).contains(&(place * 1e4).fract());
            Hill { place: if is_needle { 0.5 } else { 0.0 }, trace: None }
        })
    };
    let mut verdicts = Vec::new();
    for seed in 0..400 {
        let claim = below("one", 1.0).on(needles().with_draws(1).hunted(100));
        let theorem = Theorem::new("examples/hill", "# A hill").claim(claim);
        let claim = theorem.check(&Settings::default().with_seed(seed)).claims.remove(0);
        let Origin::Searched(searched) = &claim.searched().next().unwrap().origin else { panic!() };
        if let Some(again) = searched.again {
            let confirmed = again.tightness >= 0.95;
            assert_eq!(claim.verdict == Verdict::Supported, confirmed, "seed {seed}");
            assert!(confirmed || claim.unseen().unwrap().contains("another one not to 95%"));
            verdicts.push(confirmed);
        }
    }
    assert!(verdicts.contains(&false), "{verdicts:?}");
}

#[test]
fn the_worst_is_remembered_and_examined_first_whatever_is_drawn() {
    let claim = || below("one", 1.0).on(hills().hunted(2000));
    let theorem = || Theorem::new("examples/hill", "# A hill").claim(claim());
    let found = check(&theorem()).claims.remove(0);
    let worst = Remembered::of("one", found.searched().next().unwrap()).unwrap();
    let mut memory = Memory::new("examples/hill");
    assert!(memory.take(worst.clone()));
    let evidence = check(&theorem().remembering(&memory.to_json()));
    let claim = &evidence.claims[0];
    assert_eq!(claim.severities().remembered, Some(worst.tightness));
    assert!(claim.forgotten.is_empty() && evidence.forgotten.is_none());
    assert_eq!(theorem().remembering(&memory.to_json()).forgotten(), None);
    // A family that draws something else from the same choices.
    let changed =
        below("one", 1.0).on(hills().map(|hill| Hill { place: hill.place / 2.0, ..hill }));
    let changed = Theorem::new("examples/hill", "# A hill").claim(changed);
    let evidence = check(&changed.clone().remembering(&memory.to_json()));
    assert!(evidence.claims[0].forgotten[0].contains("is dropped: its choices draw"));
    assert_eq!(evidence.claims[0].severities().remembered, None);
    // A claim that is not there any more, another theorem, a file that was cut off.
    let other = Theorem::new("examples/hill", "# A hill").claim(below("two", 1.0).on(hills()));
    let other = other.remembering(&memory.to_json());
    assert!(check(&other).forgotten.unwrap().contains("that of one from “hills”"));
    let other = Theorem::new("examples/other", "# Another").remembering(&memory.to_json());
    assert!(check(&other).forgotten.unwrap().contains("not of examples/other"));
    let cut = theorem().remembering(&memory.to_json()[..40]);
    assert!(check(&cut).forgotten.unwrap().contains("cut off"));
}

#[test]
fn what_is_remembered_is_replayed_before_it_is_believed() {
    let theorem =
        Theorem::new("examples/hill", "# A hill").claim(below("one", 1.0).on(hills().hunted(2000)));
    let settings = Settings::default();
    let worst = check(&theorem).claims[0].searched().next().unwrap().clone();
    let remembered = |instance: &InstanceEvidence| Remembered::of("one", instance).unwrap();
    assert_eq!(theorem.replayed(&remembered(&worst), &settings), Ok(remembered(&worst)));
    // A tightness that nobody has seen is replaced by what is seen.
    let mut boasting = worst.clone();
    boasting.finding.as_mut().unwrap().severity = Severity::Tightness { value: 2.0, rate: None };
    assert_eq!(remembered(&boasting).tightness, 2.0);
    assert_eq!(theorem.replayed(&remembered(&boasting), &settings), Ok(remembered(&worst)));
    let dropped = |instance: &InstanceEvidence, claim: &str| {
        let known = Remembered::of(claim, instance).unwrap();
        theorem.replayed(&known, &settings).unwrap_err()
    };
    let other = InstanceEvidence { description: "at 2".into(), ..worst.clone() };
    assert!(dropped(&other, "one").contains("its choices draw"));
    assert!(dropped(&worst, "two").contains("there is no such claim"));
    let valleys = InstanceEvidence { family: "valleys".into(), ..worst };
    assert!(dropped(&valleys, "one").contains("the claim has no such family"));
}

#[test]
fn a_hunt_goes_on_from_what_is_known() {
    let theorem =
        Theorem::new("examples/hill", "# A hill").claim(below("one", 1.0).on(hills().hunted(9)));
    let [hunted] = &theorem.hunted()[..] else { panic!("one claim in one family") };
    let choices = Choices::new([1 << 63]);
    let found = theorem.hunt(hunted, &[choices], &Settings::default()).unwrap();
    assert_eq!((found.nearness(), found.description.as_str()), (Some(1.0), "at 0.5"));
    let unknown = theoria_verification::Hunted { claim: "two".into(), ..hunted.clone() };
    assert!(theorem.hunt(&unknown, &[], &Settings::default()).is_none());
}

#[test]
fn a_search_does_not_depend_on_the_number_of_threads() {
    let theorem = || {
        let claims = ["a", "b", "c", "d"].map(|name| below(name, 1.0).on(hills().hunted(300)));
        claims.into_iter().fold(Theorem::new("examples/hill", "# A hill"), Theorem::claim)
    };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&check(&theorem())).unwrap())
    };
    assert_eq!(on(1), on(3));
}

#[test]
#[should_panic(expected = "it is a list, which has no choices to search among")]
fn a_list_is_not_hunted() {
    let _ = Family::single("one", || Case::new("one", ())).hunted(10);
}

#[test]
#[should_panic(expected = "a search that looks at nothing finds nothing")]
fn a_search_of_nothing_is_none() {
    let _ = hills().hunted(0);
}

#[test]
fn what_is_drawn_by_number_is_drawn_again() {
    let draw = || Draw::recording(Stream::new(1).trial(0));
    let (mut one, mut other) = (draw(), draw());
    assert_eq!(hills().instance(&mut one, 0).place, hills().instance(&mut other, 0).place);
    let mut again = Draw::replaying(&one.choices(), Stream::new(2).trial(0));
    assert_eq!(hills().instance(&mut again, 0).place, hills().instance(&mut draw(), 0).place);
}

/// What rounding raises beyond 1, but for whom computes in higher precision.
#[derive(Clone)]
struct Rounded {
    place: f64,
    precise: bool,
    /// Whether its methods have a form in higher precision.
    able: bool,
}

impl Instance for Rounded {
    fn description(&self) -> String {
        format!("at {}", self.place)
    }

    fn in_higher_precision(&self) -> Option<Self> {
        Some(Rounded { precise: true, ..self.clone() })
    }

    fn computed_in_higher_precision(&self) -> bool {
        self.able
    }
}

#[test]
fn what_is_beyond_its_bound_is_computed_again_in_higher_precision() {
    let examined = |able: bool| {
        let family = Family::drawn("rounded", move |draw| Rounded {
            place: draw.uniform(0.5, 1.0),
            precise: false,
            able,
        });
        let claim = Claim::bound("one", "place ≤ 1")
            .on(family.hunted(200))
            .measuring_each(|i: &Rounded| {
                let error = if i.precise && i.able { 0.0 } else { 2e-4 };
                Readings::at(1, i.place + error)
            })
            .predicting(|_, _| 1.0);
        check(&Theorem::new("examples/rounded", "# Rounded").claim(claim)).claims.remove(0)
    };
    let claim = examined(true);
    let found = claim.searched().next().unwrap();
    assert_eq!(claim.verdict, Verdict::Supported);
    assert!(found.in_higher_precision);
    let claim = examined(false);
    assert_eq!(claim.verdict, Verdict::Refuted);
    assert!(claim.instances.iter().all(|instance| !instance.in_higher_precision));
}
