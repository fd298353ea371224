import type { ReportDraft, ReportSections, StudyReport } from '@negatoscope/contract';
import { screen } from '@testing-library/react';
import { useState } from 'react';
import type { FakeApi } from '../../../test/fake-api.ts';
import { type OpenPart, openPart } from '../../../test/page-fixture.tsx';
import { idOf } from '../../../test/sample.ts';
import type { ShownAnnotation } from '../../annotations/study-annotations.ts';
import { STUDY } from '../../testing/pane-fixture.ts';
import type { KeyFrame, PlaceOf } from '../key-frames.ts';
import { ReportSection } from './report-section.tsx';

export const EMPTY: ReportSections = { history: '', technique: '', comparison: '', findings: '', impression: '' };
/** Of a study of which nobody has written anything. */
export const NONE: StudyReport = { patientId: idOf(1), draft: null, isDraftHidden: false, versions: [], mayDictate: false };
export const draft = (fields: Partial<ReportDraft> = {}): ReportDraft => ({
  ...{ version: 1, amends: 0, writtenFor: idOf(1), isOfOtherPatient: false, language: 'fr', template: null },
  ...{
    sections: { ...EMPTY, impression: 'Texte.' },
    author: { id: idOf(2), name: 'Jean Bâ' },
    changedAt: '2026-03-01T10:00:00.000Z',
  },
  ...fields,
});
const LENGTH: ShownAnnotation = {
  ...{ id: idOf(9), frame: 1, seriesInstanceUid: '1.1', sopInstanceUid: '1.1.1', kind: 'LENGTH', label: null, mayChange: true },
  geometry: { space: 'PIXEL', points: [] },
};

export interface Given {
  /** What a measurement says. */
  readonly lines?: readonly string[];
  readonly keyFrames?: readonly KeyFrame[];
  readonly placeOf?: PlaceOf;
  readonly patient?: string;
  readonly role?: 'RADIOLOGIST' | 'STAFF';
  readonly locale?: 'fr' | 'en';
}
const anyPlace: PlaceOf = ({ frame }) => ({ index: frame, count: 3 });

let study = 0;
function Part({
  lines = ['12,5 mm'],
  keyFrames = [],
  placeOf = anyPlace,
  patient = 'Sow^Awa',
  uid,
}: Given & { readonly uid: string }) {
  const [isWriting, setIsWriting] = useState(false);
  return (
    <ReportSection
      study={{ ...STUDY, studyInstanceUid: uid }}
      items={[LENGTH]}
      linesOf={(_, words) => (words?.language === 'en' ? lines.map((line) => line.replace(',', '.')) : lines)}
      {...{ isWriting, placeOf, keyFrames, patient }}
      onWriting={setIsWriting}
    />
  );
}

/** The report of a study of its own, as it stands beside the images. */
export async function openReport(api: FakeApi, { role = 'RADIOLOGIST', locale = 'fr', ...given }: Given = {}): Promise<OpenPart> {
  study += 1;
  if (!api.answers('listReportTexts')) api.on('listReportTexts', () => ({ templates: [], phrases: [] }));
  if (!api.answers('getReport')) api.on('getReport', () => NONE);
  if (!api.answers('listPriors')) api.on('listPriors', () => ({ items: [], isWhole: true }));
  if (!api.answers('listPredictions'))
    api.on('listPredictions', () => ({ items: [], nextCursor: null, total: 0, totalIsExact: true }));
  return openPart(api, <Part {...given} uid={`1.2.${study}`} />, { role, locale });
}

/** The same, once its author has begun to write. */
export async function writeReport(api: FakeApi, given: Given = {}): Promise<OpenPart> {
  if (!api.answers('getReport')) api.on('getReport', () => ({ ...NONE, draft: draft() }));
  if (!api.answers('saveReport')) api.on('saveReport', () => draft({ version: 2 }));
  const part = await openReport(api, given);
  await part.user.click(
    await screen.findByRole('button', { name: /^(Écrire le compte rendu|Corriger|Write the report|Amend)$/ }),
  );
  return part;
}

/** The texts that were sent, in their order. */
export const sent = (api: FakeApi): { sections: ReportSections; baseVersion: number; editId: string }[] =>
  api.of('saveReport').map(({ body }) => body as never); // Read by the contract.
