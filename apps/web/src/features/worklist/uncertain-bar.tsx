import type { Study } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { SpellCheck } from 'lucide-react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { placeOf } from '../../entities/study/place.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Above the images of a study: text of it, or of its patient, was read by another character set than its files declare. */
export function UncertainBar({ study }: { study: Study }) {
  const t = useText('patients');
  const worklist = useText('worklist');
  const locale = useLocale();
  const can = useCan();
  const { patient, studyInstanceUid } = study;
  if (!study.textUncertain && !patient.textUncertain) return null;
  const confirm = async (): Promise<void> => {
    try {
      await call('updateStudy', { params: { studyInstanceUid }, query: placeOf(study), body: { textUncertain: false } });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      for (const key of ['study', 'studies']) void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
  return (
    <div role="note" className="flex shrink-0 items-center gap-2 border-b border-amber/50 bg-amber/10 px-4 py-2 text-[13px]">
      <SpellCheck size={16} className="shrink-0 text-amber" aria-hidden="true" />
      <p className="min-w-0 flex-1">
        {patient.textUncertain
          ? t('uncertainText')
          : worklist('uncertainText', { text: textOfFile(study.description ?? study.referrer) })}
      </p>
      {patient.textUncertain && (
        <Link to="/app/patients/$id" params={{ id: patient.id }} className={buttonClass('plain', 'small')}>
          {t('uncertainCheck')}
        </Link>
      )}
      {!patient.textUncertain && can('studies.write') && (
        <Button size="small" onPress={() => void confirm()}>
          {worklist('uncertainRight')}
        </Button>
      )}
    </div>
  );
}
