import type { ReactNode } from 'react';
import { Skeleton } from '../../ui/bits.tsx';

/** A few numbers that are seen first. */
export const Tiles = ({
  tiles,
}: {
  readonly tiles: readonly { readonly label: string; readonly value: string; readonly more?: string }[];
}) => (
  <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
    {tiles.map(({ label, value, more }) => (
      <div key={label} className="ng-card flex min-h-20 flex-col gap-1.5 p-4">
        <dt className="text-[13px] text-dim">{label}</dt>
        <dd>
          <span className="tabular block text-[22px] leading-tight font-semibold">{value}</span>
          {more !== undefined && <span className="tabular text-[13px] text-dim">{more}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

/** What stands for a view before it is there. */
export const Waiting = () => (
  <div className="grid gap-4" aria-hidden="true">
    <Skeleton width="100%" height={84} />
    <Skeleton width="100%" height={240} />
    <Skeleton width="100%" height={180} />
  </div>
);

/** A table below a chart, opened where it is wanted. */
export const AsTable = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <details className="mt-2">
    <summary className="w-fit py-1 text-[13px] text-accent">{title}</summary>
    {children}
  </details>
);
