import type { Study } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { Columns2 } from 'lucide-react';
import { useState } from 'react';
import { placeOf } from '../../entities/study/place.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { buttonClass } from '../../ui/button.tsx';

/** Which studies are to be laid beside each other: never more than two, the one that was chosen first makes room. */
export interface Comparing {
  readonly ids: readonly string[];
  readonly toggle: (id: string) => void;
}

export function useComparing(): Comparing {
  const [ids, setIds] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setIds((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before.slice(-1), id]));
  return { ids, toggle };
}

/** Opens the two that were chosen; `studies` are in the order of the list, the newest first, and the newer one is the one that is read. */
export function CompareTwo({ studies, comparing: { ids } }: { studies: readonly Study[]; comparing: Comparing }) {
  const t = useText('patients');
  const [newer, older] = studies.filter(({ id }) => ids.includes(id));
  return (
    <div className="mb-3 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="text-[13px] text-dim">{t('compareHint')}</p>
      {newer !== undefined && older !== undefined && (
        <Link
          to="/app/studies/$studyInstanceUid"
          params={{ studyInstanceUid: newer.studyInstanceUid }}
          search={{ ...placeOf(newer), compare: older.studyInstanceUid, compareGroup: placeOf(older).groupId }}
          className={buttonClass('primary', 'small')}
        >
          <Columns2 size={14} aria-hidden="true" />
          {t('compareTwo')}
        </Link>
      )}
    </div>
  );
}

export function CompareBox({ study, comparing: { ids, toggle } }: { study: Study; comparing: Comparing }) {
  const t = useText('patients');
  const locale = useLocale();
  const what = [textOfFile(study.description) || t('noDescription'), formatDate(study.studyDate, locale)]
    .filter((part) => part !== '')
    .join(', ');
  return (
    <label className="-m-2 flex p-2 coarse:-m-3 coarse:p-3">
      <input
        type="checkbox"
        className="size-4 accent-(--ng-accent)"
        aria-label={t('compareChoose', { study: what })}
        checked={ids.includes(study.id)}
        onChange={() => toggle(study.id)}
      />
    </label>
  );
}
