use std::fmt::Write as _;

use proptest::prelude::*;

use crate::{
    error::Error,
    finance::service::bank::{Line, Statement, read_camt},
    money,
};

/// A statement of version .02: names and status stand directly, amounts of transactions in their details.
const OLD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-02-01T08:00:00</CreDtTm></GrpHdr>
    <Stmt>
      <Id>2026-01</Id>
      <FrToDt><FrDtTm>2026-01-01T00:00:00+04:00</FrDtTm><ToDtTm>2026-01-31T23:59:59+04:00</ToDtTm></FrToDt>
      <Acct><Id><IBAN>GE29NB0000000101904917</IBAN></Id><Ccy>GEL</Ccy></Acct>
      <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="GEL">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>
      <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GEL">2130.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-31</Dt></Dt></Bal>
      <Ntry>
        <NtryRef>1</NtryRef><Amt Ccy="GEL">1180.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
        <BookgDt><Dt>2026-01-15</Dt></BookgDt><ValDt><Dt>2026-01-16</Dt></ValDt><AcctSvcrRef>TBC-77</AcctSvcrRef>
        <NtryDtls><TxDtls>
          <Refs><EndToEndId>E2E-9</EndToEndId></Refs>
          <RltdPties>
            <Dbtr><Nm>შპს ქართული თაღი</Nm><Id><OrgId><Othr><Id>404123456</Id></Othr></OrgId></Id></Dbtr>
            <DbtrAcct><Id><IBAN>GE11TB0000000000000001</IBAN></Id></DbtrAcct>
            <Cdtr><Nm>Ourselves</Nm></Cdtr>
          </RltdPties>
          <RmtInf><Ustrd>ინვოისი INV-2026-0012</Ustrd><Ustrd>იანვარი</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
        </TxDtls></NtryDtls>
      </Ntry>
      <Ntry>
        <Amt Ccy="GEL">49.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-01-20T10:00:00</DtTm></BookgDt>
        <AddtlNtryInf>Monthly   fee</AddtlNtryInf>
      </Ntry>
      <Ntry>
        <Amt Ccy="GEL">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt>
      </Ntry>
    </Stmt>
  </BkToCstmrStmt>
</Document>"#;

/// A batch as version .08 and later have it, with another prefix.
fn batch(amounts: &[&str], entry: &str, closing: &str) -> String {
    let details = amounts.iter().enumerate().fold(String::new(), |mut details, (place, amount)| {
        let _ = write!(
            details,
            r#"<c:TxDtls><c:Refs><c:EndToEndId>NOTPROVIDED</c:EndToEndId></c:Refs><c:Amt Ccy="EUR">{amount}</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd>
            <c:RltdPties><c:Dbtr><c:Pty><c:Nm>Us</c:Nm></c:Pty></c:Dbtr><c:Cdtr><c:Pty><c:Nm>Supplier {place}</c:Nm></c:Pty></c:Cdtr></c:RltdPties></c:TxDtls>"#
        );
        details
    });
    format!(
        r#"<c:Document xmlns:c="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><c:BkToCstmrStmt><c:Stmt><c:Id>S</c:Id>
        <c:Acct><c:Id><c:Othr><c:Id>12345</c:Id></c:Othr></c:Id></c:Acct>
        <c:Bal><c:Tp><c:CdOrPrtry><c:Cd>PRCD</c:Cd></c:CdOrPrtry></c:Tp><c:Amt Ccy="EUR">0</c:Amt><c:CdtDbtInd>CRDT</c:CdtDbtInd><c:Dt><c:Dt>2026-03-01</c:Dt></c:Dt></c:Bal>
        <c:Bal><c:Tp><c:CdOrPrtry><c:Cd>CLBD</c:Cd></c:CdOrPrtry></c:Tp><c:Amt Ccy="EUR">{closing}</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd><c:Dt><c:Dt>2026-03-02</c:Dt></c:Dt></c:Bal>
        <c:Ntry><c:Amt Ccy="EUR">{entry}</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd><c:Sts><c:Cd>BOOK</c:Cd></c:Sts><c:BookgDt><c:Dt>2026-03-02</c:Dt></c:BookgDt>
        <c:AcctSvcrRef>B1</c:AcctSvcrRef><c:NtryDtls>{details}</c:NtryDtls></c:Ntry></c:Stmt></c:BkToCstmrStmt></c:Document>"#
    )
}

fn message(error: &Error) -> String {
    assert_eq!((error.code(), error.field()), ("INVALID_INPUT", Some("content")));
    let text = error.message();
    assert!(text.ka.chars().any(|letter| ('ა'..='ჰ').contains(&letter)), "{}", text.ka);
    text.en.into_owned()
}

#[test]
fn a_statement_is_read_whole() {
    let statements = read_camt(OLD).unwrap();
    let [statement] = statements.as_slice() else { panic!("one statement") };
    assert_eq!(statement.reference.as_deref(), Some("2026-01"));
    assert_eq!(statement.account.as_deref(), Some("GE29NB0000000101904917"));
    assert_eq!((statement.opening_minor, statement.closing_minor), (100_000, 213_050));
    assert_eq!((statement.from.to_string(), statement.to.to_string()), ("2026-01-01".into(), "2026-01-31".into()));
    let paid = Line {
        date: "2026-01-15".parse().unwrap(),
        value_date: "2026-01-16".parse().ok(),
        amount_minor: 118_000,
        counterparty: Some("შპს ქართული თაღი".into()),
        iban: Some("GE11TB0000000000000001".into()),
        tax_number: Some("404123456".into()),
        reference: Some("RF18539007547034".into()),
        end_to_end_id: Some("E2E-9".into()),
        description: Some("ინვოისი INV-2026-0012 იანვარი".into()),
        bank_reference: Some("TBC-77".into()),
    };
    // What is pending isn't there.
    assert_eq!(statement.lines.len(), 2);
    assert_eq!(statement.lines[0], paid);
    assert_eq!(statement.lines[1].amount_minor, -4_950);
    assert_eq!(statement.lines[1].description.as_deref(), Some("Monthly fee"));
}

#[test]
fn a_batch_is_as_many_lines_as_it_has_transactions() {
    let statements = read_camt(&batch(&["10.00", "20.50"], "30.50", "30.50")).unwrap();
    let lines = &statements[0].lines;
    let told: Vec<_> = lines.iter().map(|line| (line.amount_minor, line.counterparty.as_deref())).collect();
    assert_eq!(told, [(-1_000, Some("Supplier 0")), (-2_050, Some("Supplier 1"))]);
    assert_eq!(lines[1].bank_reference.as_deref(), Some("B1/2"));
    assert_eq!(lines[0].end_to_end_id, None);
    assert_eq!(statements[0].account.as_deref(), Some("12345"));
}

#[test]
fn a_batch_whose_transactions_make_another_amount_stays_one_line() {
    let statements = read_camt(&batch(&["10.00", "20.00"], "30.50", "30.50")).unwrap();
    assert_eq!(statements[0].lines.iter().map(|line| line.amount_minor).collect::<Vec<_>>(), [-3_050]);
}

#[test]
fn broken_files_say_where() {
    let broken = |from: &str, to: &str| message(&read_camt(&OLD.replacen(from, to, 1)).unwrap_err());
    assert!(broken("</Stmt>", "").starts_with("Line 3"), "{}", broken("</Stmt>", ""));
    assert!(broken("1180.00", "1180,00").contains("Line 12: Amt is \"1180,00\""));
    assert!(broken("1180.00", "1180.001").contains("Line 12"));
    assert!(broken("1180.00", "-1180.00").contains("Line 12"));
    assert!(broken("2026-01-15", "15.01.2026").contains("Line 13: Dt is \"15.01.2026\""));
    assert!(broken("2026-01-15", "2026-02-30").contains("Line 13"));
    assert!(broken("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>").contains("Ntry has no CdtDbtInd"));
    assert!(broken("<Cd>CLBD</Cd>", "<Cd>CLAV</Cd>").contains("Stmt has no balance (Bal) of kind CLBD"));
    assert!(broken("<Amt Ccy=\"GEL\">49.50", "<Amt Ccy=\"USD\">49.50").contains("in USD, and the statement in GEL"));
    assert!(broken("<Amt Ccy=\"GEL\">49.50", "<Amt>49.50").contains("no currency"));
    assert!(broken("49.50", "50.50").contains("does not add up: 1000.00 GEL"));
    assert!(broken("BkToCstmrStmt", "BkToCstmrAcctRpt").contains("Line"));
}

#[test]
fn other_messages_are_named() {
    let other = OLD.replace("BkToCstmrStmt", "BkToCstmrAcctRpt");
    assert!(message(&read_camt(&other).unwrap_err()).contains("camt.052"));
    for not_xml in ["", "a,b\n1,2", "<a/>", "{}"] {
        message(&read_camt(not_xml).unwrap_err());
    }
}

#[test]
fn a_bomb_of_entities_does_not_go_off() {
    let bomb = r#"<!DOCTYPE a [<!ENTITY b "1111111111"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"#;
    message(&read_camt(bomb).unwrap_err());
    message(&read_camt(&"<a>".repeat(200_000)).unwrap_err());
}

/// A file of one statement, as a bank would write it.
fn written(statement: &Statement) -> String {
    let currency = &statement.currency;
    let amount = |minor: i64| {
        let amount = money::from_minor(minor.abs(), currency);
        let sign = if minor < 0 { "DBIT" } else { "CRDT" };
        format!(r#"<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>"#)
    };
    let balance = |kind: &str, minor: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>{}</Dt></Dt></Bal>",
            amount(minor),
            statement.to
        )
    };
    let lines = statement.lines.iter().fold(String::new(), |mut lines, line| {
        let _ = write!(
            lines,
            "<Ntry>{}<Sts>BOOK</Sts><BookgDt><Dt>{}</Dt></BookgDt></Ntry>",
            amount(line.amount_minor),
            line.date
        );
        lines
    });
    format!(
        "<Document><BkToCstmrStmt><Stmt>{}{}{lines}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", statement.opening_minor),
        balance("CLBD", statement.closing_minor)
    )
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        opening in -1_000_000_000_i64..1_000_000_000,
        amounts in prop::collection::vec(-100_000_000_i64..100_000_000, 0..40),
        currency in prop::sample::select(vec!["GEL", "JPY", "KWD"]),
    ) {
        let date = "2026-05-04".parse().unwrap();
        let statement = Statement {
            reference: None,
            account: None,
            currency: currency.to_owned(),
            from: date,
            to: date,
            opening_minor: opening,
            closing_minor: opening + amounts.iter().sum::<i64>(),
            lines: amounts.iter().map(|amount_minor| Line { date, amount_minor: *amount_minor, ..Line::default() }).collect(),
        };
        prop_assert_eq!(read_camt(&written(&statement)).unwrap(), vec![statement.clone()]);
        let wrong = Statement { closing_minor: statement.closing_minor + 1, ..statement };
        prop_assert!(read_camt(&written(&wrong)).is_err());
    }
}
