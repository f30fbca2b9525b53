import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  ApprovalsOfDocument,
  ApproveDocument,
  MyApprovalsDocument,
  RefuseDocument,
  WithdrawApprovalDocument,
  type ApprovalFieldsFragment,
  type ApprovalMode,
  type ApproverFieldsFragment,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useMe } from '../lib/session';
import { Act } from './Act';
import { DataTable, type Column } from './DataTable';
import { ErrorNote, Section } from './Page';
import { Instant, Money, Status, Text } from './values';

type Approval = ApprovalFieldsFragment;
type Step = Approval['steps'][number];

/** Who is asked: any one of them, or one after the other. */
export function Approvers({ approvers, mode }: { approvers: readonly ApproverFieldsFragment[]; mode: ApprovalMode }) {
  const { t } = useTranslation();
  const name = (approver: ApproverFieldsFragment) =>
    approver.manager ? t('approvals.manager') : approver.role ? t(`role.${approver.role}`) : approver.member?.name;
  return <>{approvers.map(name).join(mode === 'SEQUENCE' ? ' → ' : ` ${t('approvals.or')} `)}</>;
}

/** Where the document is that an approval is about; a write-off is about what it’s of. */
const pages: Partial<Record<Approval['documentKind'], string>> = {
  BILL: '/finance/bills',
  EXPENSE: '/finance/expenses',
  INVOICE: '/finance/invoices',
  PAYMENT: '/finance/payments',
};
const subjectPage = (approval: Approval) => `${pages[approval.documentKind] ?? ''}/${approval.subjectId}`;

/** What waits for whoever looks; nothing at all where nothing waits. */
export function WaitsForMe() {
  const { t } = useTranslation();
  const answer = useGql(MyApprovalsDocument, {});
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const waiting = answer.data?.myApprovals ?? [];
  if (waiting.length === 0) return null;
  const columns: Column<Approval>[] = [
    { key: 'kind', label: t('approvals.kind'), cell: (row) => t(`approvalKind.${row.subjectKind}`) },
    { key: 'description', label: t('field.description'), cell: (row) => <Link to={subjectPage(row)}>{row.description}</Link> },
    { key: 'by', label: t('approvals.requestedBy'), cell: (row) => <Text value={row.requestedBy?.name} /> },
    { key: 'when', label: t('approvals.requestedAt'), cell: (row) => <Instant value={row.createdAt} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'decide', label: '', cell: (row) => <Decide approval={row} /> },
  ];
  return (
    <Section title={t('approvals.waiting')}>
      <DataTable label={t('approvals.waiting')} columns={columns} rows={waiting} rowKey={(row) => row.id} />
    </Section>
  );
}

function Decide({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const [approve, refuse] = [useAct(ApproveDocument), useAct(RefuseDocument)];
  const at = { id: approval.id, version: approval.version };
  const kind = t(`approvalKind.${approval.subjectKind}`);
  return (
    <span className="section-buttons">
      <Act
        compact
        primary
        label={t('approvals.approve')}
        text={t('approvals.approveText', { kind, description: approval.description })}
        fields={[{ name: 'note', label: t('field.note'), kind: 'long' }]}
        run={(input) => approve.mutateAsync({ input: { ...input, ...at } })}
      />
      <Act
        compact
        danger
        label={t('approvals.refuse')}
        text={t('approvals.refuseText', { kind, description: approval.description })}
        fields={[{ name: 'note', label: t('approvals.why'), kind: 'long', required: true }]}
        run={(input) => refuse.mutateAsync({ input: { note: '', ...input, ...at } })}
      />
    </span>
  );
}

/** Who decided what of a document, when and why. */
export function ApprovalsOf({ subjectId }: { subjectId: string }) {
  const { t } = useTranslation();
  const can = useCan();
  const answer = useGql(ApprovalsOfDocument, { subjectId }, { enabled: can('FINANCE_READ') });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const approvals = answer.data?.approvals.nodes ?? [];
  if (approvals.length === 0) return null;
  return (
    <Section title={t('approvals.title')}>
      {approvals.map((approval) => (
        <OneApproval key={approval.id} approval={approval} />
      ))}
    </Section>
  );
}

function OneApproval({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const withdraw = useAct(WithdrawApprovalDocument);
  const mine = approval.requestedBy?.id === me.membership?.id || can('TENANT_MANAGE');
  const who = (step: Step) => {
    if (!step.decidedBy) return <Approvers approvers={step.approvers} mode="ANY" />;
    const name = step.onBehalfOf
      ? t('approvals.onBehalfOf', { name: step.decidedBy.name, absent: step.onBehalfOf.name })
      : step.decidedBy.name;
    return step.wentUp ? `${name} (${t('approvals.wentUp')})` : name;
  };
  const columns: Column<Step>[] = [
    { key: 'position', label: t('approvals.step'), cell: (step) => step.position },
    { key: 'who', label: t('audit.who'), cell: who },
    { key: 'decision', label: t('approvals.decision'), cell: (step) => <Status value={step.decision ?? 'PENDING'} /> },
    { key: 'when', label: t('audit.when'), cell: (step) => (step.decidedAt ? <Instant value={step.decidedAt} /> : <Text value={null} />) },
    { key: 'note', label: t('approvals.why'), cell: (step) => <Text value={step.note} /> },
  ];
  const label = `${t(`approvalKind.${approval.subjectKind}`)}: ${approval.description}`;
  return (
    <div className="approval">
      <p>
        {label} <Money value={approval.amount} /> <Status value={approval.status} />{' '}
        <span className="muted">
          {approval.requestedBy?.name} <Instant value={approval.createdAt} />
        </span>{' '}
        {approval.status === 'PENDING' && mine ? (
          <Act
            compact
            label={t('approvals.withdraw')}
            text={t('approvals.withdrawText')}
            run={() => withdraw.mutateAsync({ input: { id: approval.id, version: approval.version } })}
          />
        ) : null}
      </p>
      <DataTable label={label} columns={columns} rows={approval.steps} rowKey={(step) => String(step.position)} dense />
    </div>
  );
}
