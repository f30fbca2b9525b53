import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import {
  ArchiveRecurringInvoiceDocument,
  CreateRecurringInvoiceDocument,
  MakeRecurringInvoiceDocument,
  RecurringInvoiceDocument,
  RecurringInvoicesDocument,
  RestoreRecurringInvoiceDocument,
  UpdateRecurringInvoiceDocument,
  type RecurrenceUnit,
  type RecurringInvoiceOrderField,
  type RecurringInvoiceQuery,
  type RecurringInvoicesQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { formatDate } from '../lib/format';
import { useCan, useLang } from '../lib/session';
import { Act } from '../ui/Act';
import { useInvoiceColumns } from '../ui/columns';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { DateText, Money, RecordLink, Status } from '../ui/values';
import { useRateField } from './rate';

type Recurring = RecurringInvoiceQuery['recurringInvoice'];
type Row = RecurringInvoicesQuery['recurringInvoices']['nodes'][number];

const path = '/finance/recurring-invoices';
const units = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies readonly RecurrenceUnit[];

/** "Every month", "Every 2 weeks". */
function useRhythm() {
  const { t } = useTranslation();
  return ({ unit, every }: { unit: RecurrenceUnit; every: number }) => t(`rhythm.${unit}`, { count: every });
}

/** The date of the next, or that none comes any more. */
function Next({ row }: { row: { finished: boolean; nextDate: string } }) {
  return row.finished ? <Status value="FINISHED" /> : <DateText value={row.nextDate} />;
}

export function RecurringInvoiceList() {
  const { t } = useTranslation();
  const can = useCan();
  const rhythm = useRhythm();
  const columns: Column<Row, RecurringInvoiceOrderField>[] = [
    { key: 'company', label: t('field.company'), cell: (row) => row.company.name },
    { key: 'rhythm', label: t('recurring.rhythm'), cell: (row) => rhythm(row) },
    { key: 'next', label: t('recurring.next'), cell: (row) => <Next row={row} />, sort: 'NEXT_DATE' },
    { key: 'end', label: t('recurring.end'), cell: (row) => <DateText value={row.endDate} />, wide: true },
    {
      key: 'made',
      label: t('recurring.made'),
      cell: (row) => <span className="figure">{row.made}</span>,
      numeric: true,
      sort: 'MADE',
    },
    { key: 'total', label: t('invoices.total'), cell: (row) => <Money value={row.like.total} />, numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.recurringInvoices')}
      document={RecurringInvoicesDocument}
      select={(answer) => answer.recurringInvoices}
      columns={columns}
      href={(row) => `${path}/${row.id}`}
      filters={[
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'dates', param: 'nextDate', label: t('recurring.next') },
      ]}
      order={{ field: 'NEXT_DATE', direction: 'ASC' }}
      searchLabel={t('recurring.search')}
      create={can('FINANCE_WRITE') ? { to: `${path}/new`, label: t('recurring.new') } : null}
      empty={{ title: t('recurring.empty'), text: t('recurring.emptyText') }}
    />
  );
}

export function RecurringInvoicePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path={path}
      up={t('nav.recurringInvoices')}
      load={RecurringInvoiceDocument}
      select={(answer) => answer.recurringInvoice}
      title={(recurring) => t('recurring.title', { company: recurring.company.name })}
      status={(recurring) => (recurring.finished ? <Status value="FINISHED" /> : null)}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveRecurringInvoiceDocument, restore: RestoreRecurringInvoiceDocument }}
      actions={(recurring) => (can('FINANCE_WRITE') && !recurring.finished ? <Make recurring={recurring} /> : null)}
    >
      {(recurring) => <Body recurring={recurring} />}
    </RecordPage>
  );
}

/** Makes the next invoice as a draft, and opens it. */
function Make({ recurring }: { recurring: Recurring }) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const make = useAct(MakeRecurringInvoiceDocument);
  const rate = useRateField();
  return (
    <Act
      label={t('recurring.make')}
      text={t('recurring.makeText', { date: formatDate(recurring.nextDate, lang) })}
      fields={[rate]}
      defaults={{ currency: recurring.like.total.currency }}
      run={async (input) => {
        const { id, version } = recurring;
        const { makeRecurringInvoice } = await make.mutateAsync({ input: { ...input, id, version } });
        await navigate(`/finance/invoices/${makeRecurringInvoice.invoice.id}`);
      }}
      primary
    />
  );
}

function Body({ recurring }: { recurring: Recurring }) {
  const { t } = useTranslation();
  const rhythm = useRhythm();
  const columns = useInvoiceColumns();
  const { like } = recurring;
  return (
    <>
      <Facts
        facts={[
          { label: t('invoices.total'), value: <Money value={like.total} />, figure: true },
          { label: t('recurring.next'), value: <Next row={recurring} />, figure: true },
          { label: t('recurring.rhythm'), value: rhythm(recurring) },
          { label: t('recurring.end'), value: recurring.endDate ? <DateText value={recurring.endDate} /> : t('recurring.noEnd') },
          { label: t('field.company'), value: <RecordLink to="/companies" record={recurring.company} /> },
          {
            label: t('recurring.like'),
            value: <RecordLink to="/finance/invoices" record={{ id: like.id, name: like.number ?? t('invoices.noNumber') }} />,
          },
          { label: t('recurring.made'), value: recurring.made },
        ]}
      />
      <Related
        title={t('recurring.invoices')}
        list={recurring.invoices}
        columns={columns}
        href={(row) => `/finance/invoices/${row.id}`}
        all={`/finance/invoices${query({ recurringInvoiceId: recurring.id })}`}
        none={t('recurring.noneMade')}
      />
    </>
  );
}

function useFields(): FieldDef[] {
  const { t } = useTranslation();
  const { id } = useParams();
  const date: FieldDef =
    id === undefined
      ? { name: 'startDate', label: t('recurring.first'), kind: 'date', hint: t('recurring.firstHint'), half: true }
      : { name: 'nextDate', label: t('recurring.next'), kind: 'date', hint: t('recurring.nextHint'), required: true, half: true };
  return [
    {
      name: 'likeId',
      label: t('recurring.like'),
      kind: 'ref',
      ref: 'invoice',
      base: () => ({ kind: { eq: 'INVOICE' } }),
      required: true,
      hint: t('recurring.likeHint'),
    },
    { name: 'every', label: t('recurring.every'), kind: 'integer', required: true, half: true },
    { name: 'unit', label: t('recurring.unit'), kind: 'enum', options: units, optionLabel: 'recurrence', required: true, half: true },
    date,
    { name: 'endDate', label: t('recurring.end'), kind: 'date', hint: t('recurring.endHint'), half: true },
  ];
}

export function RecurringInvoiceForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path={path}
      titles={{ create: t('recurring.new'), edit: t('recurring.edit') }}
      fields={useFields()}
      defaults={{ every: '1', unit: 'MONTH' }}
      load={RecurringInvoiceDocument}
      select={(answer) => answer.recurringInvoice}
      create={CreateRecurringInvoiceDocument}
      created={(answer) => answer.createRecurringInvoice.recurringInvoice.id}
      update={UpdateRecurringInvoiceDocument}
    />
  );
}

/** From an invoice to one that comes again. */
export function Repeat({ invoice }: { invoice: { id: string; kind: string; status: string } }) {
  const { t } = useTranslation();
  if (invoice.kind !== 'INVOICE' || invoice.status === 'VOID') return null;
  return <LinkButton to={`${path}/new${query({ likeId: invoice.id })}`}>{t('recurring.repeat')}</LinkButton>;
}
