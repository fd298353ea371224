import { FILE_REASON_CODES } from '@negatoscope/contract';
import { statusKind } from '@negatoscope/dimse';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../kernel/failure.ts';
import { statusOf, statusOfFailure } from './store-status.ts';

describe('the status of a C-STORE (PS3.4 table B.2-1)', () => {
  test.each([
    [{ outcome: 'stored' } as const, 0x0000],
    [{ outcome: 'stored', reason: 'REPAIRED' } as const, 0x0000],
    [{ outcome: 'duplicate', reason: 'SAME_CONTENT' } as const, 0x0000],
    [{ outcome: 'conflict', reason: 'SAME_UID_OTHER_CONTENT' } as const, 0xb000],
    [{ outcome: 'conflict', reason: 'STUDY_PATIENT_MISMATCH' } as const, 0xb000],
    [{ outcome: 'rejected', reason: 'STORAGE_FULL' } as const, 0xa700],
    [{ outcome: 'rejected', reason: 'STORAGE_FAILED' } as const, 0xa700],
    [{ outcome: 'rejected', reason: 'FILE_TOO_LARGE' } as const, 0xa700],
    [{ outcome: 'rejected', reason: 'MISSING_STUDY_UID' } as const, 0xa900],
    [{ outcome: 'rejected', reason: 'OTHER_INSTANCE' } as const, 0xa900],
    [{ outcome: 'ignored', reason: 'DICOMDIR' } as const, 0xa900],
    [{ outcome: 'rejected', reason: 'WITHDRAWN' } as const, 0x0124],
    [{ outcome: 'rejected', reason: 'TRUNCATED' } as const, 0xc000],
    [{ outcome: 'rejected', reason: 'UNREADABLE' } as const, 0xc000],
    [{ outcome: 'rejected' } as const, 0xc000],
  ])('%o', (stored, status) => {
    expect(statusOf(stored).status).toBe(status);
  });

  test('whatever is not kept is a failure, for every reason that there is', () => {
    for (const reason of FILE_REASON_CODES) {
      expect(statusKind(statusOf({ outcome: 'rejected', reason }).status)).toBe('failure');
      expect(statusKind(statusOf({ outcome: 'ignored', reason }).status)).toBe('failure');
    }
  });

  test.each([
    [new Failure('STORAGE_FULL'), 0xa700],
    [new Failure('UNAVAILABLE'), 0xa700],
    [new Failure('NOT_FOUND'), 0x0124],
    [new Failure('FORBIDDEN'), 0x0124],
    [new Failure('IMPORT_FINISHED'), 0x0110],
    [new Error('a bug'), 0x0110],
  ])('a failure of this side, %s, is never success', (error, status) => {
    expect(statusOfFailure(error).status).toBe(status);
  });
});
