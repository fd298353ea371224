import type { Study } from '@negatoscope/contract';
import { useCan, useUser } from '../../api/me.ts';
import { setStudyStatus } from '../../entities/study/status.ts';
import { URGENCIES } from '../../entities/study/urgency.tsx';
import { changeStudies } from '../../entities/study/work.ts';

interface OnPage {
  readonly showNew: () => void;
  /** Of the row where the cursor is, if it is on one. */
  readonly togglePreview: (row: Study | undefined) => void;
  readonly label: (study: Study) => void;
  readonly choose: ((study: Study) => void) | undefined;
}
type OnLetter = (letter: string, row: Study | undefined) => boolean;

/** What letters do in the worklist: those of the page, and those of the row where the cursor is. */
export function useRowKeys({ showNew, togglePreview, label, choose }: OnPage): OnLetter {
  const can = useCan();
  const user = useUser();
  const ofPage: Readonly<Record<string, (row: Study | undefined) => void>> = { n: showNew, p: togglePreview };
  const assign = (study: Study): void =>
    void changeStudies([study], { assigneeId: study.assigneeId === user?.id ? null : (user?.id ?? null) });
  const hurry = (study: Study): void =>
    void changeStudies([study], { urgency: URGENCIES[(URGENCIES.indexOf(study.urgency) + 1) % URGENCIES.length] ?? 'ROUTINE' });
  const ofRow: Readonly<Record<string, ((study: Study) => void) | undefined>> = {
    a: can('studies.validate') ? assign : undefined,
    r: can('studies.validate') ? (study) => void setStudyStatus(study, 'VALIDATED') : undefined,
    u: can('studies.write') ? hurry : undefined,
    l: can('studies.write') ? label : undefined,
    x: choose,
  };
  return (letter, row) => {
    const act = ofPage[letter];
    const onRow = ofRow[letter];
    if (act !== undefined) act(row);
    else if (onRow !== undefined && row !== undefined && row.onlyReads !== true) onRow(row);
    else return false;
    return true;
  };
}
