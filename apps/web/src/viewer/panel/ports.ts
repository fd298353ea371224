import type { ReactNode } from 'react';
import type { StudyRef } from '../model/dicomweb.ts';

/** What the page around the viewer does with studies, which knows the list that they were opened from. */
export interface ReadingPorts {
  /** The next study that waits to be read; undefined where none does. Rejects as the API does. */
  readonly findNext: () => Promise<StudyRef | undefined>;
  /** Fetches the beginning of a study ahead. */
  readonly prefetch: (study: StudyRef) => void;
  /** Marks the study as read; false when that was refused, which the page has said. */
  readonly markRead: () => Promise<boolean>;
  /** Opens a study, from which the way back leads here. */
  readonly open: (study: StudyRef) => void;
  /** Opens the next one in the place of this. */
  readonly openNext: (study: StudyRef) => void;
  /** What the page knows of the study beside how far it is: whose it is to read, how soon, its labels. */
  readonly about?: ReactNode;
  /** Whether the panel is what one comes for. */
  readonly opensPanel?: boolean;
  /** There is nothing left to read, which the page says. */
  readonly onNothingLeft: () => void;
  /** The next one could not be asked for, which the page says. */
  readonly onFailed: (error: unknown) => void;
}
