import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import {
  AllocationPreviewDocument,
  AllocationRuleDocument,
  AllocationRulesDocument,
  AllocationRunsDocument,
  ArchiveAllocationRuleDocument,
  CreateAllocationRuleDocument,
  RestoreAllocationRuleDocument,
  ReverseAllocationRunDocument,
  RunAllocationDocument,
  UpdateAllocationRuleDocument,
  type AllocationBasis,
  type AllocationRuleQuery,
  type AllocationTarget,
  type CreateAllocationRuleInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { presetPeriod } from '../lib/dates';
import { normaliseDecimal } from '../lib/decimal';
import type { RefKind } from '../lib/refs';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { Fields } from '../ui/EntityForm';
import { readValues, type FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, Page, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { RefSelect } from '../ui/RefSelect';
import { useForm } from '../ui/useForm';
import { DateText, Instant, Money, None, Quantity, RecordLink, Status } from '../ui/values';
import { ShareRow } from './shareRow';

type Rule = AllocationRuleQuery['allocationRule'];

const PATH = '/finance/allocation-rules';
const refOfTarget: Record<AllocationTarget, RefKind> = {
  COMPANY: 'company',
  PROJECT: 'project',
  DEPARTMENT: 'department',
  COST_CENTRE: 'costCentre',
};
const pathOfTarget: Record<AllocationTarget, string> = {
  COMPANY: '/companies',
  PROJECT: '/delivery/projects',
  DEPARTMENT: '/people/departments',
  COST_CENTRE: '/finance/cost-centres',
};

export function AllocationRuleList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.allocationRules')}
      document={AllocationRulesDocument}
      select={(answer) => answer.allocationRules}
      columns={[
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
        {
          key: 'costCentre',
          label: t('allocation.from'),
          cell: (row) => (row.costCentre ? <RecordLink to="/finance/cost-centres" record={row.costCentre} /> : t('allocation.allCosts')),
        },
        { key: 'target', label: t('allocation.target'), cell: (row) => t(`allocationTarget.${row.target}`) },
        { key: 'basis', label: t('allocation.basis'), cell: (row) => t(`allocationBasis.${row.basis}`) },
      ]}
      href={(row) => `${PATH}/${row.id}`}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('allocation.search')}
      create={can('FINANCE_WRITE') ? { to: `${PATH}/new`, label: t('allocation.new') } : null}
      empty={{ title: t('allocation.empty'), text: t('allocation.emptyText') }}
    />
  );
}

export function AllocationRulePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path={PATH}
      up={t('nav.allocationRules')}
      load={AllocationRuleDocument}
      select={(answer) => answer.allocationRule}
      title={(rule) => rule.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveAllocationRuleDocument, restore: RestoreAllocationRuleDocument }}
    >
      {(rule) => (
        <>
          <RuleFacts rule={rule} />
          <Preview rule={rule} />
          <Runs rule={rule} />
        </>
      )}
    </RecordPage>
  );
}

function RuleFacts({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const accounts = rule.accounts.map((account) => `${account.code} ${account.name}`).join(', ');
  return (
    <>
      <Facts
        facts={[
          { label: t('allocation.target'), value: t(`allocationTarget.${rule.target}`) },
          { label: t('allocation.basis'), value: t(`allocationBasis.${rule.basis}`) },
          {
            label: t('allocation.from'),
            value: rule.costCentre ? <RecordLink to="/finance/cost-centres" record={rule.costCentre} /> : t('allocation.allCosts'),
          },
          { label: t('allocation.accounts'), value: accounts === '' ? t('allocation.allAccounts') : accounts },
        ]}
      />
      {rule.shares.length > 0 ? (
        <DataTable
          dense
          label={t('allocation.shares')}
          columns={[
            { key: 'label', label: t(`allocationTarget.${rule.target}`), cell: (share) => share.label },
            { key: 'percent', label: '%', cell: (share) => <Quantity value={share.percent} />, numeric: true },
          ]}
          rows={rule.shares}
          rowKey={(share, index) => share.targetId ?? index.toString()}
        />
      ) : null}
    </>
  );
}

/** What a run would do, before it's posted. */
function Preview({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const [period, setPeriod] = useState(() => presetPeriod('lastMonth', today));
  const answer = useGql(AllocationPreviewDocument, { id: rule.id, from: period.from, to: period.to }, { keep: true });
  const run = useAct(RunAllocationDocument);
  const preview = answer.data?.allocationRule.preview;
  return (
    <Section
      title={t('allocation.preview')}
      aside={
        <span className="period">
          <DateField ariaLabel={t('ui.from')} value={period.from} onChange={(from) => setPeriod({ ...period, from })} required />
          <DateField ariaLabel={t('ui.to')} value={period.to} onChange={(to) => setPeriod({ ...period, to })} required />
          {can('FINANCE_WRITE') && !rule.archivedAt ? (
            <Act
              label={t('allocation.run')}
              text={t('allocation.runText')}
              run={() => run.mutateAsync({ input: { ruleId: rule.id, from: period.from, to: period.to } })}
              primary
            />
          ) : null}
        </span>
      }
    >
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      {preview ? (
        <>
          <Facts
            facts={[
              { label: t('allocation.allocated'), value: <Money value={preview.allocated} />, figure: true },
              { label: t('allocation.unallocated'), value: <Money value={preview.unallocated} />, figure: true },
            ]}
          />
          {preview.targets.length === 0 ? <p className="muted">{t('allocation.noBasis')}</p> : null}
          {preview.targets.length > 0 ? (
            <DataTable
              dense
              label={t('allocation.preview')}
              columns={[
                {
                  key: 'label',
                  label: t(`allocationTarget.${rule.target}`),
                  cell: (row) => <Link to={`${pathOfTarget[rule.target]}/${row.targetId}`}>{row.label}</Link>,
                },
                {
                  key: 'basis',
                  label: t(`allocationBasis.${rule.basis}`),
                  cell: (row) => <Quantity value={row.basis} />,
                  numeric: true,
                },
                { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
              ]}
              rows={preview.targets}
              rowKey={(row) => row.targetId}
            />
          ) : null}
        </>
      ) : null}
    </Section>
  );
}

function Runs({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const can = useCan();
  const answer = useGql(AllocationRunsDocument, { id: rule.id });
  const reverse = useAct(ReverseAllocationRunDocument);
  const runs = answer.data?.allocationRuns.nodes ?? [];
  if (answer.data && runs.length === 0) return <p className="muted">{t('allocation.noRuns')}</p>;
  return (
    <Section title={t('allocation.runs')}>
      <DataTable
        label={t('allocation.runs')}
        columns={[
          { key: 'from', label: t('budgets.from'), cell: (run) => <DateText value={run.from} /> },
          { key: 'to', label: t('budgets.to'), cell: (run) => <DateText value={run.to} /> },
          { key: 'status', label: t('field.status'), cell: (run) => <Status value={run.status} /> },
          { key: 'allocated', label: t('allocation.allocated'), cell: (run) => <Money value={run.allocated} />, numeric: true },
          { key: 'unallocated', label: t('allocation.unallocated'), cell: (run) => <Money value={run.unallocated} />, numeric: true },
          {
            key: 'entry',
            label: t('allocation.entry'),
            cell: (run) =>
              run.journalEntry ? (
                <Link to={`/finance/journal/${run.journalEntry.id}`}>{t('journal.entry', { seq: run.journalEntry.seq })}</Link>
              ) : (
                <None />
              ),
          },
          { key: 'createdAt', label: t('ui.created'), cell: (run) => <Instant value={run.createdAt} />, wide: true },
          {
            key: 'act',
            label: '',
            cell: (run) =>
              can('FINANCE_WRITE') && run.status === 'POSTED' ? (
                <Act
                  label={t('ui.reverse')}
                  text={t('allocation.reverseText')}
                  run={() => reverse.mutateAsync({ input: { id: run.id } })}
                  danger
                  compact
                />
              ) : null,
          },
        ]}
        rows={runs}
        rowKey={(run) => run.id}
      />
    </Section>
  );
}

interface Share {
  key: number;
  targetId: string;
  percent: string;
}
let keys = 0;
const emptyShare = (): Share => ({ key: keys++, targetId: '', percent: '' });

export function AllocationRuleForm() {
  const { t } = useTranslation();
  const { id } = useParams();
  const query = useGql(AllocationRuleDocument, { id: id ?? '' }, { enabled: id !== undefined });
  if (query.error)
    return (
      <Page title={t('allocation.edit')}>
        <ErrorNote error={query.error} />
      </Page>
    );
  if (id === undefined) return <Editor rule={null} />;
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  return <Editor rule={query.data.allocationRule} />;
}

function Editor({ rule }: { rule: Rule | null }) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const [create, update] = [useAct(CreateAllocationRuleDocument), useAct(UpdateAllocationRuleDocument)];
  const [shares, setShares] = useState<Share[]>(
    rule && rule.shares.length > 0
      ? rule.shares.map((share) => ({ key: keys++, targetId: share.targetId ?? '', percent: share.percent }))
      : [emptyShare()],
  );
  const [account, setAccount] = useState(rule?.accounts[0]?.id ?? '');
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    {
      name: 'target',
      label: t('allocation.target'),
      kind: 'enum',
      options: ['DEPARTMENT', 'PROJECT', 'COMPANY', 'COST_CENTRE'],
      optionLabel: 'allocationTarget',
      required: true,
      half: true,
    },
    {
      name: 'basis',
      label: t('allocation.basis'),
      kind: 'enum',
      options: ['HEAD_COUNT', 'HOURS', 'REVENUE', 'FIXED'],
      optionLabel: 'allocationBasis',
      required: true,
      half: true,
    },
    { name: 'costCentreId', label: t('allocation.from'), kind: 'ref', ref: 'costCentre', hint: t('allocation.fromHint'), half: true },
  ];
  const initial = rule ? readValues(rule, fields) : { name: '', target: 'DEPARTMENT', basis: 'HEAD_COUNT', costCentreId: '' };
  const names = shares.flatMap((_, index) => ['targetId', 'percent'].map((name) => `shares.${index}.${name}`));
  const form = useForm(fields, initial, names);
  const target = form.values.target as AllocationTarget;
  const fixed = form.values.basis === 'FIXED';
  const save = async () => {
    const costCentreId = String(form.values.costCentreId);
    const input: CreateAllocationRuleInput = {
      name: String(form.values.name),
      basis: form.values.basis as AllocationBasis,
      target,
      costCentreId: costCentreId === '' ? null : costCentreId,
      accountIds: account === '' ? [] : [account, ...(rule?.accounts.slice(1).map((other) => other.id) ?? [])],
      shares: fixed
        ? shares.map((share) => ({ targetId: share.targetId, percent: normaliseDecimal(share.percent, lang) ?? share.percent }))
        : [],
    };
    let saved = rule?.id;
    const done = await form.submit(async () => {
      if (rule) await update.mutateAsync({ input: { ...input, id: rule.id, version: rule.version } });
      else saved = (await create.mutateAsync({ input })).createAllocationRule.allocationRule.id;
    });
    if (done) void navigate(`${PATH}/${saved ?? ''}`, { replace: true });
  };
  const change = (key: number, patch: Partial<Share>) =>
    setShares(shares.map((share) => (share.key === key ? { ...share, ...patch } : share)));
  return (
    <Page title={rule ? t('allocation.edit') : t('allocation.new')} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={rule ? t('ui.save') : t('ui.create')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty}
      >
        <Fields fields={fields} form={form} />
        <RefSelect
          kind="account"
          label={t('allocation.account')}
          hint={t('allocation.accountHint')}
          base={{ type: { eq: 'EXPENSE' } }}
          value={account}
          onChange={setAccount}
        />
        {fixed ? (
          <div className="lines">
            {shares.map((share, index) => (
              <ShareRow
                key={share.key}
                kind={refOfTarget[target]}
                label={t(`allocationTarget.${target}`)}
                index={index}
                of={share.targetId}
                percent={share.percent}
                errors={{ of: form.errors[`shares.${index}.targetId`], percent: form.errors[`shares.${index}.percent`] }}
                onOf={(targetId) => change(share.key, { targetId })}
                onPercent={(percent) => change(share.key, { percent })}
                onRemove={shares.length > 1 ? () => setShares(shares.filter((other) => other.key !== share.key)) : null}
              />
            ))}
            <div>
              <Button variant="default" onClick={() => setShares([...shares, emptyShare()])}>
                {t('allocation.addShare')}
              </Button>
            </div>
          </div>
        ) : null}
      </FormShell>
    </Page>
  );
}
