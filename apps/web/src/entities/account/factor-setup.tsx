import type { NewFactor } from '@negatoscope/contract';
import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { CopyButton, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { CodeField } from './code-field.tsx';

interface SetupProps {
  readonly factor: NewFactor;
  /** Fails as the server refuses. */
  readonly onCode: (code: string) => Promise<void>;
}

/** An application is given the secret, and answers with its first code. */
export function FactorSetup({ factor, onCode }: SetupProps) {
  const t = useText('auth');
  const common = useText('common');
  const locale = useLocale();
  const [code, setCode] = useState('');
  const { failure, isPending, submit } = useSubmit(() => onCode(code.trim()));
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p>{t('setupLead')}</p>
      <div className="flex justify-center">
        <QrCode value={factor.uri} label={t('setupQr')} size={192} />
      </div>
      <div className="text-[13px] text-dim">
        <p>{t('setupByHand')}</p>
        <CopyButton value={factor.secret} label={`${common('copy')} ${t('setupSecret')}`}>
          <span className="font-mono">{factor.secret}</span>
        </CopyButton>
      </div>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <CodeField value={code} onChange={setCode} />
      <Button kind="primary" size="large" type="submit" isPending={isPending}>
        {t('setupConfirm')}
      </Button>
    </form>
  );
}

/** Shown this once: each opens the account once, without the application. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const t = useText('auth');
  const common = useText('common');
  const text = codes.join('\n');
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="ok">{t('recoveryLead')}</Notice>
      <ol aria-label={t('recoveryCodes')} className="grid gap-x-6 gap-y-1 font-mono text-[13px] sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <CopyButton value={text} label={`${common('copy')} ${t('recoveryCodes')}`}>
        {common('copy')}
      </CopyButton>
      <Button kind="primary" size="large" onPress={onDone}>
        {t('recoveryKept')}
      </Button>
    </div>
  );
}
