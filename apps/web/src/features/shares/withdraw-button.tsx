import type { Share } from '@negatoscope/contract';
import { useId, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { sharesChanged } from '../../entities/share/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';

const ONE_PLACE = { gridArea: '1 / 1' } as const;

function useWithdrawal({ id, recipient }: Share) {
  const t = useText('shares');
  const locale = useLocale();
  const [isSure, setSure] = useState(false);
  const [isPending, setPending] = useState(false);
  const withdraw = async (): Promise<void> => {
    setPending(true);
    try {
      await call('withdrawShare', { params: { id } });
      showToast(t('withdrawn', { recipient }));
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
      setPending(false);
      setSure(false);
    }
    sharesChanged();
  };
  return { isSure, setSure, isPending, withdraw };
}

/** Withdraws a share, for good: so the first press says that, and the second one, in the same place, does it. */
export function WithdrawButton({ share }: { share: Share }) {
  const t = useText('shares');
  const { isSure, setSure, isPending, withdraw } = useWithdrawal(share);
  const textId = useId();
  return (
    <div className="relative">
      {/* As wide before as after: a second press is where the first was. */}
      <Button
        size="small"
        kind="danger"
        isPending={isPending}
        aria-label={isSure ? t('withdrawSure') : t('withdrawLong', { recipient: share.recipient })}
        aria-describedby={textId}
        onPress={() => (isSure ? void withdraw() : setSure(true))}
        onBlur={() => setSure(false)}
        onKeyDown={({ key }) => key === 'Escape' && setSure(false)}
      >
        <span className="grid">
          <span style={ONE_PLACE} className={isSure ? 'invisible' : ''}>
            {t('withdraw')}
          </span>
          <span style={ONE_PLACE} className={isSure ? '' : 'invisible'}>
            {t('withdrawSure')}
          </span>
        </span>
      </Button>
      <p
        id={textId}
        role="status"
        className={
          isSure
            ? 'absolute right-0 z-10 mt-1 w-64 rounded-lg border border-danger/60 bg-surface-2 px-3 py-2 text-[13px] shadow-pop'
            : 'sr-only'
        }
      >
        {isSure && t('withdrawText')}
      </p>
    </div>
  );
}
