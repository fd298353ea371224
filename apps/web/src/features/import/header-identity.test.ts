import { chestXray, SopClass, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { ofBlob } from './bytes.ts';
import { identityIn } from './header-identity.ts';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const LUC = { PatientName: 'Núñez^Luc', PatientID: 'LUC-1', PatientBirthDate: '19410506', SpecificCharacterSet: 'ISO_IR 192' };
const sourceOf = (bytes: Uint8Array) => ofBlob(new Blob([Uint8Array.from(bytes)]));
const deflated = (more: Parameters<typeof writePart10>[0]): Uint8Array =>
  writePart10(
    { SOPClassUID: SopClass.secondaryCapture, SOPInstanceUID: '2.25.99', ...more, ...LUC },
    { transferSyntaxUid: DEFLATED },
  );
const LUCS = { personName: 'Núñez^Luc', patientId: 'LUC-1', birthDate: '19410506' };

describe('whom a file names', () => {
  it('is read in plain files and in deflated ones', async () => {
    for (const { bytes } of chestXray({ seed: 'plain', rows: 16, columns: 16, dataset: LUC }))
      expect(await identityIn(sourceOf(bytes))).toMatchObject(LUCS);
    expect(await identityIn(sourceOf(deflated({})))).toMatchObject(LUCS);
  });

  it('is read in deflated ones before what swells behind it, and behind a long element', async () => {
    const swells = deflated({ Rows: 4000, Columns: 4000, BitsAllocated: 8, PixelData: new Uint8Array(16_000_000) });
    expect(await identityIn(sourceOf(swells))).toMatchObject(LUCS);
    const late = deflated({
      '00090010': { vr: 'LO', value: 'DESK' },
      '00091001': { vr: 'UN', value: new Uint8Array(300_000).fill(7) },
    });
    expect(await identityIn(sourceOf(late))).toMatchObject(LUCS);
  });

  it('is nobody in a deflated file that is cut off before it says so', async () => {
    const whole = deflated({
      '00090010': { vr: 'LO', value: 'DESK' },
      '00091001': { vr: 'UN', value: Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) & 255)) },
    });
    expect((await identityIn(sourceOf(whole.subarray(0, 420))))?.personName).not.toBe('Núñez^Luc');
    expect(
      await identityIn(sourceOf(writePart10({}, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }))),
    ).toBeDefined();
  });
});
