import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { concat, explicit, part10 } from '../test/build.ts';
import { DICOM_ERROR_CODES, DicomError, parsePart10 } from './index.ts';

describe('what fails', () => {
  it.each(DICOM_ERROR_CODES)('%s says in a sentence what it is', (code) => {
    const error = new DicomError(code, { offset: 12 });
    expect([error.name, error.code, error.details, error.partial]).toEqual(['DicomError', code, { offset: 12 }, undefined]);
    expect(error.message).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('names the patient to who asks for it and in no log', () => {
    // The header ends in the midst of its last element.
    const file = part10(concat(explicit('00100010', 'PN', 'Ravao^Soa '), explicit('00100020', 'LO', 'P-77'))).subarray(0, -1);
    const failed = (): unknown => {
      try {
        return parsePart10(file);
      } catch (error) {
        return error;
      }
    };
    const error = failed();
    if (!(error instanceof DicomError)) throw error;
    expect(error).toMatchObject({ code: 'TRUNCATED', details: { space: 'file', offset: expect.any(Number) } });
    // As far as it was read, file meta information too.
    expect(error.partial).toMatchObject({
      '00020010': { Value: ['1.2.840.10008.1.2.1'] },
      '00100010': { Value: [{ Alphabetic: 'Ravao^Soa' }] },
    });
    expect(error.partial).not.toHaveProperty('00100020');
    for (const written of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error), JSON.stringify({ ...error })])
      expect(written).not.toMatch(/Ravao|P-77/);
  });
});
