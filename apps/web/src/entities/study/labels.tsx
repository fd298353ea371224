import type { LabelColor, StudyLabel } from '@negatoscope/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { cx } from '../../ui/cx.ts';

export const LABEL_COLORS = [
  'GREY',
  'RED',
  'ORANGE',
  'YELLOW',
  'GREEN',
  'TEAL',
  'BLUE',
  'PURPLE',
] as const satisfies readonly LabelColor[];
/** The dot's colour; the name beside it is in the text's own. */
const DOTS: Readonly<Record<LabelColor, string>> = {
  GREY: 'bg-[#8b97a5]',
  RED: 'bg-[#e5484d]',
  ORANGE: 'bg-[#f08c3a]',
  YELLOW: 'bg-[#d9b91a]',
  GREEN: 'bg-[#3fa860]',
  TEAL: 'bg-[#14a89a]',
  BLUE: 'bg-[#3d82e0]',
  PURPLE: 'bg-[#9162d8]',
};

export const labelsQuery = queryOptions({
  queryKey: ['labels'],
  queryFn: ({ signal }) => call('listLabels', { signal }),
  staleTime: 60_000,
});

/** The labels that there are for this person; none for who sees no texts. */
export function useLabels() {
  const can = useCan();
  return useQuery({ ...labelsQuery, enabled: can('patients.identity') && can('studies.read') }).data?.items ?? [];
}

export const LabelDot = ({ color }: { color: LabelColor }) => (
  <span aria-hidden="true" className={cx('size-2.5 shrink-0 rounded-full', DOTS[color])} />
);

interface ChipsProps {
  readonly labels: readonly StudyLabel[];
  readonly most?: number;
  /** Their dots alone, beside a text that needs the room; the names are read aloud and shown as a tip. */
  readonly isShort?: boolean;
}

/** Labels of a study, as many as have room. */
export function LabelChips({ labels, most = 3, isShort = false }: ChipsProps) {
  if (labels.length === 0) return null;
  const names = labels.map(({ name }) => name).join(', ');
  if (isShort)
    return (
      <span role="img" aria-label={names} title={names} className="inline-flex shrink-0 items-center gap-0.5">
        {labels.slice(0, 4).map(({ id, color }) => (
          <LabelDot key={id} color={color} />
        ))}
      </span>
    );
  const rest = labels.slice(most);
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1 align-middle" title={names}>
      {labels.slice(0, most).map(({ id, name, color }) => (
        <span
          key={id}
          className="inline-flex h-5 min-w-0 items-center gap-1.5 rounded-full border border-line-strong/60 bg-surface px-2 text-[12px]"
        >
          <LabelDot color={color} />
          <span className="truncate">{name}</span>
        </span>
      ))}
      {rest.length > 0 && <span className="text-[12px] text-dim">+{rest.length}</span>}
    </span>
  );
}
