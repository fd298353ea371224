import type { Study } from '@negatoscope/contract';
import { MOST_STUDIES } from '@negatoscope/contract/node-codes';
import { ListChecks } from 'lucide-react';
import { type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { useCan } from '../../api/me.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/column.ts';
import { RowCursor } from '../../ui/row-cursor.ts';

/** Several studies of the list that something is done with together. */
export interface Choosing {
  /** By their ids; undefined while nobody chooses. */
  readonly chosen: ReadonlyMap<string, Study> | undefined;
  readonly begin: () => void;
  readonly end: () => void;
  readonly toggle: (study: Study) => void;
}

/** What was chosen as its rows are by now; the very same where none of them has changed. */
function asTheyAre(chosen: ReadonlyMap<string, Study> | undefined, rows: readonly Study[]) {
  if (chosen === undefined || chosen.size === 0) return chosen;
  const changed = rows.filter((row) => chosen.has(row.id) && chosen.get(row.id) !== row);
  return changed.length === 0 ? chosen : new Map([...chosen, ...changed.map((row) => [row.id, row] as const)]);
}

/** Of the list's rows: who does a second thing with what is chosen does it upon what they see, not upon what was there when they chose. */
export function useChoosing(rows: readonly Study[]): Choosing {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Study>>();
  useEffect(() => setChosen((before) => asTheyAre(before, rows)), [rows]);
  const toggle = (study: Study): void =>
    setChosen((before = new Map()) => {
      const next = new Map(before);
      if (!next.delete(study.id) && next.size < MOST_STUDIES) next.set(study.id, study);
      return next;
    });
  return { chosen, begin: () => setChosen(new Map()), end: () => setChosen(undefined), toggle };
}

/** Begins choosing and ends it, for those who may do something with several. */
export function ChooseButton({ choosing: { chosen, begin, end } }: { choosing: Choosing }) {
  const t = useText('worklist');
  const can = useCan();
  const doing = ['studies.send', 'studies.share', 'studies.write', 'exports.create', 'exports.anonymised'] as const;
  const mayDo = doing.some((one) => can(one));
  if (!mayDo) return null;
  return (
    <Button icon={<ListChecks size={16} />} onPress={chosen === undefined ? begin : end}>
      {t(chosen === undefined ? 'choose' : 'chooseNoMore')}
    </Button>
  );
}

function ChooseBox({ study, choosing: { chosen, toggle } }: { study: Study; choosing: Choosing }) {
  const t = useText('worklist');
  const common = useText('common');
  const locale = useLocale();
  const isTabStop = use(RowCursor);
  const who = formatName(study.patient) || common('noName');
  return (
    <input
      type="checkbox"
      className="block size-4 shrink-0 accent-accent coarse:size-5"
      tabIndex={isTabStop ? 0 : -1}
      checked={chosen?.has(study.id) === true}
      aria-label={[
        t('chooseOne', { who: `${who} ${formatDate(study.studyDate, locale)}`.trim() }),
        ...(study.onlyReads === true ? [t('onlyReads')] : []),
      ].join('. ')}
      // What is done with several is never for reading alone.
      disabled={study.onlyReads === true}
      title={study.onlyReads === true ? t('onlyReads') : undefined}
      onChange={() => toggle(study)}
    />
  );
}

/** The list's columns, with a box before them while one chooses. */
export function useColumnsWith(columns: readonly Column<Study>[], choosing: Choosing): readonly Column<Study>[] {
  const t = useText('worklist');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the box does changes with what is chosen, its title with the columns' language.
  return useMemo(() => {
    if (choosing.chosen === undefined) return columns;
    const cell = (study: Study): ReactNode => <ChooseBox study={study} choosing={choosing} />;
    return [{ id: 'choose', header: t('choice'), track: '48px', cell }, ...columns];
  }, [columns, choosing.chosen]);
}

/** A card of the list, with the box before it. */
export const ChosenCard = ({ study, choosing, children }: { study: Study; choosing: Choosing; children: ReactNode }) =>
  choosing.chosen === undefined ? (
    children
  ) : (
    <span className="flex items-center gap-3">
      <ChooseBox study={study} choosing={choosing} />
      <span className="block min-w-0 flex-1">{children}</span>
    </span>
  );
