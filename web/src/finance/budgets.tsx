import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import {
  ActivateBudgetDocument,
  ArchiveBudgetDocument,
  BudgetActualsDocument,
  BudgetDocument,
  BudgetsDocument,
  CopyBudgetDocument,
  CreateBudgetDocument,
  ImportBudgetLinesDocument,
  RestoreBudgetDocument,
  SetBudgetLinesDocument,
  UpdateBudgetDocument,
  type BudgetGroup,
  type BudgetQuery,
} from '../gql';
import { ApiError } from '../lib/errors';
import { useAct, useGql } from '../lib/api';
import { fromMicros, normaliseDecimal, sum, toMicros } from '../lib/decimal';
import { currencyDigits } from '../lib/format';
import { NONE } from '../lib/listState';
import { useCan, useLang, useMe } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { RefSelect } from '../ui/RefSelect';
import { Amount, DateText, None, Status } from '../ui/values';
import { monthsOf, rowsOf, type GridRow } from './budgetGrid';

type Budget = BudgetQuery['budget'];

const PATH = '/finance/budgets';

export function BudgetList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.budgets')}
      document={BudgetsDocument}
      select={(answer) => answer.budgets}
      columns={[
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
        { key: 'number', label: t('budgets.version'), cell: (row) => row.number, numeric: true },
        { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
        { key: 'from', label: t('ui.from'), cell: (row) => <DateText value={row.from} />, sort: 'FROM' },
        { key: 'to', label: t('ui.to'), cell: (row) => <DateText value={row.to} /> },
        { key: 'control', label: t('budgets.control'), cell: (row) => t(`budgetControl.${row.control}`), wide: true },
      ]}
      href={(row) => `${PATH}/${row.id}`}
      filters={[
        {
          kind: 'enum',
          param: 'status',
          options: ['DRAFT', 'ACTIVE', 'SUPERSEDED'],
          label: t('field.status'),
          optionLabel: 'status',
        },
      ]}
      order={{ field: 'FROM', direction: 'DESC' }}
      searchLabel={t('budgets.search')}
      create={can('FINANCE_WRITE') ? { to: `${PATH}/new`, label: t('budgets.new') } : null}
      empty={{ title: t('budgets.empty'), text: t('budgets.emptyText') }}
    />
  );
}

export function BudgetPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const copy = useAct(CopyBudgetDocument);
  const activate = useAct(ActivateBudgetDocument);
  const importLines = useAct(ImportBudgetLinesDocument);
  const write = can('FINANCE_WRITE');
  return (
    <RecordPage
      path={PATH}
      up={t('nav.budgets')}
      load={BudgetDocument}
      select={(answer) => answer.budget}
      title={(budget) => t('budgets.title', { name: budget.name, number: budget.number })}
      status={(budget) => <Status value={budget.status} />}
      mayEdit={write}
      archive={{ archive: ArchiveBudgetDocument, restore: RestoreBudgetDocument }}
      actions={(budget) =>
        write ? (
          <>
            {budget.status === 'DRAFT' ? (
              <>
                <Act
                  label={t('budgets.import')}
                  text={t('budgets.importText', { columns: 'account, cost_centre, department' })}
                  fields={[{ name: 'csv', label: 'CSV', kind: 'long', required: true }]}
                  run={(input) => importLines.mutateAsync({ input: { id: budget.id, version: budget.version, csv: String(input.csv) } })}
                />
                <Act
                  label={t('budgets.activate')}
                  text={t('budgets.activateText')}
                  run={() => activate.mutateAsync({ input: { id: budget.id, version: budget.version } })}
                  primary
                />
              </>
            ) : null}
            <Act
              label={t('budgets.copy')}
              text={t('budgets.copyText')}
              run={async () => {
                const made = await copy.mutateAsync({ input: { id: budget.id } });
                void navigate(`${PATH}/${made.copyBudget.budget.id}`);
              }}
            />
          </>
        ) : null
      }
    >
      {(budget) => (
        <>
          <Facts
            facts={[
              { label: t('ui.from'), value: <DateText value={budget.from} /> },
              { label: t('ui.to'), value: <DateText value={budget.to} /> },
              { label: t('budgets.control'), value: t(`budgetControl.${budget.control}`) },
            ]}
          />
          <Actuals budget={budget} />
          <Grid key={budget.version} budget={budget} editable={write && budget.status === 'DRAFT' && !budget.archivedAt} />
        </>
      )}
    </RecordPage>
  );
}

const filterOf: Record<BudgetGroup, string> = { ACCOUNT: 'accountId', COST_CENTRE: 'costCentreId', DEPARTMENT: 'departmentId' };
const groupPath: Record<BudgetGroup, string> = {
  ACCOUNT: '/finance/accounts',
  COST_CENTRE: '/finance/cost-centres',
  DEPARTMENT: '/people/departments',
};

/** What was spent and earned against the plan; each figure opens into its lines. */
function Actuals({ budget }: { budget: Budget }) {
  const { t } = useTranslation();
  const [group, setGroup] = useState<BudgetGroup>('ACCOUNT');
  const answer = useGql(BudgetActualsDocument, { id: budget.id, from: budget.from, to: budget.to, groupBy: group }, { keep: true });
  const report = answer.data?.reports.budget;
  const lines = (key: string | null) =>
    `/finance/ledger${query({
      [filterOf[group]]: key ?? NONE,
      dateFrom: budget.from,
      dateTo: budget.to,
      ...(group === 'ACCOUNT' ? {} : { accountType: 'EXPENSE' }),
    })}`;
  return (
    <Section
      title={t('budgets.actuals')}
      aside={
        <Select
          aria-label={t('budgets.groupBy')}
          data={(['ACCOUNT', 'COST_CENTRE', 'DEPARTMENT'] as const).map((value) => ({ value, label: t(`budgetGroup.${value}`) }))}
          value={group}
          allowDeselect={false}
          onChange={(value) => setGroup(value ?? 'ACCOUNT')}
        />
      }
    >
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      {report ? (
        <DataTable
          dense
          label={t('budgets.actuals')}
          columns={[
            {
              key: 'label',
              label: t(`budgetGroup.${group}`),
              cell: (row) => (row.key ? <Link to={`${groupPath[group]}/${row.key}`}>{row.label}</Link> : t('reports.unassigned')),
            },
            {
              key: 'budget',
              label: `${t('budgets.budget')}, ${report.currency}`,
              cell: (row) => <Amount value={row.budget} currency={report.currency} />,
              numeric: true,
            },
            {
              key: 'actual',
              label: t('budgets.actual'),
              cell: (row) => (
                <Link to={lines(row.key ?? null)} className="opens-figure">
                  <Amount value={row.actual} currency={report.currency} />
                </Link>
              ),
              numeric: true,
            },
            {
              key: 'left',
              label: t('budgets.left'),
              cell: (row) => <Amount value={row.left} currency={report.currency} />,
              numeric: true,
            },
          ]}
          rows={report.rows}
          rowKey={(row, index) => row.key ?? `none-${index.toString()}`}
        />
      ) : null}
    </Section>
  );
}

const monthLabel = (month: string): string => month.slice(0, 7);

/** The amounts, a row for what has a budget and a column for a month. */
function Grid({ budget, editable }: { budget: Budget; editable: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { baseCurrency } = useMe().tenant;
  const save = useAct(SetBudgetLinesDocument);
  const [rows, setRows] = useState(() => rowsOf(budget.lines));
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [added, setAdded] = useState(0);
  const months = monthsOf(budget.from, budget.to);
  const change = (key: string, patch: Partial<GridRow>) => setRows(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  const total = (row: GridRow): string => {
    const amounts = Object.values(row.amounts).map((text) => toMicros(normaliseDecimal(text, lang) ?? '0'));
    return fromMicros(sum(amounts), currencyDigits(baseCurrency));
  };
  const add = () => {
    setRows([
      ...rows,
      { key: `new-${added.toString()}`, accountId: '', costCentreId: '', departmentId: '', label: '', detail: '', amounts: {} },
    ]);
    setAdded(added + 1);
  };
  const submit = async () => {
    setFailure(null);
    const lines = rows.flatMap((row) =>
      Object.entries(row.amounts)
        .filter(([, text]) => text.trim() !== '')
        .map(([month, text]) => ({
          accountId: row.accountId,
          costCentreId: row.costCentreId === '' ? null : row.costCentreId,
          departmentId: row.departmentId === '' ? null : row.departmentId,
          month,
          amount: normaliseDecimal(text, lang) ?? text,
        })),
    );
    try {
      await save.mutateAsync({ input: { id: budget.id, version: budget.version, lines } });
    } catch (error) {
      setFailure(error instanceof ApiError ? error : new ApiError('INTERNAL', ''));
    }
  };
  if (rows.length === 0 && !editable) return null;
  return (
    <Section title={t('budgets.amounts')}>
      <div style={{ overflowX: 'auto' }}>
        <table className="data dense" aria-label={t('budgets.amounts')}>
          <thead>
            <tr>
              <th>{t('field.account')}</th>
              {months.map((month) => (
                <th key={month} className="num">
                  {monthLabel(month)}
                </th>
              ))}
              <th className="num">{t('budgets.total')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <td>
                  <RowName row={row} editable={editable && row.label === ''} onChange={(patch) => change(row.key, patch)} />
                </td>
                {months.map((month) => (
                  <td key={month} className="num">
                    <Cell
                      value={row.amounts[month]}
                      label={`${row.label} ${monthLabel(month)}`}
                      currency={baseCurrency}
                      onChange={editable ? (text) => change(row.key, { amounts: { ...row.amounts, [month]: text } }) : null}
                    />
                  </td>
                ))}
                <td className="num">
                  <Amount value={total(row)} currency={baseCurrency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {failure ? <ErrorNote error={failure} /> : null}
      {editable ? (
        <div className="form-foot">
          <Button variant="default" onClick={add}>
            {t('budgets.addRow')}
          </Button>{' '}
          <Button loading={save.isPending} onClick={() => void submit()}>
            {t('ui.save')}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function RowName({ row, editable, onChange }: { row: GridRow; editable: boolean; onChange: (patch: Partial<GridRow>) => void }) {
  const { t } = useTranslation();
  if (!editable)
    return (
      <>
        {row.label}
        {row.detail === '' ? null : <span className="muted"> {row.detail}</span>}
      </>
    );
  return (
    <div style={{ minWidth: 220 }}>
      <RefSelect
        kind="account"
        ariaLabel={t('field.account')}
        value={row.accountId}
        onChange={(accountId) => onChange({ accountId })}
        required
      />
      <RefSelect
        kind="costCentre"
        ariaLabel={t('field.costCentre')}
        placeholder={t('field.costCentre')}
        value={row.costCentreId}
        onChange={(costCentreId) => onChange({ costCentreId })}
      />
      <RefSelect
        kind="department"
        ariaLabel={t('field.department')}
        placeholder={t('field.department')}
        value={row.departmentId}
        onChange={(departmentId) => onChange({ departmentId })}
      />
    </div>
  );
}

interface CellProps {
  value: string | undefined;
  label: string;
  currency: string;
  onChange: ((text: string) => void) | null;
}

function Cell({ value, label, currency, onChange }: CellProps) {
  if (onChange === null) return value === undefined ? <None /> : <Amount value={value} currency={currency} />;
  return (
    <TextInput
      aria-label={label}
      size="xs"
      w={86}
      value={value ?? ''}
      inputMode="decimal"
      classNames={{ input: 'num-input' }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function BudgetForm() {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'from', label: t('budgets.from'), kind: 'date', required: true, half: true },
    { name: 'to', label: t('budgets.to'), kind: 'date', required: true, half: true },
    {
      name: 'control',
      label: t('budgets.control'),
      kind: 'enum',
      options: ['NONE', 'WARN', 'BLOCK'],
      optionLabel: 'budgetControl',
      required: true,
      half: true,
    },
  ];
  return (
    <EntityForm
      path={PATH}
      titles={{ create: t('budgets.new'), edit: t('budgets.edit') }}
      fields={fields}
      defaults={{ control: 'WARN' }}
      load={BudgetDocument}
      select={(answer) => answer.budget}
      create={CreateBudgetDocument}
      created={(answer) => answer.createBudget.budget.id}
      update={UpdateBudgetDocument}
    />
  );
}
