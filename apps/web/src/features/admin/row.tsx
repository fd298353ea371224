import type { ReactNode } from 'react';

export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="tabular flex min-h-11 items-center justify-between gap-4 py-1.5 border-b border-line/70 last:border-0">
      <dt className="text-dim">{label}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}
