//! Ten logs as people have them: the right points, or a refusal that says what to type.

use theoria_curves::{Fault, Keep, Log, Run, Selection, read};

use crate::support::{is_sound, names, path, says, value};

fn try_log(name: &str, selection: &Selection) -> Result<Log, Fault> {
    read(&[path(name)], selection, &mut |_| ())
}

fn log(name: &str, selection: &Selection) -> Log {
    let log = try_log(name, selection).unwrap_or_else(|fault| panic!("{fault}"));
    is_sound(&log);
    log
}

/// First and last point, and how many there are.
fn ends(run: &Run) -> ((f64, f64), (f64, f64), usize) {
    assert_eq!(run.steps.len(), run.values.len());
    assert!(run.steps.is_sorted_by(|a, b| a < b));
    let last = run.steps.len() - 1;
    ((run.steps[0], run.values[0]), (run.steps[last], run.values[last]), run.steps.len())
}

#[test]
fn epochs_from_zero() {
    let name = "epochs_from_zero.csv";
    let found = log(name, &Selection::default());
    assert_eq!((found.step_name.as_str(), found.value_name.as_str()), ("epoch", "loss"));
    assert_eq!(names(&found), ["epochs_from_zero"]);
    let (first, last, points) = ends(&found.runs[0]);
    assert_eq!((first, last.0, points), ((0.0, 3.195589335342), 255.0, 256));

    let shifted = log(name, &Selection { shift_steps: 1.0, ..value("loss") });
    let (first, last, points) = ends(&shifted.runs[0]);
    assert_eq!((first, last.0, points), ((1.0, 3.195589335342), 256.0, 256));
}

#[test]
fn sparse_columns() {
    let training = log("sparse_columns.csv", &Selection::default());
    assert_eq!((training.step_name.as_str(), training.value_name.as_str()), ("step", "train_loss"));
    let (first, last, points) = ends(&training.runs[0]);
    assert_eq!((first, last.0, points), ((9.0, 1.065003493012424), 2999.0, 300));
    assert_eq!(training.runs[0].diverged, None);
    says(&training, "30 of 330 rows have no `train_loss`");
    says(&training, "`--step epoch` for the other");

    let validation = log("sparse_columns.csv", &value("val_loss"));
    let (first, last, points) = ends(&validation.runs[0]);
    assert_eq!(
        (first, last, points),
        ((99.0, 0.24948026572131032), (2999.0, 0.20170289291689725), 30)
    );
    says(&validation, "300 of 330 rows have no `val_loss`");
}

#[test]
fn wide_runs() {
    for selection in [Selection::default(), value("train/loss")] {
        let wide = log("wide_runs.csv", &selection);
        assert_eq!((wide.step_name.as_str(), wide.value_name.as_str()), ("Step", "train/loss"));
        assert_eq!(names(&wide), ["sgd-0", "sgd-1", "sgd-2", "adam-0", "adam-1", "adam-2"]);
        let groups = wide.runs.iter().map(|run| run.group.as_deref()).collect::<Vec<_>>();
        assert_eq!(
            groups,
            [Some("sgd"), Some("sgd"), Some("sgd"), Some("adam"), Some("adam"), Some("adam")]
        );
        for run in &wide.runs {
            assert_eq!(run.steps.len(), 100);
        }
        assert_eq!(ends(&wide.runs[0]).0, (10.0, 0.9956978869129133));
        assert_eq!(ends(&wide.runs[1]).0, (5.0, 1.346325102485384));
        assert_eq!(ends(&wide.runs[3]).1, (995.0, 0.02194452332731132));
        says(&wide, "12 columns of least and largest values");
        says(&wide, "600 of 1200 cells are empty");
    }
    let one = log("wide_runs.csv", &value("adam-0 - train/loss"));
    assert_eq!((names(&one), one.runs[0].group.as_deref()), (vec!["adam-0"], Some("adam")));
}

#[test]
fn resumed_overlap() {
    let fault =
        try_log("resumed_overlap.csv", &Selection::default()).expect_err("line 52 falls back");
    assert_eq!((fault.line(), fault.column()), (Some(52), Some("`Step`")));
    assert!(
        fault.to_string().contains("falls back from 500 to 410. Type `--keep last`"),
        "{fault}"
    );

    let last =
        log("resumed_overlap.csv", &Selection { keep: Some(Keep::Last), ..Selection::default() });
    assert_eq!(
        (ends(&last.runs[0]).0, last.runs[0].steps.len()),
        ((10.0, 1.9033945192899004), 100)
    );
    let at = |log: &Log, step: f64| {
        log.runs[0].values[log.runs[0].steps.iter().position(|&at| at == step).expect("logged")]
    };
    assert_eq!((at(&last, 400.0), at(&last, 410.0)), (0.26230907505601514, 0.2548968412617877));
    says(&last, "10 points left out where `Step` falls back, as `--keep` says (first on line 52)");

    let first =
        log("resumed_overlap.csv", &Selection { keep: Some(Keep::First), ..Selection::default() });
    assert_eq!((first.runs[0].steps.len(), at(&first, 500.0)), (100, 0.1644299332218904));
}

#[test]
fn log_history() {
    let history = log("log_history.json", &Selection::default());
    assert_eq!((history.step_name.as_str(), history.value_name.as_str()), ("step", "loss"));
    let (first, last, points) = ends(&history.runs[0]);
    assert_eq!((first, last, points), ((25.0, 1.0723), (3200.0, 0.326), 128));
    says(&history, "5 of 133 rows have no `loss`");

    let evaluation = log("log_history.json", &value("eval_loss"));
    assert_eq!(
        (ends(&evaluation.runs[0]).1, evaluation.runs[0].steps.len()),
        ((3200.0, 0.343827), 4)
    );
    let by_epoch =
        log("log_history.json", &Selection { step: "epoch".parse().ok(), ..Selection::default() });
    assert_eq!(ends(&by_epoch.runs[0]), ((0.03125, 1.0723), (4.0, 0.326), 128));
}

#[test]
fn padded_header() {
    let padded = log("padded_header.csv", &value("train/box_loss"));
    let (first, last, points) = ends(&padded.runs[0]);
    assert_eq!((first, last, points), ((1.0, 2.11181), (200.0, 0.90583), 200));

    let fault = try_log("padded_header.csv", &Selection::default())
        .expect_err("no column is called a loss");
    assert!(
        fault
            .to_string()
            .contains("Type `--value NAME`; there are `epoch`, `time`, `train/box_loss`"),
        "{fault}"
    );
}

#[test]
fn decimal_comma() {
    let fault = try_log("decimal_comma.csv", &Selection::default())
        .expect_err("the columns have German names");
    assert_eq!(fault.line(), Some(1));
    assert!(
        fault
            .to_string()
            .contains("Type `--step NAME --value NAME`; there are `Lauf`, `Schritt`, `Verlust`"),
        "{fault}"
    );

    let mut selection = Selection { step: "Schritt".parse().ok(), ..value("Verlust") };
    let fault = try_log("decimal_comma.csv", &selection).expect_err("three runs");
    assert_eq!((fault.line(), fault.column()), (Some(66), Some("`Schritt`")));
    assert!(fault.to_string().contains("`--run Lauf`"), "{fault}");

    selection.run = "Lauf".parse().ok();
    let comma = log("decimal_comma.csv", &selection);
    assert_eq!(names(&comma), ["A", "B", "C"]);
    assert!(comma.runs.iter().all(|run| run.steps.len() == 64));
    assert_eq!(ends(&comma.runs[0]).0, (8.0, 4.930271));
    assert_eq!(ends(&comma.runs[2]).1, (512.0, 0.080827));
    says(&comma, "separated by `;`");
    says(&comma, "decimal comma");
}

#[test]
fn diverged_runs() {
    let log = log("diverged_runs.csv", &Selection::default());
    assert_eq!(names(&log), ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"]);
    let diverged = log.runs.iter().map(|run| run.diverged).collect::<Vec<_>>();
    assert_eq!(diverged, [None, None, None, Some(100.0), None, None, Some(200.0), None]);
    assert_eq!(ends(&log.runs[3]).1, (95.0, 1e22));
    assert_eq!(ends(&log.runs[6]).1.0, 195.0);
    assert_eq!(ends(&log.runs[0]).0, (5.0, 1.365218));
    for run in [0, 1, 2, 4, 5, 7] {
        assert_eq!(log.runs[run].steps.len(), 60);
    }
    says(&log, "`--run seed` for the other");
    assert!(
        !log.notes.iter().any(|note| note.to_string().contains("no `loss`")),
        "empty cells of r6 are its divergence"
    );
}

#[test]
fn header_again() {
    let again = log("header_again.csv", &value("train_loss"));
    assert_eq!(names(&again), ["header_again", "header_again (2)"]);
    assert_eq!(ends(&again.runs[0]), ((0.0, 0.686815), (39.0, 0.093521), 40));
    let (first, last, points) = ends(&again.runs[1]);
    assert_eq!((first, last.0, points), ((0.0, 0.090059), 29.0, 30));
    says(&again, "header stands again on line 42: `epoch` starts over");

    let fault = try_log("header_again.csv", &value("time")).expect_err("a time");
    assert_eq!((fault.line(), fault.column()), (Some(2), Some("`time`")));
    assert!(fault.to_string().contains("`00:17` is a time, not a number"), "{fault}");
}

#[test]
fn cut_off() {
    let cut = log("cut_off.csv", &Selection::default());
    assert_eq!(names(&cut), ["0", "1", "2"]);
    assert_eq!(cut.runs.iter().map(|run| run.steps.len()).collect::<Vec<_>>(), [80, 80, 79]);
    assert_eq!(ends(&cut.runs[0]).0, (12.0, 0.824666));
    assert_eq!(ends(&cut.runs[2]).1, (948.0, 0.098545));
    says(&cut, "line 241 is left out");
}
