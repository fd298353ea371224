import { useText } from '../../i18n/index.ts';

interface Counts {
  readonly stored: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
}

const KINDS = ['stored', 'duplicates', 'conflicts', 'rejected'] as const;
const KEYS = {
  stored: 'countStored',
  duplicates: 'countDuplicates',
  conflicts: 'countConflicts',
  rejected: 'countRejected',
} as const;

/** How an import ended, in words: only what there is of it, and what needs a person in its colour. */
export function ImportSummary({ counts, className }: { readonly counts: Counts; readonly className: string }) {
  const t = useText('imports');
  const told = KINDS.filter((kind) => counts[kind] > 0);
  return (
    <span className={`${className} text-[13px] text-dim`}>
      {told.length === 0 && t('countNothing')}
      {told.map((kind, index) => (
        <span key={kind} className={kind === 'conflicts' || kind === 'rejected' ? 'font-medium text-danger' : undefined}>
          {index > 0 && ' · '}
          {t(KEYS[kind], { count: counts[kind] })}
        </span>
      ))}
    </span>
  );
}
