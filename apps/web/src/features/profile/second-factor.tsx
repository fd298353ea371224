import type { NewFactor } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { FactorSetup, RecoveryCodes } from '../../entities/account/factor-setup.tsx';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Section } from './section.tsx';

const KEY = ['own-factor'];
type Shown = { readonly setup: NewFactor } | { readonly codes: readonly string[] };

function useFactorActions() {
  const t = useText('profile');
  const locale = useLocale();
  const [shown, setShown] = useState<Shown>();
  const reload = (): void => void queryClient.invalidateQueries({ queryKey: KEY });
  const orTell = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => showToast(errorText(error, locale), { tone: 'danger' }));
    reload();
  };
  return {
    shown,
    close: () => setShown(undefined),
    setUp: () => orTell(async () => setShown({ setup: await call('beginFactor') })),
    renewCodes: () => orTell(async () => setShown({ codes: (await call('renewRecoveryCodes')).recoveryCodes })),
    remove: () =>
      orTell(async () => {
        await call('removeFactor');
        showToast(t('factorRemoved'));
      }),
    confirm: async (token: string, code: string): Promise<void> => {
      setShown({ codes: (await call('confirmFactor', { body: { token, code } })).recoveryCodes });
      reload();
    },
  };
}

/** A code besides the password: what one has, how many recovery codes are left, and what one may do about it. */
export function SecondFactor() {
  const t = useText('profile');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => call('ownFactor', { signal }) });
  const actions = useFactorActions();
  const { shown } = actions;
  return (
    <Section title={t('factor')} lead={t('factorText')}>
      {data === undefined && error === null && <Skeleton width="100%" height={44} />}
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data !== undefined && <OwnFactor factor={data} actions={actions} />}
      <Dialog title={t('factorSetUp')} isOpen={shown !== undefined} onClose={actions.close}>
        {shown !== undefined && 'setup' in shown && (
          <FactorSetup factor={shown.setup} onCode={(code) => actions.confirm(shown.setup.token, code)} />
        )}
        {shown !== undefined && 'codes' in shown && <RecoveryCodes codes={shown.codes} onDone={actions.close} />}
      </Dialog>
    </Section>
  );
}

function OwnFactor({ factor, actions }: { factor: Result<'ownFactor'>; actions: ReturnType<typeof useFactorActions> }) {
  const t = useText('profile');
  const locale = useLocale();
  const { since, passkeys, proofs, recoveryCodesLeft: codes, isRequired, resetAt } = factor;
  const hasSome = since !== null || passkeys > 0;
  const isLast = isRequired && passkeys === 0;
  return (
    <>
      {resetAt !== null && (
        <div className="mb-4">
          <Notice tone="amber">{t('factorReset', { at: formatInstant(resetAt, locale) })}</Notice>
        </div>
      )}
      <p className="mb-4">
        {since !== null && t('factorOn', { at: formatInstant(since, locale), codes })}
        {since === null && t(passkeys > 0 ? 'factorPasskeys' : proofs.length === 0 ? 'factorAtProvider' : 'factorOff', { codes })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button kind={hasSome ? 'plain' : 'primary'} onPress={() => void actions.setUp()}>
          {t(since === null ? 'factorSetUp' : 'factorReplace')}
        </Button>
        {hasSome && <Button onPress={() => void actions.renewCodes()}>{t('factorCodes')}</Button>}
        {since !== null && !isLast && (
          <Button kind="danger" onPress={() => void actions.remove()}>
            {t('factorRemove')}
          </Button>
        )}
      </div>
    </>
  );
}
