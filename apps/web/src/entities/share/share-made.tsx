import { Link } from '@tanstack/react-router';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { copyText, Notice } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { linkForOthers } from '../../ui/own-machine.ts';
import type { Made } from './use-share-form.ts';

interface SecretProps {
  readonly label: string;
  readonly value: string;
  readonly copy: string;
}
/** Something that is shown once, with the button that copies it. */
function Secret({ label, value, copy }: SecretProps) {
  const t = useText('shares');
  const [isCopied, setCopied] = useState(false);
  return (
    <div>
      <p className="text-[13px] font-medium text-dim">{label}</p>
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <code className="min-w-0 flex-1 basis-52 rounded-lg border border-line bg-bg px-3 py-2 font-mono text-[13px] break-all">
          {value}
        </code>
        <Button
          aria-label={copy}
          icon={isCopied ? <Check size={15} className="text-accent" /> : <Copy size={15} />}
          onPress={() => void copyText(value).then(() => setCopied(true))}
        >
          {isCopied ? t('copied') : copy}
        </Button>
      </div>
      <span role="status" className="sr-only">
        {isCopied && t('copied')}
      </span>
    </div>
  );
}

/** The link and its code, said this once, and what to do with them. */
export function ShareMade({ made: { share, address, code }, onClose }: { made: Made; onClose: () => void }) {
  const t = useText('shares');
  const common = useText('common');
  const locale = useLocale();
  const { href, isOnlyHere } = linkForOthers(address, window.location.origin);
  const [head, setHead] = useState<HTMLElement | null>(null);
  // What had the focus is gone with the form.
  useEffect(() => head?.focus(), [head]);
  return (
    <>
      <div ref={setHead} tabIndex={-1} className="outline-none">
        <Notice tone="amber">{t(code === null ? 'madeOnce' : 'madeOnceBoth')}</Notice>
      </div>
      {isOnlyHere && <Notice tone="amber">{t('onlyHere')}</Notice>}
      <Secret label={t('link')} value={href} copy={t('copyLink')} />
      {code !== null && <Secret label={t('code')} value={code} copy={t('copyCode')} />}
      <ul className="list-disc pl-5 text-dim">
        <li>{t('next', { recipient: share.recipient, when: formatInstant(share.expiresAt, locale) })}</li>
        {code !== null && <li>{t('nextCode')}</li>}
        <li>{t('nextWithdraw')}</li>
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <Link to="/app/shares" search={{}} className={buttonClass()} onClick={onClose}>
          {t('seeShares')}
        </Link>
        <Button kind="primary" onPress={onClose}>
          {common('close')}
        </Button>
      </div>
    </>
  );
}
