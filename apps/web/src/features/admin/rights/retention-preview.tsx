import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import type { Result } from '../../../api/operation.ts';
import { formatBytes, formatDate } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { useSubmit } from '../../../ui/use-submit.ts';

type Preview = Result<'previewRetention'>;

/** Tries what the saved rules would remove today, and lets it go when somebody says so. */
export function RetentionPreview() {
  const t = useText('rights');
  const locale = useLocale();
  const [due, setDue] = useState<Preview>();
  const { failure, isPending, run } = useSubmit(async () => setDue(await call('previewRetention')));
  return (
    <div className="mt-5 flex flex-col gap-3 border-t border-line pt-4">
      <div>
        <Button onPress={() => void run()} isPending={isPending}>
          {t('preview')}
        </Button>
      </div>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {due !== undefined && <Due due={due} onGone={() => setDue(undefined)} />}
    </div>
  );
}

function Due({ due, onGone }: { due: Preview; onGone: () => void }) {
  const t = useText('rights');
  const locale = useLocale();
  const bytes = formatBytes(due.sizeBytes, locale);
  return (
    <section aria-label={t('previewTitle')} className="flex flex-col gap-3">
      <h3 className="font-semibold">{t('previewTitle')}</h3>
      <p role="status">
        {due.studies === 0 ? t('previewNothing') : t('due', { count: due.studies, bytes, patients: due.patients })}
        {due.held > 0 && ` ${t('dueHeld', { count: due.held })}`}
      </p>
      {due.examples.length > 0 && <Examples examples={due.examples} />}
      {due.studies > 0 && <TrashThem studies={due.studies} onGone={onGone} />}
    </section>
  );
}

function Examples({ examples }: Pick<Preview, 'examples'>) {
  const t = useText('rights');
  const locale = useLocale();
  return (
    <ul aria-label={t('dueExamples')} className="flex flex-col divide-y divide-line rounded-xl border border-line">
      {examples.map((one) => (
        <li key={one.studyInstanceUid} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2">
          <Link to="/app/patients/$id" params={{ id: one.patientId }} className="font-medium text-accent">
            {one.recordNumber}
          </Link>
          <span>{[formatDate(one.studyDate, locale) || t('undated'), textOfFile(one.modalities.join(' + '))].join(' · ')}</span>
          <span className="text-dim">{formatBytes(one.sizeBytes, locale)}</span>
          <span className="tabular text-[13px] text-amber">{t('until', { day: formatDate(one.until, locale) })}</span>
        </li>
      ))}
    </ul>
  );
}

function TrashThem({ studies, onGone }: { studies: number; onGone: () => void }) {
  const t = useText('rights');
  const locale = useLocale();
  const [asks, setAsks] = useState(false);
  const { failure, isPending, run } = useSubmit(async () => {
    await call('runRetention', { body: { studies } });
    showToast(t('trashAsked'));
    onGone();
  });
  return (
    <div>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <Button kind="danger" onPress={() => setAsks(true)}>
        {t('trashThem')}
      </Button>
      <Confirm
        title={t('trashTitle')}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void run().then(() => setAsks(false))}
        confirm={t('trashThem')}
        pending={isPending}
      >
        {t('trashText')}
      </Confirm>
    </div>
  );
}
