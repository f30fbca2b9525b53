import { Box } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ClientStatementDocument, type ClientStatementQuery } from '../gql';
import { useGql } from '../lib/api';
import { isNegative, isZero } from '../lib/decimal';
import { PeriodPicker, usePeriod } from '../reports/period';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, PdfButton, Section } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { Amount, DateText } from '../ui/values';

type Part = ClientStatementQuery['reports']['clientStatement']['parts'][number];
type Row = Part['rows'][number];

/** What a client was billed and paid, as the ledger has it and as it's sent. */
export function ClientStatement({ companyId }: { companyId: string }) {
  const { t } = useTranslation();
  const { period } = usePeriod();
  const answer = useGql(ClientStatementDocument, { companyId, from: period.from, to: period.to }, { keep: true });
  const told = answer.data?.reports.clientStatement;
  return (
    <Section title={t('statement.title')} aside={told ? <PdfButton href={told.pdfUrl} small /> : null}>
      <Box mb="md">
        <PeriodPicker />
      </Box>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {told?.parts.length === 0 ? <p className="muted">{t('statement.nothing')}</p> : null}
      {told?.parts.map((part) => (
        <InCurrency key={part.currency} part={part} />
      ))}
    </Section>
  );
}

function InCurrency({ part }: { part: Part }) {
  const { t } = useTranslation();
  const { currency } = part;
  const amount = (value: string) => <Amount value={value} currency={currency} />;
  const side = (value: string) => (isZero(value) ? null : amount(value));
  const columns: Column<Row>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    { key: 'document', label: t('statement.document'), cell: (row) => <Document row={row} /> },
    { key: 'debit', label: t('statement.billed'), cell: (row) => side(row.debit), numeric: true },
    { key: 'credit', label: t('statement.paid'), cell: (row) => side(row.credit), numeric: true },
    { key: 'balance', label: t('reports.balance'), cell: (row) => amount(row.balance), numeric: true },
  ];
  const closing = isNegative(part.closing) ? 'statement.inFavour' : 'statement.owed';
  return (
    <>
      <Facts
        facts={[
          { label: t('statements.opening'), value: amount(part.opening) },
          { label: t('statement.billed'), value: amount(part.debit) },
          { label: t('statement.paid'), value: amount(part.credit) },
          { label: `${t(closing)}, ${currency}`, value: amount(part.closing), figure: true },
          isZero(part.advances) ? null : { label: t('statement.advances'), value: amount(part.advances) },
        ]}
      />
      {part.rows.length > 0 ? (
        <DataTable
          label={`${t('statement.title')}, ${currency}`}
          columns={columns}
          rows={part.rows}
          rowKey={(row, index) => `${row.journalEntry.id} ${index}`}
        />
      ) : null}
    </>
  );
}

/** What a row comes from, one click away. */
function Document({ row }: { row: Row }) {
  const { t } = useTranslation();
  const kind = row.isCreditNote ? t('invoiceKind.CREDIT_NOTE') : t(`source.${row.kind}`);
  const name = [kind, row.number].filter(Boolean).join(' ');
  const to = row.payment
    ? `/finance/payments/${row.payment.id}`
    : row.invoice
      ? `/finance/invoices/${row.invoice.id}`
      : `/finance/journal/${row.journalEntry.id}`;
  return (
    <>
      <Link to={to}>{name}</Link>
      {row.reverses ? <span className="muted"> {t('statement.reversal')}</span> : null}
    </>
  );
}
