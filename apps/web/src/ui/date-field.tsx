import { type CalendarDate, parseDate } from '@internationalized/date';
import { DateField as AriaDateField, DateInput, DateSegment, FieldError, Label } from 'react-aria-components';

interface DateFieldProps {
  readonly label: string;
  /** Local date `YYYY-MM-DD`; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}

function read(value: string): CalendarDate | null {
  try {
    return value === '' ? null : parseDate(value);
  } catch {
    return null;
  }
}

/** A date typed in the order of the person's language, whatever the browser's own. */
export function DateField({ label, value, onChange, error }: DateFieldProps) {
  return (
    <AriaDateField
      value={read(value)}
      onChange={(date) => onChange(date?.toString() ?? '')}
      isInvalid={error !== undefined}
      shouldForceLeadingZeros
      className="flex min-w-0 flex-col gap-1.5"
    >
      <Label className="text-[13px] font-medium text-dim">{label}</Label>
      <DateInput className="ng-field tabular flex items-center data-[focus-within]:border-accent data-[invalid]:border-danger">
        {(segment) => (
          <DateSegment
            segment={segment}
            className="rounded px-0.5 uppercase outline-none data-[focused]:bg-accent data-[focused]:text-on-accent data-[placeholder]:text-dim data-[placeholder]:data-[focused]:text-on-accent data-[type=literal]:px-0"
          />
        )}
      </DateInput>
      <FieldError className="text-[13px] text-danger">{error}</FieldError>
    </AriaDateField>
  );
}
