//! Tables that another library wrote read back to the same points, to the bit.

use std::io::Write;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use theoria_curves::{Decimal, Selection};

use crate::support::read_bytes;

/// A run: steps in order, and values of any size.
type Points = Vec<(f64, f64)>;

fn points() -> impl Strategy<Value = Points> {
    let value = prop_oneof![
        any::<f64>().prop_filter("a value", |value| value.abs() <= 1e150),
        -10.0..10.0,
        Just(0.0),
        (-1000..1000_i32).prop_map(f64::from),
    ];
    let step = prop_oneof![(1..50_u32).prop_map(f64::from), 0.01..3.0];
    prop::collection::vec((step, value), 1..20).prop_map(|steps| {
        let mut at = 0.0;
        steps
            .into_iter()
            .map(|(step, value)| {
                at += step;
                (at, value)
            })
            .collect()
    })
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Dialect {
    delimiter: u8,
    comma: bool,
    quotes: QuoteStyle,
    mark: bool,
    ends: Terminator,
    padding: usize,
    trailing: bool,
    gzip: bool,
    exponent: bool,
    wide: bool,
    empty: bool,
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let delimiter = prop::sample::select(b",;\t|".to_vec());
    let quotes = prop::sample::select(vec![
        QuoteStyle::Always,
        QuoteStyle::Necessary,
        QuoteStyle::NonNumeric,
    ]);
    let ends = prop::sample::select(vec![Terminator::CRLF, Terminator::Any(b'\n')]);
    let flags = any::<[bool; 7]>();
    (delimiter, quotes, ends, 0..3_usize, flags).prop_map(
        |(delimiter, quotes, ends, padding, flags)| {
            let [comma, mark, trailing, gzip, exponent, wide, empty] = flags;
            Dialect {
                delimiter,
                comma,
                quotes,
                mark,
                ends,
                padding,
                trailing,
                gzip,
                exponent,
                wide,
                empty,
            }
        },
    )
}

impl Dialect {
    fn number(&self, number: f64) -> String {
        let text = if self.exponent { format!("{number:e}") } else { format!("{number:?}") };
        if self.comma { text.replace('.', ",") } else { text }
    }

    fn rows(&self, runs: &[Points]) -> Vec<Vec<String>> {
        let header = if self.wide {
            let metric = "loss, all";
            let runs = (0..runs.len()).map(|run| format!("sgd-{run} - {metric}"));
            ["step".to_owned()].into_iter().chain(runs).collect::<Vec<_>>()
        } else {
            ["run", "step", "loss"].map(str::to_owned).to_vec()
        };
        let mut rows = vec![header];
        for (index, run) in runs.iter().enumerate() {
            for &(step, value) in run {
                let (step, value) = (self.number(step), self.number(value));
                if self.wide {
                    let mut row = vec![step];
                    row.extend(
                        (0..runs.len()).map(|other| {
                            if other == index { value.clone() } else { String::new() }
                        }),
                    );
                    rows.push(row);
                } else {
                    rows.push(vec![format!("sgd-{index}"), step, value]);
                }
            }
            if self.empty {
                let row = vec![String::new(); rows[0].len()];
                rows.push(row);
            }
        }
        rows
    }

    fn write(&self, runs: &[Points]) -> Vec<u8> {
        let mut writer = WriterBuilder::new()
            .delimiter(self.delimiter)
            .quote_style(self.quotes)
            .terminator(self.ends)
            .from_writer(Vec::new());
        for mut row in self.rows(runs) {
            for cell in &mut row {
                *cell =
                    format!("{}{cell}{}", " ".repeat(self.padding), " ".repeat(self.padding / 2));
            }
            if self.trailing {
                row.push(String::new());
            }
            writer.write_record(&row).expect("a row");
        }
        let mut bytes = writer.into_inner().expect("all rows");
        if self.mark {
            bytes.splice(0..0, *b"\xef\xbb\xbf");
        }
        if self.gzip {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(&bytes).expect("compressed");
            bytes = gzip.finish().expect("compressed");
        }
        bytes
    }
}

fn bits(points: impl Iterator<Item = (f64, f64)>) -> Vec<(u64, u64)> {
    points.map(|(step, value)| (step.to_bits(), value.to_bits())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_was_written_is_read(runs in prop::collection::vec(points(), 1..4), dialect in dialects(), told in any::<bool>()) {
        let bytes = dialect.write(&runs);
        let mut selection = Selection::default();
        if told {
            selection.delimiter = Some(dialect.delimiter);
            selection.decimal = Some(if dialect.comma { Decimal::Comma } else { Decimal::Point });
        }
        match read_bytes(&bytes, &selection) {
            Ok(log) => {
                prop_assert_eq!(log.runs.len(), runs.len());
                for (index, (read, written)) in log.runs.iter().zip(&runs).enumerate() {
                    prop_assert_eq!(&read.name, &format!("sgd-{index}"));
                    prop_assert_eq!(read.group.as_deref(), Some("sgd"));
                    prop_assert_eq!(read.diverged, None);
                    let read = read.steps.iter().copied().zip(read.values.iter().copied());
                    prop_assert_eq!(bits(read), bits(written.iter().copied()));
                }
            }
            // A comma that may stand between thousands is not guessed at.
            Err(fault) => prop_assert!(!told && dialect.comma && fault.to_string().contains("`--decimal comma`"), "{}", fault),
        }
    }

    #[test]
    fn json_is_read(runs in prop::collection::vec(points(), 1..4), lines in any::<bool>(), pretty in any::<bool>()) {
        let rows = runs.iter().enumerate().flat_map(|(run, points)| {
            points.iter().map(move |&(step, value)| serde_json::json!({"run": run, "epoch": 1, "step": step, "loss": value}))
        });
        let rows = rows.collect::<Vec<_>>();
        let text = if lines {
            rows.iter().map(|row| format!("{row}\n")).collect::<String>()
        } else if pretty {
            serde_json::to_string_pretty(&rows).expect("JSON")
        } else {
            serde_json::json!({"log_history": rows}).to_string()
        };
        let log = read_bytes(text.as_bytes(), &Selection::default()).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        prop_assert_eq!(log.runs.len(), runs.len());
        for (read, written) in log.runs.iter().zip(&runs) {
            let read = read.steps.iter().copied().zip(read.values.iter().copied());
            prop_assert_eq!(bits(read), bits(written.iter().copied()));
        }
    }
}
