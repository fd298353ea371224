import type { Conflict } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { PAGE, PageHead } from '../../ui/page.tsx';
import { ConflictCard } from './conflict-card.tsx';
import { DecideTogether } from './decide-together.tsx';
import { ReviewList } from './review-list.tsx';

type Status = 'OPEN' | 'DECIDED';

/** Which conflicts are marked to be decided together. */
function useMarked() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const mark = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  return { selected, setSelected, mark };
}

export function ConflictsPage() {
  const t = useText('conflicts');
  const can = useCan();
  const { decided, importId, study } = useSearch({ from: '/app/conflicts' });
  const { selected, setSelected, mark } = useMarked();
  const status = decided === true ? 'DECIDED' : 'OPEN';
  const narrowed = { importId, studyInstanceUid: study };
  const list = useCursorList(['conflicts', status, narrowed], (cursor, signal) =>
    call('listConflicts', { query: { status, ...narrowed, limit: 50, cursor }, signal }),
  );
  const decides = can('conflicts.decide');
  const choosable = decides ? list.rows.filter(({ canUndo }) => status === 'OPEN' || canUndo) : [];
  const hasMarks = choosable.length > 1;
  const head = (
    <>
      {(importId !== undefined || study !== undefined) && <Narrowed isImport={importId !== undefined} status={status} />}
      {hasMarks && (
        <DecideTogether
          key={status}
          listed={choosable}
          isDecided={status === 'DECIDED'}
          selected={selected}
          onSelect={setSelected}
        />
      )}
    </>
  );
  const card = (conflict: Conflict) => {
    const isMarked = selected.has(conflict.id);
    const own = hasMarks && choosable.includes(conflict) ? { isMarked, onMark: () => mark(conflict.id) } : undefined;
    return <ConflictCard key={conflict.id} conflict={conflict} mark={own} />;
  };
  const lead = status === 'OPEN' ? t('lead') : undefined;
  return (
    <>
      <ConflictsHead status={status} />
      <ReviewList list={list} lead={lead} mayDecide={decides} empty={<NoConflicts status={status} />} {...{ head, card }} />
    </>
  );
}

function ConflictsHead({ status }: { status: Status }) {
  const t = useText('conflicts');
  const navigate = useNavigate({ from: '/app/conflicts' });
  return (
    <PageHead width={PAGE} title={t('title')}>
      <Segments
        label={t('title')}
        value={status}
        onChange={(value) => void navigate({ search: value === 'DECIDED' ? { decided: true } : {} })}
        choices={[
          { value: 'OPEN', label: t('open') },
          { value: 'DECIDED', label: t('decided') },
        ]}
      />
    </PageHead>
  );
}

function NoConflicts({ status }: { status: Status }) {
  const t = useText('conflicts');
  return (
    <Empty icon={<GitCompareArrows size={34} />} title={status === 'DECIDED' ? t('emptyDecided') : t('emptyTitle')}>
      {status === 'DECIDED' ? t('emptyDecidedText') : t('emptyText')}
    </Empty>
  );
}

/** That only the conflicts of one import or study are listed, and the way to all. */
function Narrowed({ isImport, status }: { isImport: boolean; status: Status }) {
  const t = useText('conflicts');
  const navigate = useNavigate({ from: '/app/conflicts' });
  return (
    <p className="mb-4 flex flex-wrap items-center gap-3 text-dim">
      {t(isImport ? 'ofImport' : 'ofStudy')}
      <Button size="small" onPress={() => void navigate({ search: status === 'DECIDED' ? { decided: true } : {} })}>
        {t('showAll')}
      </Button>
    </p>
  );
}
