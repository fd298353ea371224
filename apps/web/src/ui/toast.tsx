import X from 'lucide-react/icons/x';
import { AnimatePresence, m } from 'motion/react';
import { useSyncExternalStore } from 'react';
import { useText } from '../i18n/index.ts';
import { cx } from './cx.ts';

export interface Toast {
  readonly id: number;
  readonly message: string;
  readonly tone: 'plain' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
export function dismissToast(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}
/** Shows a short message; one with an action stays 8 seconds, one without 4.5. */
export function showToast(message: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
  const id = nextId++;
  const toast: Toast = { id, message, tone: options.tone ?? 'plain', ...(options.action ? { action: options.action } : {}) };
  publish([...toasts.slice(-2), toast]);
  setTimeout(() => dismissToast(id), options.action !== undefined || toast.tone === 'danger' ? 8_000 : 4_500);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** On a phone a dialog is a sheet that stands on the lower edge, with what was just made in it, such as a link: over it there is room. */
const ABOVE_SHEETS =
  'max-md:[body:has(.ng-veil)_&]:top-[max(0.25rem,env(safe-area-inset-top))] max-md:[body:has(.ng-veil)_&]:bottom-auto';

export function Toasts() {
  const t = useText('shell');
  const list = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section
      aria-label={t('notifications')}
      aria-live="polite"
      className={cx(
        'pointer-events-none fixed inset-x-3 bottom-20 z-[60] flex flex-col items-center gap-2 md:inset-x-auto md:right-5 md:bottom-5 md:items-end',
        ABOVE_SHEETS,
      )}
    >
      <AnimatePresence initial={false}>
        {list.map((toast) => (
          <ToastLine key={toast.id} toast={toast} />
        ))}
      </AnimatePresence>
    </section>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  const t = useText('shell');
  return (
    <m.div
      layout
      initial={{ opacity: 0, y: 12 }}
      animate={{ opacity: 1, y: 0 }}
      exit={{ opacity: 0, scale: 0.97 }}
      transition={{ duration: 0.16, ease: 'easeOut' }}
      className={cx(
        'pointer-events-auto flex max-w-md items-center gap-3 rounded-xl border bg-surface-2 py-2 pr-2 pl-4 shadow-pop',
        toast.tone === 'danger' ? 'border-danger/60' : 'border-line-strong/50',
      )}
    >
      {toast.tone === 'danger' && (
        <span aria-hidden="true" className="font-bold text-danger">
          !
        </span>
      )}
      <span className="py-1">{toast.message}</span>
      {toast.action !== undefined && <ToastAction id={toast.id} action={toast.action} />}
      <button
        type="button"
        aria-label={t('dismiss')}
        className="flex size-8 items-center justify-center rounded-md text-dim hover:text-text"
        onClick={() => dismissToast(toast.id)}
      >
        <X size={15} />
      </button>
    </m.div>
  );
}

function ToastAction({ id, action }: { id: number; action: NonNullable<Toast['action']> }) {
  return (
    <button
      type="button"
      className="h-8 rounded-md px-2 font-semibold text-accent hover:bg-accent-soft"
      onClick={() => {
        action.run();
        dismissToast(id);
      }}
    >
      {action.label}
    </button>
  );
}
