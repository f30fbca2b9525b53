import { useTranslation } from 'react-i18next';
import {
  ArchiveStageDocument,
  CreatePipelineDocument,
  CreateStageDocument,
  PipelinesDocument,
  UpdatePipelineDocument,
  UpdateStageDocument,
  type CreateStageInput,
  type PipelinesQuery,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { fractionToPercent } from '../lib/decimal';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import type { FieldDef } from '../ui/fields';
import { ErrorNote, Page, Section } from '../ui/Page';
import { Rate } from '../ui/values';

type Pipeline = PipelinesQuery['pipelines']['nodes'][number];
type Stage = Pipeline['stages'][number];

export function PipelinesPage() {
  const { t } = useTranslation();
  const query = useGql(PipelinesDocument, {});
  const create = useAct(CreatePipelineDocument);
  const name: FieldDef[] = [{ name: 'name', label: t('field.name'), kind: 'text', required: true }];
  return (
    <Page
      title={t('nav.pipelines')}
      actions={
        <Act
          label={t('pipelines.new')}
          text={t('pipelines.newText')}
          fields={name}
          run={(input) => create.mutateAsync({ input: { name: String(input.name) } })}
          primary
        />
      }
    >
      <p className="muted">{t('pipelines.text')}</p>
      {query.error ? <ErrorNote error={query.error} retry={query.refetch} /> : null}
      {query.data?.pipelines.nodes.map((pipeline) => (
        <PipelineSection key={pipeline.id} pipeline={pipeline} />
      ))}
    </Page>
  );
}

function useStageFields(): FieldDef[] {
  const { t } = useTranslation();
  return [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'probability', label: t('pipelines.probability'), kind: 'percent', required: true, half: true },
    { name: 'position', label: t('pipelines.position'), kind: 'integer', half: true },
  ];
}

function PipelineSection({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslation();
  const fields = useStageFields();
  const [create, rename] = [useAct(CreateStageDocument), useAct(UpdatePipelineDocument)];
  const columns: Column<Stage>[] = [
    { key: 'name', label: t('field.stage'), cell: (stage) => stage.name },
    { key: 'probability', label: t('pipelines.probability'), cell: (stage) => <Rate value={stage.probability} />, numeric: true },
    { key: 'acts', label: '', cell: (stage) => <StageActs stage={stage} />, numeric: true },
  ];
  return (
    <Section
      title={pipeline.name}
      aside={
        <span className="section-links">
          <Act
            label={t('pipelines.rename')}
            text={t('pipelines.renameText')}
            fields={[{ name: 'name', label: t('field.name'), kind: 'text', required: true }]}
            defaults={{ name: pipeline.name }}
            run={(input) => rename.mutateAsync({ input: { id: pipeline.id, version: pipeline.version, name: String(input.name) } })}
          />
          <Act
            label={t('pipelines.newStage')}
            text={t('pipelines.newStageText')}
            fields={fields}
            run={(input) => create.mutateAsync({ input: { ...input, pipelineId: pipeline.id } as CreateStageInput })}
          />
        </span>
      }
    >
      <DataTable label={pipeline.name} columns={columns} rows={pipeline.stages} rowKey={(stage) => stage.id} />
    </Section>
  );
}

function StageActs({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  const [update, archive] = [useAct(UpdateStageDocument), useAct(ArchiveStageDocument)];
  const at = { id: stage.id, version: stage.version };
  return (
    <span className="row-acts">
      <Act
        compact
        label={t('ui.edit')}
        text={t('pipelines.editText')}
        confirm={t('ui.save')}
        fields={useStageFields()}
        defaults={{ name: stage.name, probability: fractionToPercent(stage.probability), position: String(stage.position) }}
        run={(input) => update.mutateAsync({ input: { ...input, ...at } })}
      />
      <Act
        compact
        label={t('ui.archive')}
        text={t('pipelines.archiveText', { name: stage.name })}
        run={() => archive.mutateAsync({ input: at })}
      />
    </span>
  );
}
