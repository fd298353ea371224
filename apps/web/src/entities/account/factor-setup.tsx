import type { NewFactor } from '@negatoscope/contract';
import { type FormEvent, useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { CopyButton, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { QrCode } from '../../ui/qr-code.tsx';

/** What an application shows: six digits, which a phone's keyboard offers, or a recovery code. */
export function CodeField({
  value,
  onChange,
  isRecovery = false,
}: {
  value: string;
  onChange: (value: string) => void;
  isRecovery?: boolean;
}) {
  const t = useText('auth');
  return (
    <TextField
      label={t(isRecovery ? 'recoveryCode' : 'code')}
      inputMode={isRecovery ? 'text' : 'numeric'}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      required
      autoFocus
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

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
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setPending(true);
    setFailure(undefined);
    await onCode(code.trim()).catch(setFailure);
    setPending(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
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
