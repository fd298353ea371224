import type { ReadingStatus, Study } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatName } from '../../i18n/format.ts';
import { currentLocale, text } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { showChange } from './cached.ts';
import { placeOf } from './place.ts';

/** Shows a status at once in every list that holds the study. */
const show = (id: string, status: ReadingStatus): void => showChange(new Set([id]), (study) => ({ ...study, status }));

/** Changes a study's reading status: shown at once, taken back when refused, undone by the toast's button. False when it was refused. */
export async function setStudyStatus(study: Study, status: ReadingStatus): Promise<boolean> {
  if (study.status === status) return true;
  const locale = currentLocale();
  show(study.id, status);
  try {
    await call('updateStudy', {
      params: { studyInstanceUid: study.studyInstanceUid },
      query: placeOf(study),
      body: { status },
    });
    const patient = formatName(study.patient) || text('common', 'noName');
    showToast(text('worklist', 'statusChanged', { patient, status: text('common', `status${status}`) }), {
      action: { label: text('common', 'undo'), run: () => void setStudyStatus({ ...study, status }, study.status) },
    });
    for (const key of ['overview', 'patients', 'patient', 'study', 'priors'])
      void queryClient.invalidateQueries({ queryKey: [key] });
    return true;
  } catch (error) {
    show(study.id, study.status);
    showToast(errorText(error, locale), { tone: 'danger' });
    return false;
  }
}
