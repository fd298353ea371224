import type { Conflict } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import type { Result } from '../../api/routes.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

type Decision = 'keep' | 'replace' | 'discard';
type Outcomes = Result<'decideConflicts'>['items'];
/** As many as one request takes. */
const AT_ONCE = 200;

/** Everything that a decision about conflicts changes. */
export function conflictsChanged(): void {
  for (const key of ['conflicts', 'overview', 'studies', 'patients']) void queryClient.invalidateQueries({ queryKey: [key] });
}

interface TogetherProps {
  readonly listed: readonly Conflict[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** One decision for several conflicts: those that one marks, or all that are listed. What fails for one is said, the others are decided. */
export function DecideTogether({ listed, selected, onSelect }: TogetherProps) {
  const t = useText('conflicts');
  const locale = useLocale();
  const [pending, setPending] = useState<Decision>();
  const [asks, setAsks] = useState(false);
  const [failed, setFailed] = useState<Outcomes>([]);
  const ids = listed.map(({ id }) => id).filter((id) => selected.has(id));
  const decide = async (decision: Decision): Promise<void> => {
    setPending(decision);
    try {
      const outcomes: Outcomes = [];
      for (let at = 0; at < ids.length; at += AT_ONCE)
        outcomes.push(...(await call('decideConflicts', { body: { ids: ids.slice(at, at + AT_ONCE), decision } })).items);
      const refused = outcomes.filter(({ code }) => code !== null);
      setFailed(refused);
      onSelect(new Set(refused.map(({ id }) => id)));
      showToast(t('doneTogether', { count: outcomes.length - refused.length }));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(undefined);
      conflictsChanged();
    }
  };
  const isWhole = ids.length === listed.length && ids.length > 0;
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="ng-card flex flex-wrap items-center gap-3 px-4 py-3">
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-(--ng-accent)"
            checked={isWhole}
            onChange={() => onSelect(new Set(isWhole ? [] : listed.map(({ id }) => id)))}
          />
          {t('selectAll', { count: listed.length })}
        </label>
        {ids.length > 0 && (
          <div className="ml-auto flex flex-wrap gap-2">
            <Button
              size="small"
              isPending={pending === 'keep'}
              isDisabled={pending !== undefined}
              onPress={() => void decide('keep')}
            >
              {t('keepTogether', { count: ids.length })}
            </Button>
            <Button
              size="small"
              isPending={pending === 'replace'}
              isDisabled={pending !== undefined}
              onPress={() => void decide('replace')}
            >
              {t('replaceTogether', { count: ids.length })}
            </Button>
            <Button
              size="small"
              isPending={pending === 'discard'}
              isDisabled={pending !== undefined}
              onPress={() => setAsks(true)}
            >
              {t('discardTogether', { count: ids.length })}
            </Button>
          </div>
        )}
      </div>
      {failed.length > 0 && (
        <Notice tone="danger">
          <p className="font-semibold">{t('failedTogether', { count: failed.length })}</p>
          <ul className="mt-1 text-[13px]">
            {[...new Set(failed.map(({ code }) => code))].map((code) => (
              <li key={code}>{code === null ? '' : errorText(new ApiError(code, 409), locale)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Confirm
        title={t('discardTogetherTitle', { count: ids.length })}
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
