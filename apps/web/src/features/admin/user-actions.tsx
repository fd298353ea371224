import type { Group, ManagedUser } from '@negatoscope/contract';
import { isWaiting } from '@negatoscope/contract/user-filters';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type Invited, useInvite } from './invitation.tsx';
import { UserHistory } from './user-history.tsx';
import { JoinUser } from './user-join.tsx';
import { usersChanged, useTellStatus } from './user-status.ts';

interface Props {
  readonly user: ManagedUser;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
  readonly onInvited: (invited: Invited) => void;
}

/** What is done to an account besides its fields; one's own is in the profile. */
export function UserActions(props: Props) {
  const { user, groups, onClose } = props;
  const me = useUser();
  const isOwn = me === undefined || me.id === user.id;
  return (
    <>
      {!isOwn && (
        <div className="flex flex-wrap gap-2">
          {user.status === 'ACTIVE' && <Suspend user={user} onDone={onClose} />}
          <Passwords {...props} />
          {user.hasSecondFactor && <ResetFactor user={user} />}
          {isWaiting(user) && <JoinUser user={user} onDone={onClose} />}
        </div>
      )}
      <UserHistory user={user} groups={groups} />
    </>
  );
}

function Suspend({ user, onDone }: { user: ManagedUser; onDone: () => void }) {
  const t = useText('people');
  const locale = useLocale();
  const tellStatus = useTellStatus();
  const suspend = async (): Promise<void> => {
    try {
      tellStatus(await call('updateUser', { params: { id: user.id }, body: { status: 'SUSPENDED' } }), user.status);
      usersChanged();
      onDone();
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return <Button onPress={() => void suspend()}>{t('suspend')}</Button>;
}

/** A link to choose a password; where there is one that somebody may know, in place of it. */
function Passwords({ user, onInvited }: Props) {
  const t = useText('people');
  const admin = useText('admin');
  const invitation = useInvite(onInvited);
  const [asks, setAsks] = useState(false);
  const isPossible = user.status === 'ACTIVE' && (invitation.by === 'MAIL' || invitation.by === 'LINK');
  if (!isPossible) return null;
  const replace = (): void => {
    setAsks(false);
    void invitation.run(user, { endsPassword: true }).then(usersChanged);
  };
  return (
    <>
      <Button onPress={() => void invitation.run(user)}>{admin('invite')}</Button>
      {user.hasPassword && <Button onPress={() => setAsks(true)}>{t('newPassword')}</Button>}
      <Confirm
        title={t('newPasswordTitle', { name: formatName(user) })}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={replace}
        confirm={t('newPassword')}
      >
        {t('newPasswordText')}
      </Confirm>
    </>
  );
}

/** For who has lost their phone and their recovery codes. */
function ResetFactor({ user }: { user: ManagedUser }) {
  const t = useText('admin');
  const locale = useLocale();
  const press = async (): Promise<void> => {
    try {
      await call('resetFactor', { params: { id: user.id } });
      usersChanged();
      showToast(t('factorIsReset'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return <Button onPress={() => void press()}>{t('resetFactor')}</Button>;
}
