//! Layouts of tables that are read without help, or with a little.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use theoria_curves::{Column, Decimal, Keep, Selection, read};

use crate::support::{
    found, groups, names, path, points, read_bytes, read_files, says, value, with,
};

#[test]
fn columns_are_found_in_any_case_and_by_number() {
    let log = found("Seed,Global_Step,Train_Loss\n0,1,0.5\n0,2,0.25\n1,1,0.75\n");
    assert_eq!((log.step_name.as_str(), log.value_name.as_str()), ("Global_Step", "Train_Loss"));
    assert_eq!((names(&log), points(&log, 0)), (vec!["0", "1"], vec![(1.0, 0.5), (2.0, 0.25)]));

    let numbers = Selection {
        step: Some(Column::Number(1)),
        value: Some(Column::Number(3)),
        ..Selection::default()
    };
    assert_eq!(points(&with("a,b,c\n1,2,3\n", &numbers), 0), [(1.0, 3.0)]);
    // A name comes before a number.
    assert_eq!(points(&with("a,3,1\n1,2,3\n", &numbers), 0), [(3.0, 2.0)]);
}

#[test]
fn what_is_asked_for_is_not_found_as_something_else() {
    let text = "trial,epoch,step,loss\n7,1,3,0.5\n8,1,4,0.25\n";
    let trials = Selection { step: "trial".parse().ok(), ..Selection::default() };
    assert_eq!(points(&with(text, &trials), 0), [(7.0, 0.5), (8.0, 0.25)]);
    let steps = Selection { value: "step".parse().ok(), ..trials };
    assert_eq!(points(&with(text, &steps), 0), [(7.0, 3.0), (8.0, 4.0)]);
}

#[test]
fn a_table_may_have_no_header() {
    let numbers = Selection {
        step: Some(Column::Number(1)),
        value: Some(Column::Number(2)),
        ..Selection::default()
    };
    let log = with("1 0.5\n2 0.25\n", &numbers);
    assert_eq!(points(&log, 0), [(1.0, 0.5), (2.0, 0.25)]);
    assert_eq!(log.value_name, "column 2");
    says(&log, "line 1 has numbers");
    says(&log, "separated by blanks");

    // With names of runs it has a header only if there are no numbers in it where they are asked for.
    let numbers = Selection { run: Some(Column::Number(3)), ..numbers };
    assert_eq!(points(&with("1,0.5,a\n2,0.25,a\n", &numbers), 0), [(1.0, 0.5), (2.0, 0.25)]);
    let log = found("# run by me\n#run,step,loss\na,1,0.5\na,2,0.25\n");
    assert_eq!((names(&log), points(&log, 0)), (vec!["a"], vec![(1.0, 0.5), (2.0, 0.25)]));
    says(&log, "1 line left out for beginning with `#`");

    let numpy = found("# step loss\n1.000e+00 5.000e-01\n2.000e+00 2.500e-01\n");
    assert_eq!(
        (numpy.value_name.as_str(), points(&numpy, 0)),
        ("loss", vec![(1.0, 0.5), (2.0, 0.25)])
    );
}

#[test]
fn cells_may_be_dressed_in_many_ways() {
    let plain = points(&found("step,loss\n1,0.5\n2,0.25\n"), 0);
    for dressed in [
        "\u{feff}step,loss\r\n1,0.5\r\n2,0.25\r\n",
        "\"step\",\"loss\"\n\"1\",\"0.5\"\n\"2\",\"0.25\"\n",
        "step , loss,\n 1 , 5e-1,\n 2 , +.25,\n",
        "step,loss,\n1,0.5\n2,0.25\n",
        "step,loss\n1,0.5,\n2,0.25,,\n",
        "step\tloss\n1\t0.5\n2\t0.25\n",
        "step;loss\n1;0,5\n2;0,25\n",
        "step|loss\n1|0.5\n2|0.25\n",
        "step,loss\n1,\"0,5\"\n2,\"0,25\"\n",
        "# a comment\nstep,loss\n\n1,0.5\n# another\n2,0.25\n\n",
        "note,step,loss\n\"a, \"\"b\"\"\nc\",1,0.5\n,2,0.25\n",
        "[{\"step\": 1, \"loss\": 0.5}, {\"loss\": 0.25, \"step\": 2}]",
        "{\"step\": 1, \"loss\": 0.5}\n{\"loss\": \"0.25\", \"step\": 2, \"x\": [1, {}]}\n",
        " {\"epoch\": 3, \"log_history\": [{\"step\": 1, \"loss\": 5e-1},\n {\"step\": 2, \"loss\": 0.25}]}",
    ] {
        let log = found(dressed);
        assert_eq!(points(&log, 0), plain, "{dressed}");
        assert_eq!((log.step_name.as_str(), log.value_name.as_str()), ("step", "loss"));
    }
    says(
        &found("# a comment\nstep,loss\n1,0.5\n# another\n"),
        "2 lines left out for beginning with `#`",
    );
}

#[test]
fn gzip_is_seen_by_its_content() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(b"step,loss\n1,0.5\n").expect("written");
    let first = gzip.finish().expect("compressed");
    let mut gzip = GzEncoder::new(first, Compression::default());
    gzip.write_all(b"2,0.25\n").expect("written");
    let whole = gzip.finish().expect("compressed");
    let log = read_bytes(&whole, &Selection::default()).expect("two members");
    assert_eq!(points(&log, 0), [(1.0, 0.5), (2.0, 0.25)]);

    let fault = read_bytes(&whole[..whole.len() - 12], &Selection::default()).expect_err("cut off");
    assert!(fault.to_string().contains("gzip"), "{fault}");
}

#[test]
fn options_overrule_what_would_be_found() {
    let comma = Selection { decimal: Some(Decimal::Comma), ..Selection::default() };
    assert_eq!(points(&with("step;loss\n1;1,234\n", &comma), 0), [(1.0, 1.234)]);
    let pipes = Selection { delimiter: Some(b'|'), ..value("a,b") };
    assert_eq!(points(&with("step|a,b\n1|2\n", &pipes), 0), [(1.0, 2.0)]);
    let shifted = Selection { shift_steps: 1.0, ..Selection::default() };
    let log = with("step,loss\n0,1\n1,nan\n", &shifted);
    assert_eq!((points(&log, 0), log.runs[0].diverged), (vec![(1.0, 1.0)], Some(2.0)));
}

#[test]
fn groups_come_from_a_column_or_from_names() {
    let text = "optimizer,seed,step,loss\nsgd,0,1,0.5\nsgd,1,1,0.6\nadam,0,1,0.7\nadam,1,1,0.8\n";
    let selection = Selection { group: "optimizer".parse().ok(), ..Selection::default() };
    let log = with(text, &selection);
    assert_eq!(names(&log), ["sgd-0", "sgd-1", "adam-0", "adam-1"]);
    assert_eq!(groups(&log), [Some("sgd"), Some("sgd"), Some("adam"), Some("adam")]);

    let fault =
        read_bytes(text.as_bytes(), &Selection::default()).expect_err("two runs are called 0");
    assert!(fault.to_string().contains("`--run seed --group optimizer`"), "{fault}");

    let text = "run,seed,step,loss\nsgd,0,1,0.5\nsgd,1,1,0.6\n";
    let fault = read_bytes(text.as_bytes(), &Selection::default()).expect_err("two seeds");
    assert!(fault.to_string().contains("`--run seed --group run`"), "{fault}");

    let log = found("run,step,loss\nsgd-0,1,0.5\nlr-0.1,1,0.5\n");
    assert_eq!(groups(&log), [Some("sgd"), None]);
}

#[test]
fn runs_may_stand_side_by_side() {
    let log = found("step,sgd-0,sgd-1,adam-0,\n1,0.5,0.6,\n2,,0.5,0.7,\n");
    assert_eq!(names(&log), ["sgd-0", "sgd-1", "adam-0"]);
    assert_eq!(
        (points(&log, 1), points(&log, 2)),
        (vec![(1.0, 0.6), (2.0, 0.5)], vec![(2.0, 0.7)])
    );
    says(&log, "since the names of all are numbered: 3 runs");

    let wandb =
        "Step,a - loss,a - loss__MIN,a - _step,b - loss,b - acc\n1,0.5,0.4,1,,0.1\n2,nan,,2,0.6,\n";
    let fault = read_bytes(wandb.as_bytes(), &Selection::default()).expect_err("two metrics");
    assert!(fault.to_string().contains("Type `--value loss`"), "{fault}");
    let log = with(wandb, &value("loss"));
    assert_eq!((names(&log), log.runs[0].diverged), (vec!["a", "b"], Some(2.0)));
    assert_eq!(names(&with(wandb, &value("loss__MIN"))), ["a"]);
}

#[test]
fn files_are_runs_or_hold_runs() {
    let one = b"step,loss\n1,0.5\n";
    let log = read_files(&[("sgd-0.csv", one), ("sgd-1.csv", one)], &Selection::default())
        .expect("two runs");
    assert_eq!((names(&log), groups(&log)), (vec!["sgd-0", "sgd-1"], vec![Some("sgd"); 2]));
    let folders = [("v0/metrics.csv", one.as_slice()), ("v1/metrics.csv", one)];
    let log = read_files(&folders, &Selection::default()).expect("two runs");
    assert!(log.runs[0].name.ends_with("v0/metrics"), "{}", log.runs[0].name);

    let seeds = b"seed,step,loss\n0,1,0.5\n1,1,0.6\n";
    let log = read_files(&[("sgd.csv", seeds), ("adam.csv", seeds)], &Selection::default())
        .expect("four runs");
    assert_eq!(names(&log), ["sgd-0", "sgd-1", "adam-0", "adam-1"]);
    assert_eq!(groups(&log), [Some("sgd"), Some("sgd"), Some("adam"), Some("adam")]);
    says(&log, "and another file: found by their names");

    let other = [("a.csv", one.as_slice()), ("b.csv", b"step,value\n1,0.5\n")];
    let fault = read_files(&other, &Selection::default()).expect_err("two things");
    assert!(
        fault.file().ends_with("b.csv") && fault.to_string().contains("Type `--value"),
        "{fault}"
    );
}

#[test]
fn runs_interleave_and_start_over() {
    let log = found("run,step,loss\na,1,1\nb,1,2\na,2,3\nb,2,4\n");
    assert_eq!(
        (points(&log, 0), points(&log, 1)),
        (vec![(1.0, 1.0), (2.0, 3.0)], vec![(1.0, 2.0), (2.0, 4.0)])
    );

    let header = "run,step,loss\n";
    let log = found(&format!("{header}a,1,1\na,2,2\n{header}a,3,3\n{header}b,1,4\n"));
    assert_eq!((names(&log), points(&log, 0).len()), (vec!["a", "b"], 3));
    says(&log, "line 4 and 1 line more: runs go on there");

    let log = found(&format!("{header}a,1,1\nb,1,2\n{header}a,1,3\nb,1,4\na,2,5\n"));
    assert_eq!(names(&log), ["a", "b", "a (2)", "b (2)"]);
    assert_eq!(points(&log, 2), [(1.0, 3.0), (2.0, 5.0)]);
    says(&log, "2 runs of their own begin there");

    let wide = "step,a-0,a-1\n1,1,2\nstep,a-0,a-1\n1,3,\n2,4,5\n";
    let log = found(wide);
    assert_eq!(names(&log), ["a-0", "a-1", "a-0 (2)"]);
    assert_eq!(
        (points(&log, 1), points(&log, 2)),
        (vec![(1.0, 2.0), (2.0, 5.0)], vec![(1.0, 3.0), (2.0, 4.0)])
    );
    assert_eq!(groups(&log), [Some("a"); 3]);
}

#[test]
fn steps_that_fall_back_are_kept_as_it_is_said() {
    let text = "step,loss\n1,1\n3,2\n5,nan\n4,3\n4,4\n6,5\n";
    let keep = |keep| Selection { keep: Some(keep), ..Selection::default() };
    let last = with(text, &keep(Keep::Last));
    assert_eq!(
        (points(&last, 0), last.runs[0].diverged),
        (vec![(1.0, 1.0), (3.0, 2.0), (4.0, 4.0), (6.0, 5.0)], None)
    );
    says(&last, "2 points left out where `step` falls back");
    let first = with(text, &keep(Keep::First));
    assert_eq!(
        (points(&first, 0), first.runs[0].diverged),
        (vec![(1.0, 1.0), (3.0, 2.0)], Some(5.0))
    );
}

#[test]
fn divergence_is_told_from_what_was_not_logged() {
    let diverged = |cells: &[&str]| {
        let rows = cells
            .iter()
            .enumerate()
            .map(|(step, cell)| format!("{step},{cell}\n"))
            .collect::<String>();
        let log = found(&format!("step,loss\n{rows}"));
        (log.runs[0].diverged, points(&log, 0).len())
    };
    assert_eq!(diverged(&["1", "", "2", ""]), (None, 2));
    assert_eq!(diverged(&["1", "nan", "", "inf"]), (Some(1.0), 1));
    assert_eq!(diverged(&["1", "-Infinity", "2"]), (Some(1.0), 1));
    assert_eq!(diverged(&["1", "1e151", "2"]), (Some(1.0), 1));
    assert_eq!(diverged(&["1", "None", "2", "null"]), (None, 2));
    assert_eq!(diverged(&["1", "2", "None", "null"]), (Some(2.0), 2));
    says(&found("step,loss\n1,1\n2,nan\n3,2\n"), "finite values follow some that are not");

    let json = "{\"step\":1,\"loss\":1}\n{\"step\":2,\"loss\":NaN}\n{\"step\":3,\"loss\":-Infinity}\n{\"step\":4}\n{\"loss\":5}\n";
    let log = found(json);
    assert_eq!((points(&log, 0), log.runs[0].diverged), (vec![(1.0, 1.0)], Some(2.0)));
    says(&log, "1 row without `step`");
}

#[test]
fn what_may_be_cut_is_left_out() {
    for (text, kept) in [
        ("step,loss\n1,0.5\n2,0.25", 1),
        ("step,loss\n1,0.50\n2,0.25\n3,0.12", 3),
        ("step,loss\n1,0.50\n2,0.25\n3,0.1", 2),
        ("step,loss\n1,0.5\n2,\"0.25\"", 2),
        ("step,loss\n1,0.5\n2,\"0.2", 1),
        ("loss,step\n0.5,1\n0.25,2", 1),
        ("step,loss,lr\n1,0.5,0.1\n2,0.25,0.", 2),
        ("step,loss,lr\n1,0.5,0.1\n2,0.25,", 2),
        ("step,loss,lr\n1,0.5,0.1\n2,0.25", 1),
        ("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":0.2", 1),
        ("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":0.25}", 2),
    ] {
        let log = found(text);
        assert_eq!(points(&log, 0).len(), kept, "{text}");
        let said = log.notes.iter().any(|note| note.to_string().contains("cut off"));
        assert_eq!(
            said,
            text.lines().count() - usize::from(!text.starts_with('{')) > kept,
            "{text}"
        );
    }
}

#[test]
fn progress_reaches_the_end() {
    let files = [path("wide_runs.csv"), path("log_history.json")];
    let bytes =
        files.iter().map(|file| std::fs::metadata(file).expect("a file").len()).sum::<u64>();
    let mut last = None;
    let selection = Selection { value: "loss".parse().ok(), ..Selection::default() };
    read(&files[1..], &selection, &mut |progress| last = Some(progress)).expect("a log");
    let last = last.expect("at the end");
    assert_eq!((last.total, last.rows), (Some(bytes - 46557), 133));
    assert!(last.bytes <= bytes);
}

#[test]
fn keys_within_objects_are_columns() {
    let row = |step: u32, loss: f64| {
        format!(
            "{{\"step\": {step}, \"metrics\": {{\"loss\": {loss}, \"eval\": {{\"acc\": 0.5}}}}, \"run\": \"a\"}}"
        )
    };
    let lines = [row(1, 0.5), row(2, 0.25)];
    for text in [lines.join("\n"), format!("[{}]", lines.join(","))] {
        let log = found(&text);
        assert_eq!(points(&log, 0), [(1.0, 0.5), (2.0, 0.25)]);
        assert_eq!(log.value_name, "metrics.loss");
        says(&log, "values in `metrics.loss`");
        for name in ["metrics.loss", "metrics/loss", "Metrics/Loss"] {
            assert_eq!(points(&with(&text, &value(name)), 0).len(), 2, "{name}");
        }
        assert_eq!(points(&with(&text, &value("metrics/eval.acc")), 0)[1], (2.0, 0.5));
    }
    // A column of the row itself comes first.
    let both = |epoch: u32| {
        format!("{{\"epoch\": {epoch}, \"loss\": 3, \"opt\": {{\"step\": 9, \"loss\": 4}}}}\n")
    };
    assert_eq!(points(&found(&(both(1) + &both(2))), 0), [(1.0, 3.0), (2.0, 3.0)]);
    let seeds = "{\"step\": 1, \"config\": {\"seed\": 4}, \"loss\": 1}\n{\"step\": 1, \"config\": {\"seed\": 5}, \"loss\": 2}\n";
    assert_eq!(names(&found(seeds)), ["4", "5"]);
}
