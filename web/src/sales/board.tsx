import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { BoardDocument, DealsDocument, MoveDealDocument, type BoardQuery, type DealsQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import { fromMicros, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import { useCan, useLang } from '../lib/session';
import { Empty, ErrorNote, LinkButton, Page } from '../ui/Page';
import { DateText, Money } from '../ui/values';

type Pipeline = BoardQuery['pipelines']['nodes'][number];
type Deal = DealsQuery['deals']['nodes'][number];

/** Open deals by stage. A card is dragged, or moved by its own list of stages (keyboard, phone). */
export function Board() {
  const { t } = useTranslation();
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const pipelines = useGql(BoardDocument, {});
  const all = pipelines.data?.pipelines.nodes ?? [];
  const chosen = all.find((pipeline) => pipeline.id === params.get('pipeline')) ?? all.find((pipeline) => pipeline.isDefault) ?? all[0];
  const create = can('SALES_WRITE') ? (
    <LinkButton to="/sales/deals/new" primary>
      {t('deals.new')}
    </LinkButton>
  ) : null;
  return (
    <Page
      title={t('nav.deals')}
      actions={
        <>
          {all.length > 1 && chosen ? (
            <Select
              aria-label={t('deals.pipeline')}
              data={all.map(({ id, name }) => ({ value: id, label: name }))}
              value={chosen.id}
              allowDeselect={false}
              onChange={(id) => setParams(id ? { pipeline: id } : {})}
            />
          ) : null}
          <LinkButton to="/sales/deals?view=list">{t('deals.asList')}</LinkButton>
          {create}
        </>
      }
    >
      {pipelines.error ? <ErrorNote error={pipelines.error} retry={pipelines.refetch} /> : null}
      {chosen ? <Stages pipeline={chosen} /> : null}
    </Page>
  );
}

function Stages({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslation();
  const deals = useGql(
    DealsDocument,
    {
      first: 100,
      filter: { pipelineId: { eq: pipeline.id }, status: { eq: 'OPEN' } },
      orderBy: { field: 'CREATED_AT', direction: 'DESC' },
    },
    { keep: true },
  );
  const move = useAct(MoveDealDocument);
  const list = deals.data?.deals;
  const to = (deal: Deal, stageId: string) => {
    if (deal.stage.id !== stageId) move.mutate({ input: { id: deal.id, version: deal.version, stageId } });
  };
  if (deals.error) return <ErrorNote error={deals.error} retry={deals.refetch} />;
  if (!list) return <p className="muted">{t('ui.loading')}</p>;
  if (list.totalCount === 0) return <Empty title={t('deals.emptyBoard')} text={t('deals.emptyText')} />;
  return (
    <>
      {move.error ? <ErrorNote error={move.error} /> : null}
      <div className="board">
        {pipeline.stages.map((stage) => (
          <StageColumn key={stage.id} stage={stage} pipeline={pipeline} deals={list.nodes} onMove={to} />
        ))}
      </div>
      {list.totalCount > list.nodes.length ? (
        <Link to="/sales/deals?view=list&status=OPEN">{t('ui.seeAll', { total: list.totalCount })}</Link>
      ) : null}
    </>
  );
}

interface ColumnProps {
  stage: Pipeline['stages'][number];
  pipeline: Pipeline;
  deals: Deal[];
  onMove: (deal: Deal, stageId: string) => void;
}

function StageColumn({ stage, pipeline, deals, onMove }: ColumnProps) {
  const [over, setOver] = useState(false);
  const here = deals.filter((deal) => deal.stage.id === stage.id);
  const drop = (event: React.DragEvent) => {
    event.preventDefault();
    setOver(false);
    const deal = deals.find(({ id }) => id === event.dataTransfer.getData('text/plain'));
    if (deal) onMove(deal, stage.id);
  };
  return (
    <section
      className={over ? 'stage over' : 'stage'}
      aria-label={stage.name}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="stage-head">
        <span>{stage.name}</span>
        <span className="muted figure">{here.length}</span>
      </div>
      <StageTotals deals={here} />
      {here.map((deal) => (
        <Card key={deal.id} deal={deal} stages={pipeline.stages} onMove={onMove} />
      ))}
    </section>
  );
}

function StageTotals({ deals }: { deals: Deal[] }) {
  const lang = useLang();
  const currencies = [...new Set(deals.map((deal) => deal.amount.currency))];
  return (
    <p className="muted">
      {currencies
        .map((currency) => {
          const micros = sum(deals.filter((deal) => deal.amount.currency === currency).map((deal) => toMicros(deal.amount.amount)));
          return formatMoney({ amount: fromMicros(micros, currencyDigits(currency)), currency }, lang);
        })
        .join(' + ')}
    </p>
  );
}

function Card({ deal, stages, onMove }: { deal: Deal; stages: Pipeline['stages']; onMove: ColumnProps['onMove'] }) {
  const { t } = useTranslation();
  const can = useCan();
  const movable = can('SALES_WRITE');
  return (
    <article className="card" draggable={movable} onDragStart={(event) => event.dataTransfer.setData('text/plain', deal.id)}>
      <Link to={`/sales/deals/${deal.id}`} draggable={false}>
        {deal.name}
      </Link>
      {deal.company ? <span className="muted">{deal.company.name}</span> : null}
      <Money value={deal.amount} />
      {deal.expectedCloseDate ? (
        <span className="muted">
          {t('deals.closes')} <DateText value={deal.expectedCloseDate} />
        </span>
      ) : null}
      {movable ? (
        <label className="move">
          <span className="sr-only">{t('deals.moveTo', { name: deal.name })}</span>
          <select value={deal.stage.id} onChange={(event) => onMove(deal, event.currentTarget.value)}>
            {stages.map((stage) => (
              <option key={stage.id} value={stage.id}>
                {stage.name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </article>
  );
}
