import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import {
  CreateInvoiceDocument,
  InvoiceDocument,
  UpdateInvoiceDocument,
  type CreateInvoiceInput,
  type InvoiceLineInput,
  type InvoiceQuery,
} from '../gql';
import { request, useAct, useGql } from '../lib/api';
import { addDays } from '../lib/dates';
import { fromMicros, multiply, normaliseDecimal, roundTo, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import type { Lang } from '../lib/i18n';
import { useLang, useMe, useToday } from '../lib/session';
import { DateField } from '../ui/DateField';
import { Fields } from '../ui/EntityForm';
import { readValues, toInput, type FieldDef, type Values } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ErrorNote, NotEditable, Page } from '../ui/Page';
import { RefSelect } from '../ui/RefSelect';
import { useForm } from '../ui/useForm';
import { CostCentreField } from './costCentreField';
import { costCentreInput, costCentreNames, costCentresOf, noCostCentre, type CostCentreValue } from './costCentreSplits';
import { PartsEditor, termsInput, useParts } from './instalments';
import { invoiceTitle } from './invoices';
import { useRateField } from './rate';
import { TaxPicker } from './taxPicker';

type Record = InvoiceQuery['invoice'];

interface Line extends CostCentreValue {
  key: number;
  serviceId: string;
  description: string;
  quantity: string;
  unitPrice: string;
  discountPercent: string;
  taxCodeIds: string[];
  accountId: string;
  projectId: string;
  serviceFrom: string;
  serviceTo: string;
}

let keys = 0;
const emptyLine = (projectId = ''): Line => ({
  key: keys++,
  serviceId: '',
  description: '',
  quantity: '1',
  unitPrice: '',
  discountPercent: '',
  taxCodeIds: [],
  accountId: '',
  projectId,
  serviceFrom: '',
  serviceTo: '',
  ...noCostCentre,
});

const linesOf = (invoice: Record): Line[] =>
  invoice.lines.map((line) => ({
    key: keys++,
    serviceId: line.service?.id ?? '',
    description: line.description ?? '',
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    discountPercent: Number(line.discountPercent) === 0 ? '' : line.discountPercent,
    taxCodeIds: line.taxes.map(({ taxCode }) => taxCode.id),
    accountId: line.account?.id ?? '',
    projectId: line.project?.id ?? '',
    serviceFrom: line.serviceFrom ?? '',
    serviceTo: line.serviceTo ?? '',
    ...costCentresOf(line),
  }));

export function InvoiceForm() {
  const { t } = useTranslation();
  const { id } = useParams();
  const [params] = useSearchParams();
  const query = useGql(InvoiceDocument, { id: id ?? '', finance: true }, { enabled: id !== undefined });
  if (query.error)
    return (
      <Page title={t('invoices.edit')}>
        <ErrorNote error={query.error} />
      </Page>
    );
  if (id === undefined)
    return <Editor invoice={null} lines={[emptyLine(params.get('projectId') ?? '')]} given={Object.fromEntries(params)} />;
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  const { invoice } = query.data;
  const fixed = whyFixed(invoice);
  if (fixed !== null)
    return <NotEditable title={t('invoices.edit')} text={t(fixed)} to={`/finance/invoices/${id}`} record={invoiceTitle(invoice, t)} />;
  return <Editor invoice={invoice} lines={linesOf(invoice)} given={{}} />;
}

/** Why the server would refuse another version of it. */
function whyFixed({ status, kind, archivedAt }: Record): string | null {
  if (status !== 'DRAFT') return 'invoices.fixed';
  if (kind === 'CREDIT_NOTE') return 'invoices.fixedCredit';
  return archivedAt ? 'form.archived' : null;
}

function useFields(inParts: boolean): FieldDef[] {
  const { t } = useTranslation();
  const rate = useRateField();
  const fields: FieldDef[] = [
    { name: 'companyId', label: t('field.company'), kind: 'ref', ref: 'company', required: true, half: true },
    {
      name: 'dealId',
      label: t('field.deal'),
      kind: 'ref',
      ref: 'deal',
      half: true,
      base: ({ companyId }) => (companyId ? { companyId: { eq: companyId } } : {}),
    },
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'dueDate', label: t('invoices.dueDate'), kind: 'date', required: true, half: true },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    { name: 'sellerId', label: t('invoices.seller'), kind: 'ref', ref: 'employee', half: true },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
    {
      name: 'discountPercent',
      label: t('invoices.documentDiscount'),
      kind: 'decimal',
      half: true,
      read: (record: Record) => (Number(record.discountPercent) === 0 ? '' : record.discountPercent),
    },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
  return inParts ? fields.filter(({ name }) => name !== 'dueDate') : fields;
}

function useInitial(fields: FieldDef[], invoice: Record | null, given: Values): Values {
  const today = useToday();
  const { tenant } = useMe();
  if (invoice) return readValues(invoice, fields);
  const empty = Object.fromEntries(fields.map((def) => [def.name, '']));
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => name in empty));
  return { ...empty, date: today, dueDate: addDays(today, 30), currency: tenant.baseCurrency, ...known };
}

const columns = 'minmax(150px, 2fr) minmax(120px, 2fr) 80px 110px 96px minmax(150px, 1fr) 110px 32px';

function Editor({ invoice, lines: first, given }: { invoice: Record | null; lines: Line[]; given: Values }) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const client = useQueryClient();
  const parts = useParts(invoice);
  const fields = useFields(parts.parts.length > 0);
  const [lines, setLines] = useState(first);
  const [touched, setTouched] = useState(false);
  const [version, setVersion] = useState(invoice?.version ?? 0);
  const [reloaded, setReloaded] = useState(false);
  const names = lines.flatMap((line, index) => [...lineNames, ...costCentreNames(line)].map((name) => `lines.${index}.${name}`));
  const form = useForm(fields, useInitial(useFields(false), invoice, given), [...names, ...parts.names]);
  const [create, update] = [useAct(CreateInvoiceDocument), useAct(UpdateInvoiceDocument)];
  const edit = (next: (before: Line[]) => Line[]) => {
    setTouched(true);
    setLines(next);
  };
  const change = (key: number, patch: Partial<Line>) =>
    edit((before) => before.map((line) => (line.key === key ? { ...line, ...patch } : line)));
  const save = async () => {
    const values = toInput(form.values, fields, lang);
    const input = {
      ...values,
      discountPercent: values.discountPercent ?? '0',
      ...termsInput(parts, lang),
      lines: lines.map((line) => lineInput(line, lang)),
    } as CreateInvoiceInput;
    let id = invoice?.id;
    const done = await form.submit(async () => {
      if (id === undefined) id = (await create.mutateAsync({ input })).createInvoice.invoice.id;
      else await update.mutateAsync({ input: { ...input, id, version } });
    });
    if (done) void navigate(`/finance/invoices/${id ?? ''}`, { replace: true });
  };
  const reload = async () => {
    if (!invoice) return;
    const fresh = (
      await client.query({
        queryKey: ['reload', invoice.id],
        queryFn: () => request(InvoiceDocument, { id: invoice.id, finance: true }),
        staleTime: 0,
      })
    ).invoice;
    form.rebase(readValues(fresh, fields));
    parts.rebase(fresh);
    if (!touched) setLines(linesOf(fresh));
    setVersion(fresh.version);
    setReloaded(true);
  };
  const currency = typeof form.values.currency === 'string' && form.values.currency !== '' ? form.values.currency : 'EUR';
  return (
    <Page title={invoice ? t('invoices.edit') : t('invoices.new')}>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('invoices.saveDraft')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || ((touched || parts.touched) && !form.saved)}
        onReload={invoice ? () => void reload() : undefined}
        reloaded={reloaded}
      >
        <Fields fields={fields} form={form} />
        <PartsEditor state={parts} date={String(form.values.date ?? '')} dueDate={String(form.values.dueDate ?? '')} errors={form.errors} />
        <h2>{t('invoices.lines')}</h2>
        <div className="lines">
          {lines.map((line, index) => (
            <LineEditor
              key={line.key}
              line={line}
              index={index}
              errors={form.errors}
              currency={currency}
              onChange={(patch) => change(line.key, patch)}
              onRemove={lines.length > 1 ? () => edit((before) => before.filter((other) => other.key !== line.key)) : null}
            />
          ))}
        </div>
        <div>
          <Button variant="default" onClick={() => edit((before) => [...before, emptyLine(before.at(-1)?.projectId)])}>
            {t('invoices.addLine')}
          </Button>
        </div>
        <NetPreview lines={lines} currency={currency} discount={String(form.values.discountPercent ?? '')} />
      </FormShell>
    </Page>
  );
}

const lineNames = [
  'serviceId',
  'description',
  'quantity',
  'unitPrice',
  'discountPercent',
  'taxCodeIds',
  'accountId',
  'projectId',
  'serviceFrom',
  'serviceTo',
];

interface LineProps {
  line: Line;
  index: number;
  errors: { [name: string]: string };
  currency: string;
  onChange: (patch: Partial<Line>) => void;
  onRemove: (() => void) | null;
}

function LineEditor({ line, index, errors, currency, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const error = (name: string) => errors[`lines.${index}.${name}`];
  const text = (name: 'description' | 'quantity' | 'unitPrice' | 'discountPercent', label: string, numeric = true) => (
    <TextInput
      label={label}
      value={line[name]}
      error={error(name)}
      inputMode={numeric ? 'decimal' : 'text'}
      classNames={numeric ? { input: 'num-input' } : {}}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  // Where it's posted follows the service, as its price does.
  const chooseService = (serviceId: string, price?: string, tax?: string | null) =>
    onChange({
      serviceId,
      ...(serviceId === line.serviceId ? {} : { accountId: '' }),
      ...(price && line.unitPrice === '' ? { unitPrice: price } : {}),
      ...(tax && line.taxCodeIds.length === 0 ? { taxCodeIds: [tax] } : {}),
    });
  return (
    <fieldset className="line" style={{ gridTemplateColumns: columns }} aria-label={t('invoices.line', { number: index + 1 })}>
      <RefSelect
        kind="service"
        label={t('field.service')}
        value={line.serviceId}
        error={error('serviceId')}
        onChange={(id, option) =>
          chooseService(id, option?.extra?.currency === currency ? option.extra.unitPrice : undefined, option?.extra?.taxCodeId)
        }
      />
      <div className="whole">{text('description', t('field.description'), false)}</div>
      {text('quantity', t('invoices.quantity'))}
      {text('unitPrice', t('services.unitPrice'))}
      {text('discountPercent', t('invoices.discountPercent'))}
      <TaxPicker value={line.taxCodeIds} error={error('taxCodeIds')} onChange={(taxCodeIds) => onChange({ taxCodeIds })} />
      <div className="num-cell figure">
        <span className="sr-only">{t('invoices.net')}: </span>
        {formatMoney({ amount: fromMicros(lineNet(line, currency, lang), currencyDigits(currency)), currency }, lang)}
      </div>
      {onRemove ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t('invoices.removeLine', { number: index + 1 })} onClick={onRemove}>
          ×
        </ActionIcon>
      ) : (
        <span />
      )}
      <div className="whole line-more">
        <RefSelect
          kind="project"
          label={t('field.project')}
          value={line.projectId}
          error={error('projectId')}
          onChange={(projectId) => onChange({ projectId })}
        />
        <RefSelect
          kind="account"
          base={{ type: { eq: 'INCOME' } }}
          label={t('invoices.account')}
          placeholder={t('invoices.accountUsual')}
          value={line.accountId}
          error={error('accountId')}
          onChange={(accountId) => onChange({ accountId })}
        />
        {(['serviceFrom', 'serviceTo'] as const).map((name) => (
          <DateField
            key={name}
            label={t(`invoices.${name}`)}
            value={line[name]}
            error={error(name)}
            onChange={(day) => onChange({ [name]: day })}
          />
        ))}
        <CostCentreField value={line} error={error} onChange={onChange} />
      </div>
    </fieldset>
  );
}

/** What the line will come to before tax; the server has the last word. */
function lineNet(line: Line, currency: string, lang: Lang): bigint {
  const micros = (text: string) => toMicros(normaliseDecimal(text, lang) ?? '0');
  const gross = multiply(micros(line.quantity), micros(line.unitPrice));
  const discount = multiply(gross, micros(line.discountPercent)) / 100n;
  return roundTo(gross - discount, currencyDigits(currency));
}

function NetPreview({ lines, currency, discount }: { lines: Line[]; currency: string; discount: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const gross = sum(lines.map((line) => lineNet(line, currency, lang)));
  const percent = toMicros(normaliseDecimal(discount, lang) ?? '0');
  const net = gross - roundTo(multiply(gross, percent) / 100n, currencyDigits(currency));
  return (
    <dl className="totals">
      <dt className="grand">{t('invoices.net')}</dt>
      <dd className="grand figure">{formatMoney({ amount: fromMicros(net, currencyDigits(currency)), currency }, lang)}</dd>
    </dl>
  );
}

function lineInput(line: Line, lang: Lang): InvoiceLineInput {
  const decimal = (text: string) => normaliseDecimal(text, lang) ?? text;
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    serviceId: given(line.serviceId),
    description: given(line.description),
    quantity: decimal(line.quantity === '' ? '0' : line.quantity),
    unitPrice: line.unitPrice.trim() === '' ? null : decimal(line.unitPrice),
    discountPercent: line.discountPercent.trim() === '' ? null : decimal(line.discountPercent),
    taxCodeIds: line.taxCodeIds,
    accountId: given(line.accountId),
    projectId: given(line.projectId),
    serviceFrom: given(line.serviceFrom),
    serviceTo: given(line.serviceTo),
    ...costCentreInput(line, lang),
  };
}
