import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from 'react';
import { cx } from './cx.ts';

interface Described {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
}
interface ShellProps extends Described {
  readonly id: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}
function FieldShell({ id, label, error, hint, children, className }: ShellProps) {
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className="text-[13px] font-medium text-dim">
        {label}
      </label>
      {children}
      {error !== undefined ? (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-[13px] text-danger">
          <span aria-hidden="true">!</span>
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-hint`} className="text-[13px] text-dim">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
const describedBy = (id: string, error?: string, hint?: ReactNode) =>
  error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined;

type InputProps = Described & Omit<ComponentProps<'input'>, 'id'> & { readonly trailing?: ReactNode };
export function TextField({ label, error, hint, className, trailing, ...input }: InputProps) {
  const id = useId();
  return (
    <FieldShell id={id} label={label} error={error} hint={hint} className={className}>
      <div className="relative">
        <input
          {...input}
          id={id}
          className={cx('ng-field', trailing !== undefined && 'pr-12')}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy(id, error, hint)}
        />
        {trailing !== undefined && <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>}
      </div>
    </FieldShell>
  );
}

type AreaProps = Described & Omit<ComponentProps<'textarea'>, 'id'>;
export function TextAreaField({ label, error, hint, className, ...input }: AreaProps) {
  const id = useId();
  return (
    <FieldShell id={id} label={label} error={error} hint={hint} className={className}>
      <textarea
        {...input}
        id={id}
        className="ng-field"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, error, hint)}
      />
    </FieldShell>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}
type SelectProps = Described & Omit<ComponentProps<'select'>, 'id'> & { readonly choices: readonly Choice[] };
export function SelectField({ label, error, hint, className, choices, ...input }: SelectProps) {
  const id = useId();
  return (
    <FieldShell id={id} label={label} error={error} hint={hint} className={className}>
      <select
        {...input}
        id={id}
        className="ng-field"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, error, hint)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </FieldShell>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}
/** A filter above a list: the label is read aloud, the first choice tells what it filters. */
export function FilterSelect({ label, value, choices, onChange }: FilterProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx('ng-field ng-field-small ng-field-filter max-w-56 shrink-0', value !== '' && 'border-accent text-accent')}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} className="text-text">
          {choice.label}
        </option>
      ))}
    </select>
  );
}

interface SegmentsProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}
/** Moves a strip that is longer than its room to the choice that stands. */
function showChosen(strip: HTMLElement, choices: HTMLElement | null): void {
  const chosen = choices?.querySelector('[aria-pressed="true"]');
  if (chosen == null || strip.scrollWidth <= strip.clientWidth) return;
  const [room, own] = [strip.getBoundingClientRect(), chosen.getBoundingClientRect()];
  if (own.right > room.right) strip.scrollLeft += own.right - room.right + 8;
}

/** A few exclusive choices side by side. */
export function Segments({ label, value, choices, onChange }: SegmentsProps) {
  const ref = useRef<HTMLFieldSetElement>(null);
  // Where they scroll sideways, as on a phone, the one that is chosen is seen; the page itself stays where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is another place.
  useEffect(() => {
    const strip = ref.current?.parentElement;
    if (strip == null) return;
    showChosen(strip, ref.current);
    // A tablet that is turned, a window that is made narrow.
    const observer = new ResizeObserver(() => showChosen(strip, ref.current));
    observer.observe(strip);
    return () => observer.disconnect();
  }, [value]);
  return (
    <fieldset
      ref={ref}
      aria-label={label}
      className="flex w-fit shrink-0 rounded-lg border border-line-strong/60 bg-surface p-0.5"
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
          className={cx(
            'h-7 rounded-md px-2.5 text-[13px] whitespace-nowrap transition duration-150 coarse:h-10',
            choice.value === value ? 'bg-accent-soft font-medium text-accent' : 'text-dim hover:text-text',
          )}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
