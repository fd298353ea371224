import { Label, Radio, RadioGroup } from 'react-aria-components';

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight: by arrows, and large enough for a thumb. */
export function Choices<T extends string>({ label, value, choices, onChange }: ChoicesProps<T>) {
  return (
    <RadioGroup
      value={value ?? null}
      onChange={(next) => onChange(next as T)} // One of the values below.
      className="flex w-full flex-col gap-1"
    >
      <Label className="text-(--ng-text-dim) text-xs">{label}</Label>
      <div className="flex flex-wrap gap-1">
        {choices.map((choice) => (
          // Around its own input: one that is laid out elsewhere has the whole page scroll when it is chosen.
          <Radio
            key={choice.value}
            value={choice.value}
            className="ng-viewer-target relative inline-flex cursor-default items-center rounded-md border border-(--ng-line) px-2 text-xs outline-none data-selected:border-(--ng-accent) data-selected:bg-(--ng-surface-2) data-selected:text-(--ng-accent) data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) pointer-coarse:min-h-11"
          >
            {choice.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
