import { STATUS } from '@negatoscope/dimse';
import { expect, test } from 'vitest';
import { pendingPdus, replyPdus } from './answer-pdus.ts';

const REQUEST = { CommandField: 0x20, MessageID: 7, CommandDataSetType: 1, AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.2.2.1' };

// A maximum that some of the datasets go beyond, and none (PS3.8 D.1).
test.each([64, 0])('responses that are sent together are those that are sent one by one, with a maximum of %i', (peerMax) => {
  const answering = { command: REQUEST, contextId: 3, peerMax };
  const datasets = [
    Buffer.from('short'),
    Buffer.alloc(0),
    Buffer.from('longer than one value of 58 bytes, which takes a second P-DATA-TF'),
  ];
  const single = datasets.flatMap((dataset) => replyPdus(answering, { status: STATUS.PENDING, dataset }));
  expect(Buffer.from(pendingPdus(answering, STATUS.PENDING, datasets))).toEqual(Buffer.concat(single));
});
