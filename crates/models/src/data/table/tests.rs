use std::path::Path;

use proptest::prelude::*;

use super::Table;

fn told_of(bytes: &[u8]) -> String {
    super::read::table(bytes, "t.csv").unwrap_err().to_string()
}

fn told(text: &str) -> String {
    told_of(text.as_bytes())
}

#[test]
fn faults_name_line_and_column() {
    assert!(told("").contains("t.csv is empty"));
    assert!(told("a,b\n").contains("t.csv is empty"));
    assert!(told("a,b\n1,2\n3\n").contains("line 3: 1 fields, but the header has 2"));
    assert!(told("a,b\n1,2,3\n").contains("line 2: 3 fields"));
    assert!(told("a,b\n1,\n").contains("line 2, column b: the value is missing"));
    assert!(told("a,b\n1,high\n").contains("line 2, column b: \"high\" is not a number"));
    assert!(told("a,b\n1,2\nnan,2\n").contains("line 3, column a: nan is not finite"));
    assert!(told("a,b\n1,1e999\n").contains("line 2, column b: 1e999 is not finite"));
    assert!(told("a,a\n1,2\n").contains("two columns called \"a\""));
}

#[test]
fn blank_lines_keep_the_numbers_of_the_lines_after_them() {
    for (text, line) in [
        ("a,b\n\n1,2\n\n\n3,x\n", 6),
        ("\n\na,b\n1,x\n", 4),
        ("a,b\r\n\r\n1,2\r\n3,x\r\n", 4),
        ("a,b\r\r1,2\r3,x\r", 4),
        ("a,b\n  \n1,2\n3,x\n", 4),
        ("a,b\n\"1\",2\n\n3,x\n", 4),
        ("\"a\nc\",b\n\n1,2\n3,x\n", 5),
    ] {
        let told = told(text);
        assert!(told.contains(&format!("line {line}, column b")), "{text:?}: {told}");
    }
}

#[test]
fn the_cure_belongs_to_the_cause() {
    for (text, cause, cure) in [
        (",x,y\n0,1,2\n1,3,4\n", "row number?", "Name it, or drop"),
        ("x,,y\n0,1,2\n1,3,4\n", "column 2 has no name", "Name it"),
        ("1,2\n3,4\n", "no header?", "Write one above"),
        ("a\tb\n1\t0.5\n2\t0.25\n", "tabs", "commas"),
        ("a;b\n1;0.5\n", "semicolons", "commas"),
        ("a b\n1 0.5\n", "blanks", "commas"),
        ("sep=,\na,b\n1,2\n", "separator", "delete it"),
        ("sep=;\na;b\n1;2\n", "separator", "delete it"),
        ("# run 3\na,b\n1,2\n", "comment", "delete it"),
        ("# run 3, seed 4\na,b,c\n1,2,3\n", "comment", "delete it"),
        ("# step,loss\n1,2\n3,4\n", "comment sign", "\"step\""),
        ("a,b\n1,2\n# end\n", "comment", "delete it"),
        ("a,b\none,1,2\ntwo,3,4\n", "name", "drop the row names"),
        ("a,b\n0,1,2\n1,3,4\n", "row numbers", "Drop them"),
        ("a,b\n1,2,\n3,4,\n", "comma", "drop it"),
        ("who,a\nann,1\nbob,2\n", "\"who\" holds names", "drop it"),
        ("a,b\n1,\u{1b}[31m\n", "control character", "plain CSV"),
    ] {
        let told = told(text);
        assert!(told.contains(cause) && told.contains(cure), "{text:?}: {told}");
    }
    let wide: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [wide.clone(), [&[0xff, 0xfe], &wide[..]].concat()] {
        assert!(told_of(&bytes).contains("UTF-16") && told_of(&bytes).contains("UTF-8"));
    }
    assert!(told_of(b"a,b\n1,2\n\xe4,3\n").contains("line 3: this is not UTF-8"));
}

#[test]
fn what_is_a_table_is_read() {
    for text in
        ["\u{feff}a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "\n a , b \n\n1 ,2", "a,1\n1,2\n"]
    {
        let table = Table::parse(text, "t.csv").unwrap();
        assert_eq!(table.column("a").unwrap(), [1.0], "{text:?}");
    }
    assert_eq!(Table::parse("x\n1\n2\n", "t.csv").unwrap().column("x").unwrap(), [1.0, 2.0]);
}

#[test]
fn faults_of_use_name_the_column() {
    let table = Table::parse("a,b,c\n1,7,0\n2,7,1\n", "t.csv").unwrap();
    let constant = table.standardised("c").unwrap_err().to_string();
    assert!(constant.contains("column b: every value is 7, up to rounding"), "{constant}");
    let rounded = Table::parse("x,y\n0.3,1\n0.30000000000000004,2\n0.3,3\n", "t.csv").unwrap();
    let constant = rounded.standardised("y").unwrap_err().to_string();
    assert!(constant.contains("column x") && constant.contains("drop the column"), "{constant}");
    let missing = table.standardised("d").unwrap_err().to_string();
    assert!(missing.contains("no column \"d\"; it has a, b, c"), "{missing}");
    let unreadable = Table::read(Path::new("no/such.csv")).unwrap_err().to_string();
    assert!(unreadable.contains("cannot read no/such.csv"), "{unreadable}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9a,;#\t\n\r\".=éx-]{0,60}") {
        if let Ok(table) = Table::parse(&text, "t.csv") {
            for name in table.names() {
                prop_assert!(!name.is_empty());
                if let Ok(data) = table.standardised(name) {
                    prop_assert!(data.features.iter().all(|value| value.is_finite()));
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = super::read::table(&bytes, "t.csv");
    }
}
