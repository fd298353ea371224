import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useText } from '../../i18n/index.ts';
import { holdsQuery, isHeld } from './queries.ts';

/** A sign of a study that nobody may delete, replace or erase. */
export function HeldMark({ study }: { study: Study }) {
  const t = useText('rights');
  const { data } = useQuery(holdsQuery);
  if (data === undefined || !isHeld(data.items, study)) return null;
  return (
    <span title={t('held')} className="mr-1.5 inline-block align-[-2px] text-amber">
      <Lock size={14} role="img" aria-label={t('held')} />
    </span>
  );
}
