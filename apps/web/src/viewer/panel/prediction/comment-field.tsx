import { Label, TextArea, TextField } from 'react-aria-components';

interface CommentFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export const CommentField = ({ label, value, onChange }: CommentFieldProps) => (
  <TextField className="flex w-full flex-col gap-1" value={value} onChange={onChange} maxLength={2000}>
    <Label className="text-(--ng-text-dim) text-xs">{label}</Label>
    <TextArea
      rows={2}
      className="w-full resize-y rounded-md border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1.5 text-sm outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) pointer-coarse:text-base"
    />
  </TextField>
);
