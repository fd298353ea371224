import type { DeidProject } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { keptWords } from './kept-words.ts';
import { Preview } from './preview.tsx';
import { deidExportsChanged, deidProjectsQuery } from './queries.ts';

interface Props {
  readonly patientIds: readonly string[];
  /** All of these patients' without. */
  readonly studyInstanceUids?: readonly string[];
  readonly onClose: () => void;
  /** It is being made. */
  readonly onStarted?: () => void;
}

/** Has the export made in the background, and says where it is followed. */
function useStart({ patientIds, studyInstanceUids, onClose, onStarted }: Props, project: DeidProject | undefined) {
  const t = useText('deid');
  const router = useRouter();
  return useSubmit(async () => {
    await call('startDeidExport', {
      body: {
        patientIds: [...new Set(patientIds)],
        ...(studyInstanceUids === undefined ? {} : { studyInstanceUids: [...studyInstanceUids] }),
        ...(project === undefined ? {} : { projectId: project.id }),
      },
    });
    deidExportsChanged();
    const follow = (): void => void router.navigate({ to: '/app/deidentification' });
    showToast(t('started'), { action: { label: t('follow'), run: follow } });
    onClose();
    onStarted?.();
  });
}

/** Asks whether files leave for this once or into a project, and has them made into a ZIP without identity. */
export function ExportWithoutIdentity(props: Props) {
  const t = useText('deid');
  const common = useText('common');
  const locale = useLocale();
  const { data, error } = useQuery(deidProjectsQuery);
  const projects = data?.items.filter(({ hasKey }) => hasKey) ?? [];
  const [chosen, setChosen] = useState('');
  const project = projects.find(({ id }) => id === chosen);
  const { failure, isPending, submit } = useStart(props, project);
  const problem = failure ?? error ?? undefined;
  const isTooMany = problem instanceof ApiError && problem.code === 'UNPROCESSABLE';
  const count = props.studyInstanceUids?.length;
  const maySee = useCan()('patients.identity');
  const [isPreviewed, setPreviewed] = useState(false);
  return (
    <Dialog title={t('export')} isOpen onClose={props.onClose} wide={isPreviewed}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {problem !== undefined && <Notice tone="danger">{isTooMany ? t('tooMany') : errorText(problem, locale)}</Notice>}
        <p className="text-dim">
          {count === undefined ? t('exportAll') : t('exportSome', { count })} {t('exportText')}
        </p>
        <SelectField
          label={t('into')}
          hint={project === undefined ? t('onceHint') : keptWords(project, t)}
          choices={[{ value: '', label: t('once') }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]}
          value={project?.id ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        />
        {isPreviewed && <Preview {...props} projectId={project?.id} />}
        <div className="flex flex-wrap justify-end gap-2">
          {maySee && !isPreviewed && (
            <Button kind="quiet" onPress={() => setPreviewed(true)}>
              {t('preview')}
            </Button>
          )}
          <Button onPress={props.onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={isPending}>
            {t('start')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
