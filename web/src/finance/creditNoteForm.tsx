import { Checkbox, Input, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { CreateCreditNoteDocument, InvoiceDocument, type InvoiceQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import { formatDate } from '../lib/format';
import { useFlags, useLang, useToday } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ErrorNote, NotEditable, Page, Section } from '../ui/Page';
import { useForm } from '../ui/useForm';
import { Money, None } from '../ui/values';
import { creditError, creditInput, creditLineName, creditLinesOf, creditNames, type CreditLine } from './creditLines';
import { invoiceTitle } from './invoices';

type Invoice = InvoiceQuery['invoice'];

/** Takes an invoice back, wholly or in part. */
export function CreditNoteForm() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const query = useGql(InvoiceDocument, { id, ...useFlags(InvoiceDocument) });
  const title = t('bills.newCredit');
  if (query.error && !query.data)
    return (
      <Page title={title}>
        <ErrorNote error={query.error} />
      </Page>
    );
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  const { invoice } = query.data;
  if (invoice.kind !== 'INVOICE' || invoice.status === 'DRAFT' || invoice.status === 'VOID')
    return <NotEditable title={title} text={t('invoices.onlyIssued')} to={`/finance/invoices/${id}`} record={invoiceTitle(invoice, t)} />;
  return <Editor invoice={invoice} />;
}

function Editor({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const create = useAct(CreateCreditNoteDocument);
  const fields: FieldDef[] = [
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
  const [lines, setLines] = useState(() => creditLinesOf(invoice.lines));
  const [sent, setSent] = useState<string[]>([]);
  const named = creditInput(lines, lang);
  const ids = (named ?? []).map(({ lineId }) => lineId);
  // A credit note isn't dated before its invoice.
  const date = invoice.date > today ? invoice.date : today;
  const form = useForm(fields, { date, note: '' }, creditNames(ids));
  const none = lines.every(({ chosen }) => !chosen);
  const change = (id: string, patch: Partial<CreditLine>) =>
    setLines((before) => before.map((line) => (line.of.id === id ? { ...line, ...patch } : line)));
  const save = async () => {
    if (none) return;
    setSent(ids);
    const input = { ...toInput(form.values, fields, lang), invoiceId: invoice.id, lines: named };
    let id = '';
    if (await form.submit(async () => (id = (await create.mutateAsync({ input })).createCreditNote.creditNote.id)))
      void navigate(`/finance/invoices/${id}`, { replace: true });
  };
  return (
    <Page title={t('bills.newCredit')}>
      <p>{t('invoices.creditText', { number: invoice.number })}</p>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('invoices.saveDraft')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || (named !== null && !form.saved)}
      >
        <Fields fields={fields} form={form} />
        <Section title={t('invoices.lines')} aside={<span className="muted">{invoice.currency}</span>}>
          <Lines lines={lines} error={(line) => creditError(form.errors, sent, line)} onChange={change} />
          {none ? <Input.Error role="alert">{t('invoices.chooseLine')}</Input.Error> : null}
        </Section>
      </FormShell>
    </Page>
  );
}

interface LinesProps {
  lines: CreditLine[];
  error: (line: CreditLine) => ReturnType<typeof creditError>;
  onChange: (id: string, patch: Partial<CreditLine>) => void;
}

function Lines({ lines, error, onChange }: LinesProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const labelled = (label: string, line: CreditLine) => `${label}: ${creditLineName(line.of)}`;
  const day = (key: 'serviceFrom' | 'serviceTo'): Column<CreditLine> => ({
    key,
    label: t(`invoices.${key}`),
    cell: (line) => {
      const own = line.of[key];
      return own ? (
        <DateField
          ariaLabel={labelled(t(`invoices.${key}`), line)}
          placeholder={formatDate(own, lang)}
          value={line[key]}
          error={error(line)(key)}
          disabled={!line.chosen}
          onChange={(value) => onChange(line.of.id, { [key]: value })}
        />
      ) : (
        <None />
      );
    },
  });
  const columns: Column<CreditLine>[] = [
    {
      key: 'what',
      label: t('invoices.what'),
      cell: (line) => (
        <Checkbox
          label={creditLineName(line.of)}
          checked={line.chosen}
          error={error(line)('lineId')}
          onChange={(event) => onChange(line.of.id, { chosen: event.currentTarget.checked })}
        />
      ),
    },
    { key: 'net', label: t('invoices.net'), cell: (line) => <Money value={line.of.net} bare />, numeric: true },
    {
      key: 'toCredit',
      label: t('invoices.toCredit'),
      numeric: true,
      cell: (line) => (
        <TextInput
          aria-label={labelled(t('invoices.toCredit'), line)}
          placeholder={t('invoices.allLeft')}
          value={line.net}
          error={error(line)('net')}
          disabled={!line.chosen}
          inputMode="decimal"
          classNames={{ input: 'num-input' }}
          onChange={(event) => onChange(line.of.id, { net: event.currentTarget.value })}
        />
      ),
    },
    ...(lines.some(({ of }) => of.serviceFrom) ? [day('serviceFrom'), day('serviceTo')] : []),
  ];
  return <DataTable label={t('invoices.lines')} columns={columns} rows={lines} rowKey={(line) => line.of.id} />;
}
