import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the panel under its own heading. */
export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-(--ng-line) border-b px-3 py-2.5 last:border-b-0">
      <div className="mb-1.5 flex min-h-6 items-center justify-between gap-2">
        <h2 id={id} className="font-medium text-(--ng-text-dim) text-xs uppercase tracking-wide">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What would be here, where nothing is. */
export const Nothing = ({ children }: { readonly children: ReactNode }) => (
  <p className="text-(--ng-text-dim) text-xs leading-relaxed">{children}</p>
);

/** What comes, until it is known whether there is anything. */
export const Coming = () => (
  <div aria-hidden className="flex flex-col gap-1.5 py-1">
    <span className="ng-skeleton h-3 w-3/5" />
    <span className="ng-skeleton h-3 w-2/5" />
  </div>
);
