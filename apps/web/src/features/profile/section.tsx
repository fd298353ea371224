import type { ReactNode } from 'react';

export function Section({
  title,
  lead,
  action,
  children,
}: {
  title: string;
  lead?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="ng-card p-5">
      <div className="mb-4 flex items-start justify-between gap-4">
        <div>
          <h2 className="font-semibold">{title}</h2>
          {lead !== undefined && <p className="mt-0.5 text-[13px] text-dim">{lead}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
