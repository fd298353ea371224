import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { type ReactNode, useEffect, useState } from 'react';
import { shorten } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

/** Modality chips, the same width so that columns of them align. */
export function Modalities({ list, max = 4 }: { list: readonly string[]; max?: number }) {
  const rest = list.slice(max);
  return (
    <span className="inline-flex gap-1">
      {list.slice(0, max).map((modality) => (
        <span
          key={modality}
          className="inline-block min-w-8 rounded-[5px] border border-line-strong/50 bg-surface-2 px-1.5 text-center text-[11px] leading-[18px] font-semibold tracking-wide"
        >
          {modality}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="text-[11px] leading-5 text-dim" title={rest.join(', ')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}

export function Skeleton({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className="ng-skeleton max-w-full align-middle" style={{ width, height }} aria-hidden="true" />;
}

/** An empty place: what would be here, and the action that fills it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="ng-enter mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-14 text-center">
      {icon !== undefined && <div className="mb-2 text-dim">{icon}</div>}
      <p className="text-base font-semibold">{title}</p>
      {children !== undefined && <p className="text-dim">{children}</p>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** What happened, what is safe, what to do. */
export function Notice({ tone = 'info', children }: { tone?: 'info' | 'amber' | 'danger' | 'ok'; children: ReactNode }) {
  const tones = {
    info: 'border-info/40 bg-info/10',
    amber: 'border-amber/40 bg-amber/10',
    danger: 'border-danger/50 bg-danger/10',
    ok: 'border-accent/40 bg-accent-soft',
  };
  const signs = { info: 'i', amber: '!', danger: '!', ok: '✓' };
  return (
    <div role={tone === 'danger' ? 'alert' : 'status'} className={cx('flex gap-3 rounded-lg border px-3.5 py-2.5', tones[tone])}>
      <span aria-hidden="true" className="font-bold">
        {signs[tone]}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

export function LoadError({ message, onRetry }: { message: string; onRetry: () => void }) {
  const t = useText('common');
  return (
    <div className="p-4">
      <Notice tone="danger">
        <p>{message}</p>
        <div className="mt-2">
          <Button size="small" onPress={onRetry}>
            {t('retry')}
          </Button>
        </div>
      </Notice>
    </div>
  );
}

/** Puts text on the clipboard; also where the page is no secure context (plain http on a hospital's network). */
export async function copyText(value: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(value);
    return;
  }
  const area = document.createElement('textarea');
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function CopyButton({ value, children, label }: { value: string; children?: ReactNode; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      aria-label={label}
      title={value}
      onClick={() => void copyText(value).then(() => setCopied(true))}
      className="inline-flex max-w-full items-center gap-1.5 rounded text-left hover:text-accent"
    >
      <span className="truncate">{children}</span>
      {copied ? <Check size={13} className="shrink-0 text-accent" /> : <Copy size={13} className="shrink-0 opacity-60" />}
    </button>
  );
}

/** A UID: monospace, shortened in the middle, copied by a click. */
export function Uid({ value, keep = 10 }: { value: string; keep?: number }) {
  const t = useText('common');
  return (
    <CopyButton value={value} label={`${t('copy')} ${value}`}>
      <span className="font-mono text-[12px]">{shorten(value, keep)}</span>
    </CopyButton>
  );
}

export function ProgressLine({ ratio, label, tone = 'accent' }: { ratio: number; label: string; tone?: 'accent' | 'amber' }) {
  const percent = Math.round(Math.min(1, Math.max(0, ratio)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 w-full overflow-hidden rounded-full bg-surface-2"
    >
      <div
        className={cx(
          'h-full rounded-full transition-[width] duration-200 ease-out',
          tone === 'amber' ? 'bg-amber' : 'bg-accent',
        )}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-block min-w-5 rounded border border-line-strong/60 bg-surface-2 px-1.5 text-center font-sans text-[11px] leading-[18px] text-dim">
      {children}
    </kbd>
  );
}
