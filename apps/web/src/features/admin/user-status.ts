import type { User } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';

type Status = User['status'];

/** The list, who waits and the history are read again. */
export function usersChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ['users'] });
}

/** Tells of a change of status, which can be taken back for a moment: with what it ended, sessions and tokens, it does not. */
export function useTellStatus(): (user: User, before: Status) => void {
  const t = useText('people');
  const common = useText('common');
  const locale = useLocale();
  return (user, before) => {
    const undo = async (): Promise<void> => {
      try {
        await call('updateUser', { params: { id: user.id }, body: { status: before } });
        showToast(t('putBack'));
      } catch (error) {
        showToast(errorText(error, locale), { tone: 'danger' });
      }
      usersChanged();
    };
    const told = user.status === 'ACTIVE' ? 'activated' : 'suspended';
    showToast(t(told, { name: formatName(user) }), { action: { label: common('undo'), run: () => void undo() } });
  };
}
