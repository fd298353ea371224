import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useUser } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { LoginForm } from '../features/auth/login-form.tsx';
import { PasskeySignIn } from '../features/auth/passkey-sign-in.tsx';
import { useWaysIn } from '../features/auth/use-ways-in.ts';
import { useText } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';

/** Signs in again above the page, which stays as it was left. */
export function SessionOverlay({ onOther }: { onOther: () => void }) {
  const t = useText('shell');
  const user = useUser();
  const { passkeys } = useWaysIn();
  const onDone = (): Promise<void> => queryClient.invalidateQueries();
  return (
    <ModalOverlay
      isOpen
      isKeyboardDismissDisabled
      className="ng-veil fixed inset-0 z-[65] flex items-center justify-center bg-[#050709d9] p-4"
    >
      <Modal className="ng-pop w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-pop">
        <Dialog className="flex flex-col gap-4 outline-none">
          <div>
            <Heading slot="title" className="text-lg font-semibold">
              {t('sessionTitle')}
            </Heading>
            <p className="mt-1 text-dim">{t('sessionText')}</p>
          </div>
          <LoginForm email={user?.email ?? ''} onDone={onDone} />
          {passkeys && <PasskeySignIn email={user?.email} onDone={onDone} />}
          <Button kind="quiet" onPress={onOther}>
            {t('sessionOther')}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
