import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { ArchiveTimeEntryDocument, CreateTimeEntryDocument, OwnEmployeeDocument, UpdateTimeEntryDocument, WeekDocument } from '../gql';
import { request, useGql } from '../lib/api';
import { addDays, isDate, weekStart } from '../lib/dates';
import { normaliseDecimal, sum, toMicros } from '../lib/decimal';
import { ApiError } from '../lib/errors';
import { formatDate, formatDecimal } from '../lib/format';
import { useCan, useLang, useMe, useToday } from '../lib/session';
import { Empty, ErrorNote, Page, useErrorText } from '../ui/Page';
import { query } from '../ui/entity';
import { FormShell } from '../ui/FormShell';
import { RefSelect } from '../ui/RefSelect';
import { useQueryClient } from '@tanstack/react-query';
import { cellKey, plainHours, weekChanges, weekRows, type Cell, type Change, type WeekRow } from './weekGrid';

/** A whole week of one person's time on one page. */
export function WeekPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const me = useMe();
  const today = useToday();
  const [params, setParams] = useSearchParams();
  const own = useGql(OwnEmployeeDocument, { membershipId: me.membership?.id ?? '' }, { enabled: me.membership !== null });
  const asked = params.get('week');
  const start = weekStart(isDate(asked) ? asked : today);
  const employeeId = params.get('employeeId') ?? own.data?.employees.nodes[0]?.id ?? '';
  const go = (next: Record<string, string>) => setParams({ ...Object.fromEntries(params), ...next });
  return (
    <Page
      title={t('week.title', { from: formatDate(start, lang), to: formatDate(addDays(start, 6), lang) })}
      actions={
        <>
          <Button variant="default" onClick={() => go({ week: addDays(start, -7) })}>
            {t('week.previous')}
          </Button>
          <Button variant="default" onClick={() => go({ week: addDays(start, 7) })}>
            {t('week.next')}
          </Button>
        </>
      }
    >
      {can('DELIVERY_WRITE') ? (
        <div className="tools">
          <div className="filter">
            <RefSelect
              kind="employee"
              ariaLabel={t('field.employee')}
              placeholder={t('field.employee')}
              value={employeeId}
              onChange={(id) => go({ employeeId: id })}
            />
          </div>
        </div>
      ) : null}
      {employeeId === '' && !own.isPending ? <Empty title={t('week.noEmployee')} text={t('week.noEmployeeText')} /> : null}
      {employeeId === '' ? null : <Week key={`${employeeId}/${start}`} employeeId={employeeId} start={start} />}
    </Page>
  );
}

function Week({ employeeId, start }: { employeeId: string; start: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const client = useQueryClient();
  const errorText = useErrorText();
  // The week before is read too: its projects are most likely this week's.
  const answer = useGql(WeekDocument, { employeeId, from: addDays(start, -7), to: addDays(start, 6) });
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [added, setAdded] = useState<{ id: string; name: string }[]>([]);
  const [saving, setSaving] = useState(false);
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  if (!answer.data) return <p className="muted">{t('ui.loading')}</p>;
  const days = Array.from({ length: 7 }, (_, index) => addDays(start, index));
  const rows = weekRows(answer.data.timeEntries.nodes, days, added);
  const changes = weekChanges(rows, typed, lang);
  const save = async () => {
    setSaving(true);
    const failed: Record<string, string> = {};
    for (const change of changes) {
      try {
        await send(change, employeeId);
      } catch (error) {
        failed[change.key] = errorText(error instanceof ApiError ? error : new ApiError('INTERNAL', ''));
      }
    }
    await client.invalidateQueries();
    setErrors(failed);
    setTyped((before) => Object.fromEntries(Object.entries(before).filter(([key]) => key in failed)));
    setSaving(false);
  };
  const grid = { rows, days, typed, errors, employeeId, onType: (key: string, text: string) => setTyped({ ...typed, [key]: text }) };
  return (
    <FormShell onSubmit={() => void save()} saving={saving} error={null} submitLabel={t('week.save')} dirty={changes.length > 0}>
      <Grid {...grid} />
      {Object.values(errors).map((text, index) => (
        <p key={index} role="alert" className="word">
          {text}
        </p>
      ))}
      {can('TIME_WRITE') ? (
        <Group>
          <RefSelect
            kind="project"
            value=""
            ariaLabel={t('week.addProject')}
            placeholder={t('week.addProject')}
            onChange={(id, option) => option && setAdded([...added, { id, name: option.label }])}
          />
        </Group>
      ) : null}
    </FormShell>
  );
}

async function send(change: Change, employeeId: string): Promise<void> {
  if (change.kind === 'create')
    await request(CreateTimeEntryDocument, { input: { employeeId, projectId: change.projectId, date: change.date, hours: change.hours } });
  else if (change.kind === 'update')
    await request(UpdateTimeEntryDocument, { input: { id: change.id, version: change.version, hours: change.hours } });
  else await request(ArchiveTimeEntryDocument, { input: { id: change.id, version: change.version } });
}

interface GridProps {
  rows: WeekRow[];
  days: string[];
  typed: Record<string, string>;
  errors: Record<string, string>;
  employeeId: string;
  onType: (key: string, text: string) => void;
}

function Grid({ rows, days, typed, errors, employeeId, onType }: GridProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const value = (projectId: string, cell: Cell) => typed[cellKey(projectId, cell.date)] ?? cell.hours;
  const total = (cells: [string, Cell][]) =>
    formatDecimal(plainHours(sum(cells.map(([id, cell]) => toMicros(normaliseDecimal(value(id, cell), lang) ?? '0')))) || '0', lang);
  const day = (date: string) => t(`weekday.${new Date(`${date}T00:00:00Z`).getUTCDay()}`);
  return (
    <div className="scroll">
      <table className="data week" aria-label={t('nav.week')}>
        <thead>
          <tr>
            <th>{t('field.project')}</th>
            {days.map((date) => (
              <th key={date} className="num">
                {day(date)} {Number(date.slice(8, 10))}
              </th>
            ))}
            <th className="num">{t('reports.total')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ project, cells }) => (
            <tr key={project.id}>
              <td>
                <Link to={`/delivery/projects/${project.id}`}>{project.name}</Link>
              </td>
              {cells.map((cell) => (
                <td key={cell.date} className="num">
                  {cell.open ? (
                    <TextInput
                      size="xs"
                      aria-label={`${project.name}, ${formatDate(cell.date, lang)}`}
                      inputMode="decimal"
                      classNames={{ input: 'num-input' }}
                      value={value(project.id, cell)}
                      error={errors[cellKey(project.id, cell.date)] !== undefined}
                      onChange={(event) => onType(cellKey(project.id, cell.date), event.currentTarget.value)}
                    />
                  ) : (
                    <Link to={`/delivery/time${query({ employeeId, projectId: project.id, dateFrom: cell.date, dateTo: cell.date })}`}>
                      {formatDecimal(cell.hours, lang)}
                    </Link>
                  )}
                </td>
              ))}
              <td className="num">{total(cells.map((cell) => [project.id, cell]))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>{t('reports.total')}</td>
            {days.map((date, index) => (
              <td key={date} className="num">
                {total(rows.flatMap((row): [string, Cell][] => (row.cells[index] ? [[row.project.id, row.cells[index]]] : [])))}
              </td>
            ))}
            <td className="num">{total(rows.flatMap((row) => row.cells.map((cell): [string, Cell] => [row.project.id, cell])))}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
