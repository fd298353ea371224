import type { User } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { CopyButton, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { linkForOthers } from '../../ui/own-machine.ts';
import { QrCode } from '../../ui/qr-code.tsx';
import { showToast } from '../../ui/toast.tsx';

type Made = Result<'inviteUser'>;

/** How this server invites: by mail, by a link that is handed over, or not at all where people come by a provider. */
export function useInviting(): 'MAIL' | 'LINK' | 'NONE' | undefined {
  const { data } = useQuery({ queryKey: ['ways-in'], queryFn: ({ signal }) => call('waysIn', { signal }), staleTime: 60_000 });
  if (data === undefined) return undefined;
  if (!data.passwords) return 'NONE';
  return data.mail ? 'MAIL' : 'LINK';
}

interface Wish {
  /** The present password counts no longer. */
  readonly endsPassword?: true;
}
const invite = (user: User, by: 'MAIL' | 'LINK', wish: Wish = {}): Promise<Made> =>
  call('inviteUser', { params: { id: user.id }, body: { by, ...wish } });

/** Invites somebody, or tells why not: the account is there either way. */
export function useInvite(onInvited: (invited: Invited) => void) {
  const by = useInviting();
  const locale = useLocale();
  const run = async (user: User, wish: Wish = {}): Promise<void> => {
    if (by !== 'MAIL' && by !== 'LINK') return;
    try {
      onInvited({ user, made: await invite(user, by, wish), by });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return { by, run };
}

export interface Invited {
  readonly user: User;
  readonly made: Made;
  readonly by: 'MAIL' | 'LINK';
}

function LinkInHand({ link }: { link: string }) {
  const t = useText('admin');
  const common = useText('common');
  const shares = useText('shares');
  const { href, isOnlyHere } = linkForOthers(link, window.location.origin);
  return (
    <>
      {isOnlyHere && <Notice tone="amber">{shares('onlyHere')}</Notice>}
      <div className="flex flex-col items-center gap-4 sm:flex-row">
        <QrCode value={href} label={t('invitationCode')} />
        <div className="w-full min-w-0">
          <p className="mb-1 text-[13px] font-medium text-dim">{t('invitationLink')}</p>
          <CopyButton value={href} label={`${common('copy')} ${t('invitationLink')}`}>
            <span className="font-mono text-[12px]">{href}</span>
          </CopyButton>
        </div>
      </div>
    </>
  );
}

/** What an administrator has in hand once somebody is invited. */
export function Invitation({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [{ user, made, by }, setInvited] = useState(invited);
  const at = formatInstant(made.expiresAt, locale);
  const giveLink = async (): Promise<void> => {
    try {
      setInvited({ user, made: await invite(user, 'LINK'), by: 'LINK' });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <div className="flex flex-col gap-4">
      {made.link === null ? (
        <Notice tone="ok">{t('invitationSent', { email: user.email, at })}</Notice>
      ) : (
        <>
          {by === 'MAIL' && <Notice tone="amber">{t('invitationNotSent')}</Notice>}
          <p>{t('invitationText', { at })}</p>
          <LinkInHand link={made.link} />
        </>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {made.link === null && <Button onPress={() => void giveLink()}>{t('invitationOtherwise')}</Button>}
        <Button kind="primary" onPress={onClose}>
          {common('close')}
        </Button>
      </div>
    </div>
  );
}
