import type { NewFactor } from '@negatoscope/contract';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { confirmAndSignIn } from '../../api/sign-in.ts';
import { FactorSetup, RecoveryCodes } from '../../entities/account/factor-setup.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { FirstPasswordField } from './first-password-field.tsx';

/** Sets up what somebody's role asks for, before anything is opened. */
export function RequiredFactor({ onDone, onBack }: { onDone: () => void | Promise<void>; onBack: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const [factor, setFactor] = useState<NewFactor>();
  const [failure, setFailure] = useState<unknown>();
  const [confirmed, setConfirmed] = useState<Awaited<ReturnType<typeof confirmAndSignIn>>>();
  const [newPassword, setNewPassword] = useState<string>();
  useEffect(() => {
    call('beginRequiredFactor').then(setFactor, setFailure);
  }, []);
  const confirm = async (code: string): Promise<void> => {
    if (factor === undefined) return;
    try {
      setConfirmed(await confirmAndSignIn(factor.token, code, newPassword));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'PASSWORD_CHANGE_REQUIRED') setNewPassword('');
      throw error;
    }
  };
  if (confirmed !== undefined) {
    const done = (): void => {
      confirmed.start();
      void onDone();
    };
    return <RecoveryCodes codes={confirmed.codes} onDone={done} />;
  }
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="amber">{t('setupRequired')}</Notice>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {newPassword !== undefined && <FirstPasswordField value={newPassword} onChange={setNewPassword} />}
      {factor === undefined && failure === undefined && <Skeleton width="100%" height={240} />}
      {factor !== undefined && <FactorSetup factor={factor} onCode={confirm} />}
      <Button kind="quiet" onPress={onBack}>
        {t('backToSignIn')}
      </Button>
    </div>
  );
}
