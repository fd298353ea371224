import type { Group, ManagedUser } from '@negatoscope/contract';
import { isWaiting } from '@negatoscope/contract/user-filters';
import { useState } from 'react';
import { formatName } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Invitation, type Invited } from './invitation.tsx';
import { UserActions } from './user-actions.tsx';
import { UserForm } from './user-form.tsx';
import { providerName, useWays } from './user-ways.ts';

interface DialogProps {
  readonly edited: ManagedUser | 'new' | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

/** How they come in, and what is to be done where they can't yet. */
function WaysIn({ user }: { user: ManagedUser }) {
  const t = useText('people');
  const waysOf = useWays();
  const [identity] = user.identities;
  if (identity !== undefined && isWaiting(user))
    return <Notice tone="amber">{t('waitsHere', { provider: providerName(identity), email: user.email })}</Notice>;
  const hasNone = !user.hasPassword && user.passkeys === 0 && user.identities.length === 0;
  return (
    <p className="text-[13px] text-dim">
      {hasNone ? t('wayNoneLead') : t('waysLead', { ways: waysOf(user) })}
      {!hasNone && !user.hasPassword && ` ${t('noPassword')}`}
    </p>
  );
}

/** One person, or a new one; and what is in hand once they are invited. */
export function UserDialog({ edited, groups, onClose }: DialogProps) {
  const t = useText('admin');
  const [invited, setInvited] = useState<Invited>();
  const onInvited = (made: Invited): void => {
    onClose();
    setInvited(made);
  };
  const user = edited === 'new' ? undefined : edited;
  const title = user === undefined ? t('newUser') : t('editUser', { name: formatName(user) });
  const more = user && <UserActions user={user} groups={groups} onClose={onClose} onInvited={onInvited} />;
  return (
    <>
      <Dialog title={title} isOpen={edited !== undefined} onClose={onClose} wide>
        {user !== undefined && <WaysIn user={user} />}
        {edited !== undefined && (
          <UserForm user={user} groups={groups} onClose={onClose} onInvited={onInvited}>
            {more}
          </UserForm>
        )}
      </Dialog>
      <Dialog
        title={invited === undefined ? '' : t('invited', { name: formatName(invited.user) })}
        isOpen={invited !== undefined}
        onClose={() => setInvited(undefined)}
      >
        {invited !== undefined && <Invitation invited={invited} onClose={() => setInvited(undefined)} />}
      </Dialog>
    </>
  );
}
