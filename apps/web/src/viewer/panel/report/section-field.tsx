import type { ReportDraft } from '@negatoscope/contract';
import type { ReportSection } from '@negatoscope/contract/report-sections';
import { type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react';
import { DictateButton } from './dictate-button.tsx';
import { expanded, expandedByKey, type Phrases, type Typed } from './phrases.ts';
import type { Dictation } from './use-dictation.ts';

interface SectionFieldProps {
  readonly section: ReportSection;
  readonly dictation: Dictation;
  readonly label: string;
  readonly value: string;
  readonly language: ReportDraft['language'];
  readonly phrases: Phrases;
  readonly onChange: (text: string) => void;
  readonly onBlur: () => void;
  /** Control and Enter. */
  readonly onDone: () => void;
}

type TextAreaProps = Pick<SectionFieldProps, 'section' | 'dictation' | 'value' | 'onChange'>;
/** A field as high as its text, and how one writes into it. */
function useTextArea({ section, dictation, value, onChange }: TextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  // Where it is to stand once the text has changed.
  const cursor = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height is that of the text.
  useLayoutEffect(() => {
    const field = area.current;
    if (field === null) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + 2}px`;
    if (cursor.current !== undefined) field.setSelectionRange(cursor.current, cursor.current);
    cursor.current = undefined;
  }, [value]);
  const write = (text: string, at: number): void => {
    cursor.current = at;
    onChange(text);
  };
  // The browser knows where the cursor stands after what was typed itself.
  const put = (typed: Typed, before: string): void =>
    typed.text === before ? onChange(typed.text) : write(typed.text, typed.at);
  const dictate = (): void => {
    dictation.toggle({ section, area, put: write });
    area.current?.focus();
  };
  return { area, put, dictate };
}

type KeysProps = Pick<SectionFieldProps, 'phrases' | 'onDone' | 'dictation'> & {
  readonly put: (typed: Typed, before: string) => void;
  readonly dictate: () => void;
};
/** What keys do within a section. */
const keysOf =
  ({ phrases, onDone, dictation, put, dictate }: KeysProps) =>
  (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // The keys of the desk are letters.
    event.stopPropagation();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onDone();
    if (event.key === 'F8' && dictation.mayDictate) {
      event.preventDefault();
      dictate();
    }
    const { value: text, selectionStart: at } = event.currentTarget;
    // Tab goes on to the next field wherever no abbreviation waits before the cursor.
    const written = event.key === 'Tab' && !event.shiftKey ? expandedByKey({ text, at }, phrases) : undefined;
    if (written === undefined) return;
    event.preventDefault();
    put(written, text);
  };

/** One section, as high as its text. */
export function SectionField(props: SectionFieldProps) {
  const { section, dictation, label, value, language, phrases, onBlur } = props;
  const id = useId();
  const { area, put, dictate } = useTextArea(props);
  return (
    <div className="flex w-full flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-(--ng-text-dim) text-xs">
          {label}
        </label>
        <DictateButton {...{ section, dictation, label }} onPress={dictate} />
      </div>
      <textarea
        ref={area}
        id={id}
        lang={language}
        rows={2}
        maxLength={20_000}
        value={value}
        onKeyDown={keysOf({ ...props, put, dictate })}
        onBlur={onBlur}
        onChange={({ target }) => {
          put(expanded({ text: target.value, at: target.selectionStart }, phrases), target.value);
        }}
        className="w-full resize-none overflow-hidden rounded-md border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1.5 text-sm outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) pointer-coarse:text-base"
      />
    </div>
  );
}
