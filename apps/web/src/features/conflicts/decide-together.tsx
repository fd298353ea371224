import type { Conflict } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorFrom, errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

type Action = 'keep' | 'replace' | 'discard' | 'reopen';
type Outcomes = Result<'decideConflicts'>['items'];
const DECISIONS = ['keep', 'replace', 'discard'] as const;
/** As many as one request takes. */
const AT_ONCE = 200;

async function request(ids: readonly string[], action: Action): Promise<Outcomes> {
  const outcomes: Outcomes = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const asked =
      action === 'reopen'
        ? call('reopenConflicts', { body: { ids: some } })
        : call('decideConflicts', { body: { ids: some, decision: action } });
    outcomes.push(...(await asked).items);
  }
  return outcomes;
}

/** Everything that a decision about conflicts changes. */
export function conflictsChanged(): void {
  for (const key of ['conflicts', 'overview', 'studies', 'patients']) void queryClient.invalidateQueries({ queryKey: [key] });
}

interface TogetherProps {
  /** Conflicts that wait, or, with `isDecided`, decisions that can be taken back. */
  readonly listed: readonly Conflict[];
  readonly isDecided: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** Does the same to several conflicts; what failed stays marked. */
function useTogether({ onSelect }: Pick<TogetherProps, 'onSelect'>) {
  const t = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  const [pending, setPending] = useState<Action>();
  const [failed, setFailed] = useState<Outcomes>([]);
  const act = async (action: Action, on: readonly string[]): Promise<void> => {
    setPending(action);
    try {
      const outcomes = await request(on, action);
      const refused = outcomes.filter(({ code }) => code !== null);
      const done = outcomes.flatMap(({ id, code }) => (code === null ? [id] : []));
      setFailed(refused);
      onSelect(new Set(refused.map(({ id }) => id)));
      if (action === 'reopen') showToast(t('reopenedTogether', { count: done.length }));
      else {
        const undo = { label: common('undo'), run: () => void act('reopen', done) };
        showToast(t('doneTogether', { count: done.length }), done.length > 0 ? { action: undo } : {});
      }
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(undefined);
      conflictsChanged();
    }
  };
  return { act, pending, failed };
}

/**
 * One decision for several conflicts, or several decisions taken back: those that one marks, or all that are listed. What fails for one is
 * said, the others are done.
 */
export function DecideTogether(props: TogetherProps) {
  const { listed, isDecided, selected } = props;
  const t = useText('conflicts');
  const [asks, setAsks] = useState(false);
  const { act, pending, failed } = useTogether(props);
  const ids = listed.map(({ id }) => id).filter((id) => selected.has(id));
  const start = (action: Action): void => (action === 'discard' ? setAsks(true) : void act(action, ids));
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="ng-card flex flex-wrap items-center gap-3 px-4 py-3">
        <SelectAll {...props} count={ids.length} />
        {ids.length > 0 && <Actions isDecided={isDecided} count={ids.length} pending={pending} onAct={start} />}
      </div>
      {failed.length > 0 && <Failed failed={failed} isDecided={isDecided} />}
      <Confirm
        title={t('discardTogetherTitle', { count: ids.length })}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void act('discard', ids).finally(() => setAsks(false))}
        confirm={t('discard')}
        pending={pending === 'discard'}
      >
        {t('discardText')}
      </Confirm>
    </div>
  );
}

interface ActionsProps {
  readonly isDecided: boolean;
  readonly count: number;
  readonly pending: Action | undefined;
  readonly onAct: (action: Action) => void;
}
function Actions({ isDecided, count, pending, onAct }: ActionsProps) {
  const t = useText('conflicts');
  return (
    <div className="ml-auto flex flex-wrap gap-2">
      {(isDecided ? (['reopen'] as const) : DECISIONS).map((action) => (
        <Button
          key={action}
          size="small"
          isPending={pending === action}
          isDisabled={pending !== undefined}
          onPress={() => onAct(action)}
        >
          {t(`${action}Together`, { count })}
        </Button>
      ))}
    </div>
  );
}

function SelectAll({ listed, isDecided, onSelect, count }: TogetherProps & { readonly count: number }) {
  const t = useText('conflicts');
  const isWhole = count === listed.length && count > 0;
  return (
    <label className="flex items-center gap-2">
      <input
        type="checkbox"
        className="size-4 accent-(--ng-accent)"
        checked={isWhole}
        onChange={() => onSelect(new Set(isWhole ? [] : listed.map(({ id }) => id)))}
      />
      {t(isDecided ? 'selectAllUndo' : 'selectAll', { count: listed.length })}
    </label>
  );
}

/** Why some could not be done, each reason once. */
function Failed({ failed, isDecided }: { failed: Outcomes; isDecided: boolean }) {
  const t = useText('conflicts');
  const locale = useLocale();
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t(isDecided ? 'failedReopen' : 'failedTogether', { count: failed.length })}</p>
      <ul className="mt-1 text-[13px]">
        {[...new Set(failed.map(({ code }) => code))].map((code) => (
          <li key={code}>{code === null ? '' : errorText(errorFrom(409, { code }), locale)}</li>
        ))}
      </ul>
    </Notice>
  );
}
