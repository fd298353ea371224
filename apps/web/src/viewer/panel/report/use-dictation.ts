import type { ReportSection } from '@negatoscope/contract/report-sections';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { dictated, listen, speechOf } from './speech.ts';

export interface Into {
  readonly section: ReportSection;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly put: (text: string, at: number) => void;
}
export interface Dictation {
  /** Whether the site lets one, and the browser can. */
  readonly mayDictate: boolean;
  /** The section that is dictated into. */
  readonly section: ReportSection | undefined;
  readonly failure: string | undefined;
  /** Begins where the cursor of this section stands; ends where one is being dictated into. */
  readonly toggle: (into: Into) => void;
}

/** Dictates into the section that it was begun in; it ends with the editor. */
export function useDictation(isAllowed: boolean, language: 'fr' | 'en'): Dictation {
  const [section, setSection] = useState<ReportSection>();
  const [failure, setFailure] = useState<string>();
  const end = useRef<() => void>(undefined);
  useEffect(() => () => end.current?.(), []);
  const toggle: Dictation['toggle'] = ({ section: into, area, put }) => {
    if (end.current !== undefined) {
      end.current();
      return;
    }
    setFailure(undefined);
    setSection(into);
    end.current = listen(language, {
      onText: (said) => {
        const field = area.current;
        if (field === null) return;
        const [before, after] = [field.value.slice(0, field.selectionStart), field.value.slice(field.selectionEnd)];
        const words = dictated(before, said);
        put(before + words + after, before.length + words.length);
      },
      onEnd: (reason) => {
        end.current = undefined;
        setSection(undefined);
        setFailure(reason === 'aborted' ? undefined : reason);
      },
    });
  };
  return { mayDictate: isAllowed && speechOf() !== undefined, section, failure, toggle };
}
