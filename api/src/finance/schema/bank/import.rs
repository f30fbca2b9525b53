//! Importing files of banks.

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use kamara_entities::BankAccountId;

use super::BankStatement;
use crate::{
    error::{Error, Text},
    finance::service::bank::{
        Columns, Line, Mapping, Statement,
        import::{self, File},
    },
    graphql::{Can, Date, Dec, Id, Money, request},
    identity::Permission,
};

/// Lines of a preview.
const PREVIEW_MAX: usize = 50;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "import::Format")]
pub(crate) enum BankFileFormat {
    /// ISO 20022 camt.053, of any version.
    #[graphql(name = "CAMT_053")]
    Camt053,
    /// CSV.
    Csv,
}

/// The names of a CSV file's columns, where they aren't the usual ones of Georgian banks and others.
#[derive(Default, InputObject)]
pub(crate) struct BankFileColumnsInput {
    /// When the bank booked it.
    date: Option<String>,
    /// When it counts for interest.
    value_date: Option<String>,
    /// Amount with a sign, money in positive; or else the next two.
    amount: Option<String>,
    /// Money out.
    paid_out: Option<String>,
    /// Money in.
    paid_in: Option<String>,
    /// What is on the account after the line.
    balance: Option<String>,
    /// Who paid or was paid.
    counterparty: Option<String>,
    /// That one's account.
    iban: Option<String>,
    /// That one's tax number.
    tax_number: Option<String>,
    /// A reference for machines.
    reference: Option<String>,
    /// What it's for, in words.
    description: Option<String>,
    /// The bank's own id of the booking.
    bank_reference: Option<String>,
}

impl From<BankFileColumnsInput> for Columns {
    fn from(input: BankFileColumnsInput) -> Self {
        Self {
            date: input.date,
            value_date: input.value_date,
            amount: input.amount,
            paid_out: input.paid_out,
            paid_in: input.paid_in,
            balance: input.balance,
            counterparty: input.counterparty,
            iban: input.iban,
            tax_number: input.tax_number,
            reference: input.reference,
            description: input.description,
            bank_reference: input.bank_reference,
        }
    }
}

/// How a CSV file is to be read.
#[derive(Default, InputObject)]
pub(crate) struct BankFileMappingInput {
    /// What separates values: a comma, a semicolon, a tab or a bar. Found in the first line unless said.
    separator: Option<String>,
    /// How many lines come before the names of the columns.
    skip_lines: Option<i32>,
    /// The order of a date's parts, such as `DD.MM.YYYY`; ISO dates, and day before month, unless said.
    date_format: Option<String>,
    /// Whether a comma comes before the cents.
    #[graphql(default)]
    decimal_comma: bool,
    /// The names of columns, where they aren't the usual ones.
    #[graphql(default)]
    columns: BankFileColumnsInput,
    /// What was on the account before the first line; needed where no column has the balance after each line.
    opening_balance: Option<Dec>,
    /// What was on it after the last.
    closing_balance: Option<Dec>,
}

impl BankFileMappingInput {
    fn mapping(self) -> std::result::Result<Mapping, Error> {
        let mut letters = self.separator.as_deref().unwrap_or_default().chars();
        let separator = letters.next();
        if letters.next().is_some() {
            let message = Text::fixed("One character.", "ერთი სიმბოლო.");
            return Err(Error::invalid("mapping.separator", message));
        }
        let skip_lines = usize::try_from(self.skip_lines.unwrap_or(0)).ok().filter(|lines| *lines <= 100);
        let wrong =
            || Error::invalid("mapping.skipLines", Text::fixed("From 0 to 100 lines.", "0-დან 100 სტრიქონამდე."));
        Ok(Mapping {
            separator,
            skip_lines: skip_lines.ok_or_else(wrong)?,
            date_format: self.date_format,
            decimal_comma: self.decimal_comma,
            columns: self.columns.into(),
            opening_balance: self.opening_balance.map(|balance| balance.0),
            closing_balance: self.closing_balance.map(|balance| balance.0),
        })
    }
}

/// A bank's file.
#[derive(InputObject)]
pub(crate) struct ImportBankStatementInput {
    /// For which account.
    bank_account_id: Id<BankAccountId>,
    /// What it is.
    format: BankFileFormat,
    /// Its text.
    content: String,
    /// How it's to be read, for CSV.
    #[graphql(default)]
    mapping: BankFileMappingInput,
}

impl ImportBankStatementInput {
    fn file(self) -> std::result::Result<File, Error> {
        Ok(File {
            bank_account_id: self.bank_account_id.0,
            format: self.format.into(),
            content: self.content,
            mapping: self.mapping.mapping()?,
        })
    }
}

/// What a file holds that is new.
#[derive(SimpleObject)]
pub(crate) struct BankFilePreview {
    /// Its statements.
    statements: Vec<PreviewedStatement>,
    /// How many lines are new.
    line_count: usize,
    /// How many lines were imported before, and would be left out.
    skipped_count: usize,
    /// The first of the new lines.
    lines: Vec<PreviewedLine>,
}

/// A statement of a file.
#[derive(SimpleObject)]
pub(crate) struct PreviewedStatement {
    /// The bank's name for it.
    reference: Option<String>,
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
    /// What was on the account before its first new line.
    opening_balance: Money,
    /// What was on it after its last.
    closing_balance: Money,
}

impl From<&Statement> for PreviewedStatement {
    fn from(statement: &Statement) -> Self {
        Self {
            reference: statement.reference.clone(),
            from: Date(statement.from),
            to: Date(statement.to),
            opening_balance: Money::new(statement.opening_minor, &statement.currency),
            closing_balance: Money::new(statement.closing_minor, &statement.currency),
        }
    }
}

/// A line of a file.
#[derive(SimpleObject)]
pub(crate) struct PreviewedLine {
    /// When the bank booked it.
    date: Date,
    /// Money in is positive, money out negative.
    amount: Money,
    /// Who paid or was paid.
    counterparty: Option<String>,
    /// What it's for, in words.
    description: Option<String>,
    /// A reference for machines.
    reference: Option<String>,
}

impl PreviewedLine {
    fn new(line: &Line, currency: &str) -> Self {
        Self {
            date: Date(line.date),
            amount: Money::new(line.amount_minor, currency),
            counterparty: line.counterparty.clone(),
            description: line.description.clone(),
            reference: line.reference.clone(),
        }
    }
}

/// Looking into files.
#[derive(Default)]
pub(crate) struct BankImportQuery;

#[Object]
impl BankImportQuery {
    /// What a bank's file holds that is new; nothing is written. What an import would refuse is refused here too.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn bank_file_preview(&self, ctx: &Context<'_>, input: ImportBankStatementInput) -> Result<BankFilePreview> {
        let scope = request(ctx).read().await?;
        let contents = import::preview(&scope, &input.file()?).await?;
        let lines = || contents.statements.iter().flat_map(|statement| &statement.lines);
        Ok(BankFilePreview {
            statements: contents.statements.iter().map(Into::into).collect(),
            line_count: lines().count(),
            skipped_count: contents.skipped,
            lines: lines().take(PREVIEW_MAX).map(|line| PreviewedLine::new(line, &contents.account.currency)).collect(),
        })
    }
}

/// What was imported.
#[derive(SimpleObject)]
pub(crate) struct ImportBankStatementPayload {
    /// The statements.
    statements: Vec<BankStatement>,
    /// How many lines they have.
    line_count: usize,
    /// How many lines of the file were imported before, and left out.
    skipped_count: usize,
}

/// Importing files.
#[derive(Default)]
pub(crate) struct BankImportMutation;

#[Object]
impl BankImportMutation {
    /// Imports a bank's file: all that is new in it, or nothing. It must go on where the last statement of the account ended.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn import_bank_statement(
        &self,
        ctx: &Context<'_>,
        input: ImportBankStatementInput,
    ) -> Result<ImportBankStatementPayload> {
        let file = input.file()?;
        let scope = request(ctx).write().await?;
        let imported = import::import(&scope, &file).await?;
        request(ctx).commit(scope).await?;
        Ok(ImportBankStatementPayload {
            statements: imported.statements.into_iter().map(Into::into).collect(),
            line_count: imported.lines,
            skipped_count: imported.skipped,
        })
    }
}
