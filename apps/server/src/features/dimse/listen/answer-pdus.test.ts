import { DatasetForm, type DicomJsonObject, writeBareDataset } from '@negatoscope/dicom';
import { STATUS } from '@negatoscope/dimse';
import { expect, test } from 'vitest';
import { pendingPdus, replyPdus } from './answer-pdus.ts';

const REQUEST = { CommandField: 0x20, MessageID: 7, CommandDataSetType: 1, AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.2.2.1' };

// A maximum that some of the datasets go beyond, and none (PS3.8 D.1).
test.each([
  [64, true],
  [0, true],
  [64, false],
  [0, false],
])('responses that are sent together are those that are sent one by one, with a maximum of %i', (peerMax, isExplicit) => {
  const answering = { command: REQUEST, contextId: 3, peerMax };
  const [asked, own] = [{ '00100010': { vr: 'PN' }, '00201206': { vr: 'IS' } }, { '00080052': { vr: 'CS', Value: ['STUDY'] } }];
  const matches = [
    { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Été^Anne', Ideographic: '山田' }] }, '00201206': { vr: 'IS', Value: [3] } },
    {},
    { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'longer than one value of 58 bytes, which takes a second P-DATA-TF' }] } },
  ];
  const single = matches.flatMap((match) =>
    replyPdus(answering, { status: STATUS.PENDING, dataset: writeBareDataset({ ...asked, ...match, ...own }, { isExplicit }) }),
  );
  const columns = Object.entries(asked).map(
    ([tag, { vr }]) => [tag, { vr, of: (match: DicomJsonObject) => match[tag] }] as const,
  );
  const form = new DatasetForm(new Map(columns), own, { isExplicit });
  expect(Buffer.from(pendingPdus(answering, STATUS.PENDING, { form, matches }))).toEqual(Buffer.concat(single));
});
