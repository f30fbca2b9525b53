import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { BillDocument, CreateBillDocument, UpdateBillDocument, type BillLineInput, type BillQuery, type CreateBillInput } from '../gql';
import { useAct, useGql } from '../lib/api';
import { addDays } from '../lib/dates';
import { fromMicros, multiply, normaliseDecimal, roundTo, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import type { Lang } from '../lib/i18n';
import { useLang, useMe, useToday } from '../lib/session';
import { Fields } from '../ui/EntityForm';
import { readValues, toInput, type FieldDef, type Values } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ErrorNote, NotEditable, Page } from '../ui/Page';
import { RefSelect } from '../ui/RefSelect';
import { useForm } from '../ui/useForm';
import { billTitle } from './bills';
import { CostCentreField } from './costCentreField';
import { costCentreInput, costCentreNames, costCentresOf, type CostCentreValue } from './costCentreSplits';
import { useRateField } from './rate';
import { TaxPicker } from './taxPicker';

type Record = BillQuery['bill'];

interface Line extends CostCentreValue {
  key: number;
  description: string;
  quantity: string;
  unitPrice: string;
  accountId: string;
  taxCodeIds: string[];
  clientId: string;
  projectId: string;
  /** Not asked for here: what a draft has of these goes back as it was. */
  serviceId: string;
  departmentId: string;
}

let keys = 0;
const emptyLine = (like?: Line): Line => ({
  key: keys++,
  description: '',
  quantity: '1',
  unitPrice: '',
  accountId: like?.accountId ?? '',
  taxCodeIds: like?.taxCodeIds ?? [],
  clientId: '',
  projectId: like?.projectId ?? '',
  serviceId: '',
  departmentId: '',
  costCentreId: like?.costCentreId ?? '',
  splits: like?.splits ?? [],
});

const linesOf = (bill: Record): Line[] =>
  bill.lines.map((line) => ({
    key: keys++,
    description: line.description,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    accountId: line.account.id,
    taxCodeIds: line.taxes.map(({ taxCode }) => taxCode.id),
    clientId: line.client?.id ?? '',
    projectId: line.project?.id ?? '',
    serviceId: line.service?.id ?? '',
    departmentId: line.department?.id ?? '',
    ...costCentresOf(line),
  }));

/** A bill, or the credit note of one: `?creditsId=`. */
export function BillForm() {
  const { t } = useTranslation();
  const { id } = useParams();
  const [params] = useSearchParams();
  const of = id ?? params.get('creditsId');
  const query = useGql(BillDocument, { id: of ?? '' }, { enabled: of !== null });
  if (query.error)
    return (
      <Page title={t('bills.edit')}>
        <ErrorNote error={query.error} />
      </Page>
    );
  if (of === null) return <Editor bill={null} credited={null} lines={[emptyLine()]} given={Object.fromEntries(params)} />;
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  const { bill } = query.data;
  const fixed = bill.status !== 'DRAFT' ? 'bills.fixed' : bill.archivedAt ? 'form.archived' : null;
  if (id !== undefined && fixed !== null)
    return <NotEditable title={t('bills.edit')} text={t(fixed)} to={`/finance/bills/${id}`} record={billTitle(bill, t)} />;
  return <Editor bill={id === undefined ? null : bill} credited={id === undefined ? bill : null} lines={linesOf(bill)} given={{}} />;
}

function useFields(isCredit: boolean): FieldDef[] {
  const { t } = useTranslation();
  const rate = useRateField();
  const own: FieldDef[] = [
    { name: 'companyId', label: t('field.supplier'), kind: 'ref', ref: 'company', required: true, half: true },
    { name: 'supplierNumber', label: t('bills.supplierNumber'), kind: 'text', half: true },
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'dueDate', label: t('invoices.dueDate'), kind: 'date', required: true, half: true },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
  // A credit note is its bill's supplier's, in its currency and at its rate, and isn't due.
  const fixed = ['companyId', 'dueDate', 'currency', 'rate'];
  return isCredit ? own.filter(({ name }) => !fixed.includes(name)) : own;
}

function useInitial(fields: FieldDef[], bill: Record | null, given: Values): Values {
  const today = useToday();
  const { tenant } = useMe();
  if (bill) return readValues(bill, fields);
  const empty = Object.fromEntries(fields.map((def) => [def.name, '']));
  const usual: Values = { date: today, dueDate: addDays(today, 30), currency: tenant.baseCurrency, ...given };
  return { ...empty, ...Object.fromEntries(Object.entries(usual).filter(([name]) => name in empty)) };
}

const lineNames = ['description', 'quantity', 'unitPrice', 'accountId', 'taxCodeIds', 'clientId', 'projectId'];
const columns = 'minmax(150px, 3fr) 72px 100px minmax(130px, 2fr) minmax(190px, 2fr) 110px 32px';

interface EditorProps {
  bill: Record | null;
  credited: Record | null;
  lines: Line[];
  given: Values;
}

function Editor({ bill, credited, lines: first, given }: EditorProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const fields = useFields(credited !== null || bill?.kind === 'CREDIT_NOTE');
  const [lines, setLines] = useState(first);
  const [touched, setTouched] = useState(false);
  const names = lines.flatMap((line, index) => [...lineNames, ...costCentreNames(line)].map((name) => `lines.${index}.${name}`));
  const form = useForm(fields, useInitial(fields, bill, given), names);
  const [create, update] = [useAct(CreateBillDocument), useAct(UpdateBillDocument)];
  const change = (key: number, patch: Partial<Line>) => {
    setTouched(true);
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...patch } : line)));
  };
  const save = async () => {
    const values = { ...toInput(form.values, fields, lang), lines: lines.map((line) => lineInput(line, lang)) };
    let id = bill?.id;
    const done = await form.submit(async () => {
      if (bill) await update.mutateAsync({ input: { ...values, id: bill.id, version: bill.version } });
      else {
        const of = credited ? { kind: 'CREDIT_NOTE', creditsId: credited.id, companyId: credited.company.id } : {};
        id = (await create.mutateAsync({ input: { ...values, ...of } as CreateBillInput })).createBill.bill.id;
      }
    });
    if (done) void navigate(`/finance/bills/${id ?? ''}`, { replace: true });
  };
  const chosen = credited?.currency ?? (bill?.kind === 'CREDIT_NOTE' ? bill.currency : form.values.currency);
  const currency = typeof chosen === 'string' && chosen !== '' ? chosen : 'EUR';
  const title = bill ? t('bills.edit') : credited ? t('bills.newCredit') : t('bills.new');
  return (
    <Page title={title}>
      {credited ? <p>{t('bills.creditHint', { number: credited.number })}</p> : null}
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('invoices.saveDraft')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || (touched && !form.saved)}
      >
        <Fields fields={fields} form={form} />
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
              onRemove={
                lines.length > 1
                  ? () => {
                      setTouched(true);
                      setLines(lines.filter((other) => other.key !== line.key));
                    }
                  : null
              }
            />
          ))}
        </div>
        <div>
          <Button variant="default" onClick={() => setLines([...lines, emptyLine(lines.at(-1))])}>
            {t('invoices.addLine')}
          </Button>
        </div>
        <dl className="totals">
          <dt className="grand">{t('invoices.net')}</dt>
          <dd className="grand figure">{shown(sum(lines.map((line) => lineNet(line, currency, lang))), currency, lang)}</dd>
        </dl>
      </FormShell>
    </Page>
  );
}

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
  const text = (name: 'description' | 'quantity' | 'unitPrice', label: string, numeric = true) => (
    <TextInput
      label={label}
      value={line[name]}
      error={error(name)}
      inputMode={numeric ? 'decimal' : 'text'}
      classNames={numeric ? { input: 'num-input' } : {}}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className="line" style={{ gridTemplateColumns: columns }} aria-label={t('invoices.line', { number: index + 1 })}>
      <div className="whole">{text('description', t('field.description'), false)}</div>
      {text('quantity', t('invoices.quantity'))}
      {text('unitPrice', t('services.unitPrice'))}
      <RefSelect
        kind="account"
        base={{ type: { in: ['EXPENSE', 'ASSET'] } }}
        label={t('bills.account')}
        value={line.accountId}
        error={error('accountId')}
        onChange={(accountId) => onChange({ accountId })}
      />
      <TaxPicker value={line.taxCodeIds} error={error('taxCodeIds')} onChange={(taxCodeIds) => onChange({ taxCodeIds })} />
      <div className="num-cell figure">
        <span className="sr-only">{t('invoices.net')}: </span>
        {shown(lineNet(line, currency, lang), currency, lang)}
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
          kind="company"
          label={t('expenses.forClient')}
          value={line.clientId}
          error={error('clientId')}
          onChange={(clientId) => onChange({ clientId })}
        />
        <CostCentreField value={line} error={error} onChange={onChange} />
      </div>
    </fieldset>
  );
}

/** What the line will come to before tax; the server has the last word. */
function lineNet(line: Line, currency: string, lang: Lang): bigint {
  const micros = (text: string) => toMicros(normaliseDecimal(text, lang) ?? '0');
  return roundTo(multiply(micros(line.quantity), micros(line.unitPrice)), currencyDigits(currency));
}

const shown = (micros: bigint, currency: string, lang: Lang) =>
  formatMoney({ amount: fromMicros(micros, currencyDigits(currency)), currency }, lang);

function lineInput(line: Line, lang: Lang): BillLineInput {
  const decimal = (text: string) => normaliseDecimal(text, lang) ?? text;
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    description: given(line.description),
    quantity: decimal(line.quantity === '' ? '0' : line.quantity),
    unitPrice: decimal(line.unitPrice.trim() === '' ? '0' : line.unitPrice),
    accountId: given(line.accountId),
    taxCodeIds: line.taxCodeIds,
    clientId: given(line.clientId),
    projectId: given(line.projectId),
    serviceId: given(line.serviceId),
    departmentId: given(line.departmentId),
    ...costCentreInput(line, lang),
  };
}
