import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import {
  ApprovalRuleDocument,
  ApprovalRulesDocument,
  ArchiveApprovalRuleDocument,
  CreateApprovalRuleDocument,
  MembersDocument,
  RestoreApprovalRuleDocument,
  UpdateApprovalRuleDocument,
  type ApprovalRuleFieldsFragment,
  type ApproverInput,
  type CreateApprovalRuleInput,
  type Role,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useLang } from '../lib/session';
import { Approvers } from '../ui/Approvals';
import { Fields } from '../ui/EntityForm';
import { readValues, toInput, type FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, Page } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { useForm } from '../ui/useForm';
import { Money, RecordLink } from '../ui/values';

type Rule = ApprovalRuleFieldsFragment;
const path = '/settings/approval-rules';
const kinds = ['BILL', 'EXPENSE', 'CREDIT_NOTE', 'WRITE_OFF'];

export function ApprovalRuleList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.approvalRules')}
      document={ApprovalRulesDocument}
      select={(answer) => answer.approvalRules}
      columns={[
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
        { key: 'kind', label: t('approvals.kind'), cell: (row) => t(`approvalKind.${row.subjectKind}`) },
        { key: 'approvers', label: t('approvals.approvers'), cell: (row) => <Approvers approvers={row.approvers} mode={row.mode} /> },
        { key: 'min', label: t('approvals.from'), cell: (row) => <Money value={row.minAmount} />, numeric: true, sort: 'MIN_AMOUNT' },
        { key: 'max', label: t('approvals.below'), cell: (row) => <Money value={row.maxAmount} />, numeric: true },
      ]}
      href={(row) => `${path}/${row.id}`}
      filters={[
        {
          kind: 'enum',
          param: 'subjectKind',
          options: [...kinds],
          label: t('approvals.kind'),
          optionLabel: 'approvalKind',
        },
      ]}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('approvals.search')}
      create={can('TENANT_MANAGE') ? { to: `${path}/new`, label: t('approvals.newRule') } : null}
      empty={{ title: t('approvals.noRules'), text: t('approvals.noRulesText') }}
    />
  );
}

export function ApprovalRulePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path={path}
      up={t('nav.approvalRules')}
      load={ApprovalRuleDocument}
      select={(answer) => answer.approvalRule}
      title={(rule) => rule.name}
      mayEdit={can('TENANT_MANAGE')}
      archive={{ archive: ArchiveApprovalRuleDocument, restore: RestoreApprovalRuleDocument }}
    >
      {(rule) => (
        <Facts
          facts={[
            { label: t('approvals.kind'), value: t(`approvalKind.${rule.subjectKind}`) },
            { label: t('approvals.approvers'), value: <Approvers approvers={rule.approvers} mode={rule.mode} /> },
            { label: t('approvals.from'), value: <Money value={rule.minAmount} />, figure: true },
            { label: t('approvals.below'), value: <Money value={rule.maxAmount} />, figure: true },
            { label: t('field.department'), value: <RecordLink to="/people/departments" record={rule.department} /> },
            { label: t('field.costCentre'), value: <RecordLink to="/finance/cost-centres" record={rule.costCentre} /> },
            { label: t('field.project'), value: <RecordLink to="/delivery/projects" record={rule.project} /> },
            { label: t('field.category'), value: <RecordLink to="/finance/expense-categories" record={rule.category} /> },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function ApprovalRuleForm() {
  const { id } = useParams();
  return id === undefined ? <Editor rule={null} /> : <EditLoader id={id} />;
}

function EditLoader({ id }: { id: string }) {
  const { t } = useTranslation();
  const answer = useGql(ApprovalRuleDocument, { id });
  if (answer.error && !answer.data) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  if (!answer.data) return <p className="muted">{t('ui.loading')}</p>;
  return <Editor rule={answer.data.approvalRule} />;
}

const roles: Role[] = ['OWNER', 'ADMIN', 'FINANCE', 'SALES', 'PROJECT_MANAGER', 'HR', 'EMPLOYEE'];
const MANAGER = 'manager';

/** An approver as one value of the field: `manager`, a role, or a member's id. */
const written = (approver: Rule['approvers'][number]): string =>
  approver.manager ? MANAGER : (approver.role ?? approver.member?.id ?? '');

function read(value: string): ApproverInput {
  if (value === MANAGER) return { manager: true };
  const role = roles.find((known) => known === value);
  return role ? { role } : { membershipId: value };
}

function useRuleFields(): FieldDef[] {
  const { t } = useTranslation();
  return [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    {
      name: 'subjectKind',
      label: t('approvals.kind'),
      kind: 'enum',
      options: [...kinds],
      optionLabel: 'approvalKind',
      required: true,
      half: true,
      createOnly: true,
      hint: t('approvals.kindHint'),
    },
    {
      name: 'mode',
      label: t('approvals.mode'),
      kind: 'enum',
      options: ['ANY', 'SEQUENCE'],
      optionLabel: 'approvalMode',
      required: true,
      half: true,
    },
    { name: 'minAmount', label: t('approvals.from'), kind: 'decimal', half: true, hint: t('approvals.fromHint') },
    { name: 'maxAmount', label: t('approvals.below'), kind: 'decimal', half: true, hint: t('approvals.belowHint') },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
    { name: 'costCentreId', label: t('field.costCentre'), kind: 'ref', ref: 'costCentre', half: true, hint: t('approvals.costCentreHint') },
    { name: 'projectId', label: t('field.project'), kind: 'ref', ref: 'project', half: true },
    {
      name: 'categoryId',
      label: t('field.category'),
      kind: 'ref',
      ref: 'expenseCategory',
      half: true,
      hint: t('approvals.categoryHint'),
      // A rule that is changed keeps its kind, which isn't among its values.
      when: (values) => (values.subjectKind ?? 'EXPENSE') === 'EXPENSE',
    },
  ];
}

function Editor({ rule }: { rule: Rule | null }) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const [create, update] = [useAct(CreateApprovalRuleDocument), useAct(UpdateApprovalRuleDocument)];
  const fits = (def: FieldDef) => !rule || !(def.createOnly || (def.name === 'categoryId' && rule.subjectKind !== 'EXPENSE'));
  const fields = useRuleFields().filter(fits);
  const empty = { ...Object.fromEntries(fields.map((def) => [def.name, ''])), mode: 'ANY' };
  const asked = rule ? rule.approvers.map(written) : [];
  const [approvers, setApprovers] = useState(asked);
  const form = useForm(fields, rule ? readValues(rule, fields) : empty, ['approvers']);
  const save = async () => {
    const people = { approvers: approvers.map(read) };
    let id = rule?.id ?? '';
    const run = async () => {
      if (rule) {
        const input = { id, version: rule.version, ...toInput(form.values, fields, lang, form.changed), ...people };
        await update.mutateAsync({ input: input });
      } else {
        const given = Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null);
        const input = { ...Object.fromEntries(given), ...people } as CreateApprovalRuleInput;
        id = (await create.mutateAsync({ input })).createApprovalRule.approvalRule.id;
      }
    };
    if (await form.submit(run)) void navigate(`${path}/${id}`, { replace: true });
  };
  return (
    <Page title={rule ? t('approvals.editRule') : t('approvals.newRule')} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={rule ? t('ui.save') : t('ui.create')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || (!form.saved && approvers.join() !== asked.join())}
      >
        <Fields fields={fields} form={form} />
        <ApproversField value={approvers} onChange={setApprovers} error={form.errors.approvers} />
      </FormShell>
    </Page>
  );
}

function ApproversField({ value, onChange, error }: { value: string[]; onChange: (value: string[]) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const members = useGql(MembersDocument, {});
  const known = members.data?.members.nodes ?? [];
  return (
    <MultiSelect
      label={t('approvals.approvers')}
      description={t('approvals.approversHint')}
      required
      error={error}
      data={[
        { group: t('approvals.byPlace'), items: [{ value: MANAGER, label: t('approvals.manager') }] },
        { group: t('approvals.byRole'), items: roles.map((role) => ({ value: role, label: t(`role.${role}`) })) },
        { group: t('nav.members'), items: known.map((member) => ({ value: member.id, label: member.name })) },
      ]}
      value={value}
      onChange={onChange}
      searchable
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
