import { type ComponentProps, useRef } from 'react';
import { Button } from './button.tsx';

interface FileButtonProps extends Omit<ComponentProps<typeof Button>, 'children' | 'onPress'> {
  readonly label: string;
  /** As of an input: types and endings of names. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
}
/** A button that lets choose one file. */
export function FileButton({ label, accept, onFile, ...button }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onPress={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={({ target }) => {
          const file = target.files?.[0];
          // Chosen once more it is read once more.
          target.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </>
  );
}
