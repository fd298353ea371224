import { type FormEvent, useId, useState, useSyncExternalStore } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { Asked, ViewerSession } from '../engine/index.ts';
import { SPINE_LABELS } from '../model/spine.ts';
import { buttonClass } from './controls.tsx';

/** The longest text that is kept with an annotation. */
const MOST_LETTERS = 1_000;

interface AnnotationTextProps {
  readonly session: ViewerSession;
  readonly paneId: string;
}

/** Asks for the text of an annotation, where it was placed. */
export function AnnotationText({ session, paneId }: AnnotationTextProps) {
  const { measurements } = session;
  const asked = useSyncExternalStore(measurements.subscribe, measurements.getAsked);
  if (asked?.paneId !== paneId) return null;
  const answer = (text: string | undefined): void => measurements.answer(text);
  return <TextForm key={`${asked.at[0]} ${asked.at[1]}`} asked={asked} onAnswer={answer} />;
}

const titleOf = ({ kind }: Asked): 'TEXT' | 'ARROW' | 'SPINE_LABEL' =>
  kind === 'ARROW' || kind === 'SPINE_LABEL' ? kind : 'TEXT';

interface FormProps {
  readonly asked: Asked;
  readonly onAnswer: (text: string | undefined) => void;
}

function TextForm({ asked, onAnswer }: FormProps) {
  const t = useText('viewer');
  const [text, setText] = useState(asked.label);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(text);
  };
  return (
    <form
      onSubmit={save}
      className="absolute z-20 flex max-w-[calc(100%-1rem)] flex-wrap items-center gap-1 rounded-md border border-(--ng-line) bg-(--ng-surface) p-1 shadow-xl"
      style={{
        left: `clamp(0.5rem, ${asked.at[0]}px, calc(100% - 17rem))`,
        top: `clamp(0.5rem, ${asked.at[1]}px, calc(100% - 3.5rem))`,
      }}
    >
      <TextInput {...{ asked, text }} onType={setText} onGiveUp={() => onAnswer(undefined)} />
      <Button type="submit" className={`${buttonClass} px-2 text-xs`}>
        {t('text.save')}
      </Button>
      <Button className={`${buttonClass} px-2 text-xs`} onPress={() => onAnswer(undefined)}>
        {t('text.cancel')}
      </Button>
    </form>
  );
}

interface InputProps extends Pick<FormProps, 'asked'> {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onGiveUp: () => void;
}

/** Where it is typed; names of vertebrae are proposed. */
function TextInput({ asked, text, onType, onGiveUp }: InputProps) {
  const t = useText('viewer');
  const listId = useId();
  const title = t(`text.title.${titleOf(asked)}`);
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened by placing the text, to be typed now.
        autoFocus
        aria-label={title}
        placeholder={title}
        maxLength={MOST_LETTERS}
        value={text}
        list={asked.kind === 'SPINE_LABEL' ? listId : undefined}
        onChange={(event) => onType(event.target.value)}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onGiveUp();
        }}
        className="ng-viewer-target w-40 min-w-0 rounded border border-(--ng-line) bg-(--ng-bg) px-2 text-(--ng-text) text-sm outline-none focus-visible:border-(--ng-accent)"
      />
      {asked.kind === 'SPINE_LABEL' && (
        <datalist id={listId}>
          {SPINE_LABELS.map((label) => (
            <option key={label} value={label} />
          ))}
        </datalist>
      )}
    </>
  );
}
