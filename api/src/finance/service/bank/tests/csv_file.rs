use rust_decimal::Decimal;

use crate::finance::service::bank::{Columns, Line, Mapping, Statement, read_csv};

fn read(content: &str) -> Statement {
    read_with(content, &Mapping::default())
}

fn read_with(content: &str, mapping: &Mapping) -> Statement {
    read_csv(content, "GEL", mapping).unwrap().remove(0)
}

fn refusal(content: &str, mapping: &Mapping) -> (String, String) {
    let error = read_csv(content, "GEL", mapping).unwrap_err();
    (error.field().unwrap_or_default().to_owned(), error.message().en.into_owned())
}

fn amounts(statement: &Statement) -> Vec<i64> {
    statement.lines.iter().map(|line| line.amount_minor).collect()
}

#[test]
fn tbcs_columns_are_known() {
    let english = "\u{feff}Date,Description,Additional Information,Paid Out,Paid In,Balance,Partner's Account,Partner's Name,Partner's Tax Code,Transaction ID\n\
        15/01/2026,\"ინვოისი INV-12, იანვარი\",,,\"1,180.00\",\"2,180.00\",GE11TB0000000000000001,შპს ქართული თაღი,404123456,77\n\
        16/01/2026,Fee,,49.50,,2130.50,,,,78\n";
    let statement = read(english);
    assert_eq!((statement.opening_minor, statement.closing_minor), (100_000, 213_050));
    assert_eq!(amounts(&statement), [118_000, -4_950]);
    let first = Line {
        date: "2026-01-15".parse().unwrap(),
        value_date: None,
        amount_minor: 118_000,
        counterparty: Some("შპს ქართული თაღი".into()),
        iban: Some("GE11TB0000000000000001".into()),
        tax_number: Some("404123456".into()),
        reference: None,
        end_to_end_id: None,
        description: Some("ინვოისი INV-12, იანვარი".into()),
        bank_reference: Some("77".into()),
    };
    assert_eq!(statement.lines[0], first);

    let georgian = "თარიღი;დანიშნულება;გასული თანხა;შემოსული თანხა;ბალანსი;პარტნიორი\n\
        15.01.2026;ინვოისი;;1180.00;2180.00;შპს თაღი\n16.01.2026;საკომისიო;49.50;;2130.50;\n";
    assert_eq!(amounts(&read(georgian)), [118_000, -4_950]);
}

#[test]
fn bank_of_georgias_columns_are_known() {
    let content = "თარიღი\tდებეტი\tკრედიტი\tნაშთი\tდანიშნულება\n2026-01-15\t0.00\t10.00\t10.00\tა\n2026-01-15\t4.00\t0.00\t6.00\tბ\n";
    let statement = read(content);
    assert_eq!(amounts(&statement), [1_000, -400]);
    assert_eq!((statement.opening_minor, statement.closing_minor), (0, 600));
}

#[test]
fn the_newest_may_come_first() {
    let content = "Date,Amount,Balance\n16.01.2026,-4.00,6.00\n15.01.2026,10.00,10.00\n";
    assert_eq!(amounts(&read(content)), [1_000, -400]);
    let one_day = "Date,Amount,Balance\n16.01.2026,-4.00,6.00\n16.01.2026,10.00,10.00\n";
    assert_eq!(amounts(&read(one_day)), [1_000, -400]);
}

#[test]
fn a_mapping_says_what_is_where() {
    let content = "Kontoauszug;;;\nBuchung;Wer;Betrag;Text\n01-31-2026;Müller;-1.234,50;Miete\n02-01-2026;Meier;(0,50);\n;;-1.235,00;Summe\n";
    let columns = Columns {
        date: Some("buchung".into()),
        amount: Some("Betrag".into()),
        counterparty: Some("Wer".into()),
        description: Some("Text".into()),
        ..Columns::default()
    };
    let mapping = Mapping {
        separator: Some(';'),
        skip_lines: 1,
        date_format: Some("MM-DD-YYYY".into()),
        decimal_comma: true,
        columns,
        opening_balance: Some(Decimal::new(500_000, 2)),
        closing_balance: None,
    };
    let statement = read_with(content, &mapping);
    assert_eq!(amounts(&statement), [-123_450, -50]);
    assert_eq!(statement.closing_minor, 376_500);
    assert_eq!(statement.lines[0].counterparty.as_deref(), Some("Müller"));

    let closing = Mapping { closing_balance: Some(Decimal::ONE), ..mapping.clone() };
    assert!(refusal(content, &closing).1.contains("does not add up"));
    let missing =
        Mapping { columns: Columns { date: Some("Datum".into()), ..mapping.columns.clone() }, ..mapping.clone() };
    let (field, message) = refusal(content, &missing);
    assert_eq!(field, "mapping.columns.date");
    assert!(message.contains("Buchung, Wer, Betrag, Text"), "{message}");
    let format = Mapping { date_format: Some("DD.MM".into()), ..mapping.clone() };
    assert_eq!(refusal(content, &format).0, "mapping.dateFormat");
    let opening = Mapping { opening_balance: None, ..mapping };
    assert_eq!(refusal(content, &opening).0, "mapping.openingBalance");
}

#[test]
fn what_is_wrong_names_its_line() {
    let wrong = |content: &str| refusal(content, &Mapping::default()).1;
    let gap = wrong("Date,Amount,Balance\n2026-01-15,10.00,10.00\n2026-01-16,5.00,20.00\n");
    assert!(gap.starts_with("Line 3: the balance is 20.00, and by the lines before it is 15.00"), "{gap}");
    assert!(wrong("Date,Amount,Balance\n2026-01-15,ten,10.00\n").starts_with("Line 2: \"ten\""));
    // A comma before two digits is no thousands' comma.
    assert!(wrong("Date;Amount;Balance\n2026-01-15;12,50;12,50\n").starts_with("Line 2"));
    assert!(wrong("Date,Amount,Balance\n31.02.2026,1,1\n").starts_with("Line 2: \"31.02.2026\""));
    assert!(wrong("Date,Paid in,Paid out,Balance\n2026-01-15,1,1,1\n").contains("at once"));
    assert!(wrong("Date,Amount,Balance\n").contains("no line"));
    for content in ["", "\n\n", "\0", "Amount\n1", "Date\n2026-01-15"] {
        assert!(read_csv(content, "GEL", &Mapping::default()).is_err(), "{content:?}");
    }
}
