import { Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/button.tsx';

interface SectionProps {
  readonly title: string;
  readonly lead: string;
  readonly actions: ReactNode;
  /** Said where there are no lines. */
  readonly none: string;
  readonly lines: readonly ReactNode[];
  /** What opens over it. */
  readonly children: ReactNode;
}
/** Texts of one kind, line by line, and what they are for. */
export function TextSection({ title, lead, actions, none, lines, children }: SectionProps) {
  return (
    <section className="ng-card p-5" aria-label={title}>
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="font-semibold">{title}</h2>
          <p className="mt-0.5 text-[13px] text-dim">{lead}</p>
        </div>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </div>
      {lines.length === 0 && <p className="text-dim">{none}</p>}
      <ul>{lines}</ul>
      {children}
    </section>
  );
}

interface LineProps {
  readonly title: ReactNode;
  readonly about: string;
  readonly change: string;
  readonly remove: string;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}
/** One text: what it is called, and what may be done with it. */
export function TextLine({ title, about, change, remove, onChange, onRemove }: LineProps) {
  return (
    <li className="flex min-h-12 items-center gap-3 border-t border-line/70 py-1 first:border-0">
      <div className="min-w-0 flex-1">
        <p className="break-words">{title}</p>
        <p className="truncate text-[13px] text-dim">{about}</p>
      </div>
      <IconButton label={change} onPress={onChange}>
        <Pencil size={16} />
      </IconButton>
      <IconButton label={remove} onPress={onRemove}>
        <Trash2 size={16} />
      </IconButton>
    </li>
  );
}
