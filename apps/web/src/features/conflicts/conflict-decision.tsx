import type { Conflict } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatDate, type Locale } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { conflictsChanged } from './decide-together.tsx';

async function reopen(id: string, locale: Locale): Promise<void> {
  try {
    await call('reopenConflict', { params: { id } });
  } catch (error) {
    showToast(errorText(error, locale), { tone: 'danger' });
  } finally {
    conflictsChanged();
  }
}

/** The decision, and what it changed, is taken back: the conflict waits again. */
export function Reopen({ conflict: { id, undoUntil } }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  return (
    <>
      <Button size="small" onPress={() => void reopen(id, locale)}>
        {common('undo')}
      </Button>
      {undoUntil !== null && <span className="text-[13px]">{t('undoUntil', { date: formatDate(undoUntil, locale) })}</span>}
    </>
  );
}

const DECISIONS = ['keep', 'replace', 'discard'] as const;
type Decided = (typeof DECISIONS)[number];

function useDecide(id: string) {
  const t = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  const [pending, setPending] = useState<Decided>();
  const decide = async (decision: Decided): Promise<void> => {
    setPending(decision);
    try {
      await call('decideConflict', { params: { id }, body: { decision } });
      showToast(t('done'), { action: { label: common('undo'), run: () => void reopen(id, locale) } });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(undefined);
      conflictsChanged();
    }
  };
  return { decide, pending };
}

/** What each decision is called and means. */
function useWords(conflict: Conflict): Record<Decided, readonly [label: string, hint: string]> {
  const t = useText('conflicts');
  const joins = conflict.kind === 'STUDY_PATIENT_MISMATCH';
  return {
    keep: [t('keep'), t('keepHint')],
    replace: joins ? [t('join'), t('joinHint')] : [t('replace'), t('replaceHint')],
    discard: [t('discard'), t('discardHint')],
  };
}

export function Decision({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const [asks, setAsks] = useState(false);
  const { decide, pending } = useDecide(conflict.id);
  const words = useWords(conflict);
  // A study that belongs to someone else has no stored instance to replace or keep.
  const offered = DECISIONS.filter((decision) => conflict.existing !== null || decision === 'discard');
  // The only one after which something goes, though not at once, asks first.
  const start = (decision: Decided): void => (decision === 'discard' ? setAsks(true) : void decide(decision));
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-3">
      {offered.map((decision) => (
        <div key={decision} className="flex flex-col gap-1">
          <Button
            kind={decision === 'keep' ? 'primary' : 'plain'}
            isPending={pending === decision}
            isDisabled={pending !== undefined}
            onPress={() => start(decision)}
          >
            {words[decision][0]}
          </Button>
          <span className="text-[12px] text-dim">{words[decision][1]}</span>
        </div>
      ))}
      <Confirm
        title={t('discardTitle')}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void decide('discard').finally(() => setAsks(false))}
        confirm={t('discard')}
        pending={pending === 'discard'}
      >
        {t('discardText')}
      </Confirm>
    </div>
  );
}
