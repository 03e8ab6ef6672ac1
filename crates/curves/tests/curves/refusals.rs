//! What is refused, where, and what it says to type.

use theoria_curves::{Column, Decimal, Fault, Selection, read};

use crate::support::{read_bytes, value};

fn refused(bytes: &[u8], selection: &Selection) -> Fault {
    match read_bytes(bytes, selection) {
        Ok(log) => panic!("{}: {log:?}", String::from_utf8_lossy(bytes)),
        Err(fault) => fault,
    }
}

fn is_refused(text: &str, line: u64, column: &str, sentence: &str) {
    is_refused_with(text, &Selection::default(), line, column, sentence);
}

fn is_refused_with(text: &str, selection: &Selection, line: u64, column: &str, sentence: &str) {
    let fault = refused(text.as_bytes(), selection);
    let column = (!column.is_empty()).then_some(column);
    assert_eq!((fault.line(), fault.column()), (Some(line), column), "{fault}");
    assert!(fault.to_string().contains(sentence), "{fault}");
}

#[test]
fn numbers_that_are_none() {
    is_refused("step,loss\n1,\"1,234.5\"\n", 2, "`loss`", "both a point and a comma");
    is_refused("step,loss\n1,0.5\n2,\"0,5\"\n", 3, "`loss`", "type `--decimal comma`");
    is_refused("step;loss\n1;0,5\n2;0.5\n", 2, "`loss`", "type `--decimal comma`");
    is_refused(
        "step;loss\n1;1,234\n2;2,345\n",
        2,
        "`loss`",
        "Type `--decimal comma` if it is the decimal sign",
    );
    is_refused("step;loss\n1,000;0,5\n2,000;0,25\n", 2, "`step`", "between thousands");
    is_refused(
        "step;loss\n1.000;12\n2.000;11\n",
        2,
        "`step`",
        "Type `--decimal point` if it is the",
    );
    is_refused("step,loss\n1,1e-400\n", 2, "`loss`", "would be read as 0");
    is_refused("step,loss\n12:05,0.5\n", 2, "`step`", "a time, not a number");
    is_refused("step,loss\n1,abc\n", 2, "`loss`", "type `--value NAME` for another column");
    is_refused("step,loss\n1,0.5\n,0.5\n", 3, "`step`", "there is no step, but `loss` is `0.5`");
    is_refused("step,loss\nnan,0.5\n", 2, "`step`", "`nan` is no step");
    is_refused("step,loss\n9007199254740993,0.5\n1e17,0.4\n", 3, "`step`", "beyond 2^53");
    is_refused("run,step,loss\n,1,0.5\n", 2, "`run`", "the cell is empty");
    let comma = Selection { decimal: Some(Decimal::Comma), ..Selection::default() };
    is_refused_with("step;loss\n1;0.5\n", &comma, 2, "`loss`", "type `--decimal point`");
    is_refused(
        "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\n\"loss\":\"x\"}\n",
        3,
        "`loss`",
        "`x` is not a number",
    );
    is_refused(
        "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":[1]}\n",
        2,
        "`loss`",
        "`[…]` is not a number",
    );
}

#[test]
fn columns_that_are_missing_or_many() {
    is_refused("a,b\n1,2\n", 1, "", "Type `--step NAME --value NAME`; there are `a`, `b`");
    is_refused("step,b\n1,2\n", 1, "", "Type `--value NAME`; there are `step`, `b`");
    is_refused("loss,b\n1,2\n", 1, "", "Type `--step NAME`; there are `loss`, `b`");
    is_refused("step,loss,Loss\n1,2,3\n", 1, "", "Type `--value 2` or `--value 3`");
    is_refused("step,loss,value\n1,2,3\n", 1, "", "Type `--value loss` or `--value value`");
    is_refused("step,iteration,loss\n1,2,3\n", 1, "", "Type `--step step` or `--step iteration`");
    is_refused("step,top1,top5\n1,2,3\n", 1, "", "Type `--value NAME`");
    is_refused("step,loss,a - loss\n1,2,3\n", 1, "", "Type `--value loss` or");
    is_refused("step,seed,a - loss\n1,2,3\n", 1, "`seed`", "side by side");
    is_refused(
        "1,2\n3,4\n",
        1,
        "",
        "Type `--step NAME --value NAME`; there are 2 columns without names",
    );
    is_refused("0,1\n1,2\n", 1, "", "names or numbers");
    is_refused_with(
        "step,loss\n1,2\n",
        &value("los"),
        1,
        "",
        "there is no column `los`. Type `--value NAME`",
    );
    is_refused_with("step,loss\n1,2\n", &value("3"), 1, "", "columns are numbered from 1 to 2");
    let twice = Selection { step: "step".parse().ok(), ..value("step") };
    let sentence = "cannot be values and what `--step` says";
    is_refused_with("step,loss\n1,2\n", &twice, 1, "`step`", sentence);
    is_refused_with("step,loss\n1,2\n", &value("step"), 1, "", "no column of steps is found");
    let quoted = Selection { step: Some(Column::Name("x".to_owned())), ..value("it's (a)") };
    is_refused_with("x,it's (a),It's (a)\n1,2,3\n1,2,3\n", &quoted, 3, "`x`", "a second time");
    is_refused("step,'a b',loss\n1,2,3\n1,3,4\n", 3, "`step`", r"`--run ''\''a b'\'''`");
}

#[test]
fn rows_that_do_not_fit() {
    is_refused("step,loss,lr\n1,0.5,0.1\n2,0.5\n", 3, "", "2 cells where the header has 3");
    is_refused("step,loss\n1,0.5\n2,0.5,1\n", 3, "", "3 cells where the header has 2");
    is_refused("step,loss\n1,0,5\n2,0,25\n", 2, "", "3 cells where the header has 2");
    is_refused(
        "step,loss\n1,\"0.5\n2,0.4\n3,0.3\n",
        2,
        "",
        "a quote is opened here and not closed",
    );
    is_refused("step,loss\n1,\"0.5\"x\n", 2, "", "text follows a closing quote");
    is_refused("step,loss\n1,0.5\nepoch,loss\n1,0.5\n", 3, "`loss`", "`loss` is not a number");
    is_refused("step,loss\n1,0.5\n2,0.4\nstep,loss\n2,0.5\n", 5, "`step`", "Type `--keep last`");
    is_refused(
        "run,step,loss\na,2,1\na,1,2\n",
        3,
        "`step`",
        "falls back from 2 to 1 in the run `a`",
    );
    is_refused("split,step,loss\na,1,2\na,2,3\nb,3,4\n", 4, "`split`", "Type `--run split`");
    is_refused("run,key,step,loss\na,x,1,2\na,y,2,3\n", 3, "`key`", "Type `--run run --group key`");
    is_refused("epoch,loss\n0,2\n1,1\n0,2\n", 4, "`epoch`", "repeat the header before it");
    is_refused("step,loss,\n1,0,5\n2,0,25\n", 2, "", "3 cells where the header has 2");
    is_refused("a;b,c\nx;y,z\n", 1, "", "Type `--delimiter`");
}

#[test]
fn json_of_another_shape() {
    is_refused("{\"loss\": [1, 2], \"step\": [1, 2]}", 1, "1", "Write it as CSV");
    is_refused("[1, 2]", 1, "", "a number where an object is expected");
    is_refused("[[1, 2]]", 1, "", "an array within an array");
    is_refused(
        "[{\"step\": 1}, {\"step\": 2},\n 3]",
        2,
        "",
        "a number where an object is expected",
    );
    is_refused("{\"log_history\": 3}", 1, "", "a number where");
    is_refused("[{\"step\": 1, \"loss\": 2}", 1, "", "ends too early");
    is_refused(
        "{\"step\": 1, \"loss\": 2}\n{\"step\": 2 \"loss\": 2}\n",
        2,
        "12",
        "not valid JSON",
    );
    is_refused("[epoch 1] loss 2\n", 1, "2", "not valid JSON");
    is_refused("{\"step\": 1,\n\"step\": 2}", 2, "`step`", "twice");
    let nested = "{\"step\": 1, \"train\": {\"loss\": 2}, \"val\": {\"loss\": 3}}\n";
    is_refused(&nested.repeat(2), 1, "", "Type `--value train.loss` or `--value val.loss`");
    let twice = "{\"step\": 1, \"m.loss\": 2,\n \"m\": {\"loss\": 3}}";
    is_refused(&format!("{twice}\n{twice}"), 2, "`m.loss`", "twice");
}

#[test]
fn files_that_are_no_logs() {
    let sentence = |bytes: &[u8], sentence: &str| {
        let fault = refused(bytes, &Selection::default());
        assert!(fault.to_string().contains(sentence), "{fault}");
    };
    sentence(b"", "the file is empty");
    sentence(b" \n\n", "the file is empty");
    sentence("\u{feff}".as_bytes(), "the file is empty");
    sentence(b"# nothing\n", "comments alone");
    sentence(b"step,loss\n", "a header and no row");
    sentence(b"step,loss", "a header and no row");
    sentence(b"step,loss\n1,0.5", "one row, which has no end");
    sentence(b"step,loss\n1,\n2,\n", "no row of 2 is a point");
    sentence(b"[]", "there are no objects");
    sentence(b"step,loss\r1,0.5\r", "Type `tr '\\r' '\\n' <");
    sentence(b"\xff\xfes\0t\0e\0p\0", "Type `iconv -f utf-16 -t utf-8");
    sentence(b"s\0t\0e\0p\0,\0l\0", "iconv -f utf-16le");
    sentence(b"\0s\0t\0e\0p\0,\0l", "iconv -f utf-16be");
    sentence(b"PK\x03\x04....", "a zip archive");
    sentence(b"\x1f\x8bnothing", "gzip");
    sentence(b"step,loss\n1,\xe9\n", "line 2: byte 3 of the line is not text in UTF-8");
    sentence(b"step,loss\n1,0.5\n\0\0\0\0\n", "line 3: there are zero bytes");
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.csv");
    for (path, sentence) in
        [(missing, "there is no such file"), (folder.path().to_owned(), "this is a directory")]
    {
        let fault = read(&[path], &Selection::default(), &mut |_| ()).expect_err("no file");
        assert!(fault.to_string().contains(sentence), "{fault}");
    }
    assert!(read(&[], &Selection::default(), &mut |_| ()).is_err());
}

#[test]
fn options_that_make_no_sense() {
    let sentence = |selection: &Selection, sentence: &str| {
        let fault = refused(b"step,loss\n1,0.5\n2,0.4\n", selection);
        assert!(fault.to_string().contains(sentence), "{fault}");
    };
    for delimiter in [b'"', b'\n', b'#', b'a', b'1', b'.', 200] {
        sentence(
            &Selection { delimiter: Some(delimiter), ..Selection::default() },
            "`--delimiter`",
        );
    }
    sentence(&Selection { shift_steps: f64::NAN, ..Selection::default() }, "`--shift-steps`");
    sentence(&Selection { shift_steps: 1e300, ..Selection::default() }, "not told apart");
}

#[test]
fn nothing_of_a_file_reaches_a_terminal() {
    let fault = refused("step,loss\n1,\u{1b}[2J\u{202e}x\n".as_bytes(), &Selection::default());
    assert!(!fault.to_string().contains(['\u{1b}', '\u{202e}']), "{fault}");
    let long =
        refused(format!("step,loss\n1,{}\n", "x".repeat(10_000)).as_bytes(), &Selection::default());
    assert!(long.to_string().len() < 400, "{long}");
}
