import Fingerprint from 'lucide-react/icons/fingerprint-pattern';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button, type ButtonKind } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { useSubmit } from '../../ui/use-submit.ts';

interface PasskeyButtonProps {
  readonly label: 'passkeySignIn' | 'passkeyUse';
  readonly kind?: ButtonKind;
  readonly isFirst?: boolean;
  /** Fails as the browser or the server refuses. */
  readonly work: () => Promise<void>;
  readonly onFailure?: (error: unknown) => void;
}

/** Shows a passkey; what goes wrong stands above the button. */
export function PasskeyButton({ label, kind = 'plain', isFirst = false, work, onFailure }: PasskeyButtonProps) {
  const t = useText('auth');
  const locale = useLocale();
  const { failure, isPending, submit } = useSubmit(work, onFailure);
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <Button
        kind={kind}
        size="large"
        type="submit"
        isPending={isPending}
        autoFocus={isFirst}
        icon={<Fingerprint size={18} className={cx('shrink-0', label === 'passkeySignIn' && 'max-sm:hidden')} />}
      >
        {t(label)}
      </Button>
    </form>
  );
}
