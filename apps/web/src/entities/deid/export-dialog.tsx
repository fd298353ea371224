import type { DeidForm } from '@negatoscope/contract';
import { useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Preview } from './preview.tsx';
import { useStart } from './use-start.ts';
import { useWhere } from './use-where.ts';
import { WhereFields } from './where-fields.tsx';

interface Props {
  readonly patientIds: readonly string[];
  /** All of these patients' without. */
  readonly studyInstanceUids?: readonly string[];
  readonly onClose: () => void;
  /** It is being made. */
  readonly onStarted?: () => void;
}

/** Asks in which form files leave, where to, and for this once or into a project, and has them made without identity. */
export function ExportWithoutIdentity({ patientIds, studyInstanceUids, onClose, onStarted }: Props) {
  const t = useText('deid');
  const where = useWhere();
  const chosen = {
    patientIds: [...new Set(patientIds)],
    ...(studyInstanceUids === undefined ? {} : { studyInstanceUids: [...studyInstanceUids] }),
  };
  const { failure, isPending, submit } = useStart({ ...chosen, ...where.body }, () => {
    onClose();
    onStarted?.();
  });
  const problem = failure ?? where.error ?? undefined;
  const count = studyInstanceUids?.length;
  const maySee = useCan()('patients.identity');
  const [isPreviewed, setPreviewed] = useState(false);
  return (
    <Dialog title={t('export')} isOpen onClose={onClose} wide={isPreviewed}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {problem !== undefined && <Problem problem={problem} form={where.form} />}
        <p className="text-dim">
          {count === undefined ? t('exportAll') : t('exportSome', { count })} {t('exportText')}
        </p>
        <WhereFields where={where} />
        {isPreviewed && <Preview {...chosen} projectId={where.project?.id} />}
        <div className="flex flex-wrap justify-end gap-2">
          {maySee && !isPreviewed && (
            <Button kind="quiet" onPress={() => setPreviewed(true)}>
              {t('preview')}
            </Button>
          )}
          <StartOrLeave {...{ isPending, onClose }} isDisabled={!where.isWhole} />
        </div>
      </form>
    </Dialog>
  );
}

/** Into a group more may stand against it than that too many wait already. */
function Problem({ problem, form }: { problem: unknown; form: DeidForm }) {
  const t = useText('deid');
  const locale = useLocale();
  const isTooMany = form !== 'GROUP' && problem instanceof ApiError && problem.code === 'UNPROCESSABLE';
  return <Notice tone="danger">{isTooMany ? t('tooMany') : errorText(problem, locale)}</Notice>;
}

interface EndProps {
  readonly isPending: boolean;
  readonly isDisabled: boolean;
  readonly onClose: () => void;
}
function StartOrLeave({ isPending, isDisabled, onClose }: EndProps) {
  const t = useText('deid');
  const common = useText('common');
  return (
    <>
      <Button onPress={onClose}>{common('cancel')}</Button>
      <Button kind="primary" type="submit" isPending={isPending} isDisabled={isDisabled}>
        {t('start')}
      </Button>
    </>
  );
}
