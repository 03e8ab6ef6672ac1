//! Evidence with something of everything that pages show.

use rand::RngExt;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::{
    Axis, Block, Check, Claim, Constant, Content, Curve, Effort, Family, Figure, Group, Hypothesis,
    Instance, Line, Raster, Sample, Scale, Settings, Shard, Side, Theorem,
};

pub(super) const ID: &str = "examples/decay";

struct Decay(f64);

impl Instance for Decay {
    fn description(&self) -> String {
        format!("powers of {:.3}", self.0)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::estimated("ρ", self.0)]
    }

    fn needs() -> String {
        "a factor between 0 and 1".into()
    }
}

/// Of the last one no claim speaks.
const POSITIONS: [f64; 3] = [0.3, 0.6, 1.2];

fn along() -> Family<Decay> {
    Family::along("along a slider", POSITIONS, Decay)
}

fn pictured() -> Family<Decay> {
    let family = Family::along("pictures along a slider", POSITIONS, Decay);
    family.showing(|decay, _| Content::Points {
        groups: vec![Group::new("points", [(decay.0, 1.0), (2.0, decay.0)])],
        lines: vec![Line::predicted("threshold", [(decay.0, 0.0), (decay.0, 1.0)])],
    })
}

const STATEMENT: &str = "# Decay\n\nPowers of **small** numbers are *small*: see [this](https://example.org).\n\n\
    ## Hypotheses\n\n- a number $\\rho \\in (0, 1)$;\n- a step $n$.\n\n1. one\n2. two\n\n## Statement\n\n\
    $$\\rho^n \\le \\frac{1}{n} \\quad \\text{for all } n, \\begin{cases} x & x < 1 \\\\ y \\end{cases}$$\n\n\
    > quoted `code`\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n---\n\n```rust\nlet x = 1;\n```\n\n## Source\n\nDerived  \nhere.\n";

pub(super) fn sound() -> TheoremEvidence {
    theorem().check(&quick(None))
}

/// The share of one of three machines.
pub(super) fn sound_shard(index: usize) -> TheoremEvidence {
    theorem().check(&quick(Some(Shard { index, of: 3 })))
}

fn quick(shard: Option<Shard>) -> Settings {
    Settings { effort: Effort::Quick, shard, ..Settings::default() }
}

fn theorem() -> Theorem {
    let decays = || Family::drawn("decays", |draw| Decay(draw.uniform(0.2, 0.9)));
    let decreasing =
        Hypothesis::new("decreasing", |decay: &Decay, _| Check::at_most(decay.0, 1.0, "ρ"));
    let below = |name: &str, allowed: f64| {
        let decreasing = decreasing.clone();
        Claim::bound(name, &format!("ρ^n ≤ {allowed}"))
            .assuming([decreasing])
            .on(decays())
            .experiment(move |decay| {
                Curve::over(1..=20, |n: i32| decay.0.powi(n), move |n| allowed * decay.0.powi(n))
            })
    };
    let trials = |_: &Decay, block: &mut Block| -> Sample {
        block.each(&[1.0, 2.0], |random| vec![random.random::<f64>(); 2])
    };
    let threshold = || vec![Line::predicted("threshold", [(0.5, 0.0), (0.5, 1.0)])];
    let linear = |label: &str| Axis::new(label, Scale::Linear);
    Theorem::new(ID, STATEMENT)
        .uses("examples/growth", "what grows the other way round")
        .claim(below("powers_stay_below", 1.0).on(along()).on(pictured()))
        .claim(
            Claim::expected_value("mean", "E U = 1/2", 0.1)
                .on(decays())
                .sampling(trials)
                .trials(512)
                .predicting(|_, _| 0.5),
        )
        .claim(
            Claim::probability("half", "P(U < 1/2) = 1/2", Side::Within(0.1))
                .on(decays())
                .sampling(|_, block| block.each_event(1.0, |random| random.random::<f64>() < 0.5))
                .trials(2048)
                .predicting(|_, _| 0.5),
        )
        .control(below("powers_are_half_of_it", 0.5))
        .figure(Figure::semilog("decay", "n", "ρ^n").of("powers_stay_below").caption("It falls."))
        .figure(
            Figure::semilog("slider", "n", "ρ^n")
                .of("powers_stay_below")
                .along("ρ", "along a slider", 1)
                .caption("It moves."),
        )
        .figure(
            Figure::linear("pictures", "x", "y")
                .of("powers_stay_below")
                .along("ρ", "pictures along a slider", 0)
                .caption("It moves too."),
        )
        .figure(Figure::linear("map", "x", "y").caption("A map.").showing(move |_, _| {
            Content::HeatMap {
                x: vec![0.0, 1.0, 2.0],
                y: vec![0.0, 1.0],
                values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
                colour: linear("slope"),
                middle: Some(3.0),
                lines: threshold(),
            }
        }))
        .figure(Figure::linear("basins", "x", "y").caption("Basins.").showing(move |_, _| {
            Content::Raster {
                raster: Raster::new([6, 4], &["left", "right"], 3, |column, row| {
                    (row != column).then_some((usize::from(column > 2), row % 3))
                }),
                x: vec![0.0, 1.0],
                y: vec![0.0, 1.0],
                shade: "steps".into(),
                lines: threshold(),
            }
        }))
        .figure(Figure::log_log("cloud", "x", "y").caption("A cloud.").showing(move |_, _| {
            let points = |shift: f64| (1..9).map(move |i| (f64::from(i), f64::from(i) + shift));
            Content::Points {
                groups: ["few", "more", "many", "most"]
                    .map(|name| Group::new(name, points(1.0)))
                    .into(),
                lines: threshold(),
            }
        }))
        .figure(
            Figure::linear("bars", "x", "density")
                .caption("Bars.")
                .showing(move |_, _| Content::histogram(&[0.1, 0.2, 0.2, 0.9], 4, threshold())),
        )
}
