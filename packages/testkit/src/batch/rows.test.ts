import { describe, expect, it } from 'vitest';
import { patientBatch, studyRowBatch } from './rows.ts';

describe('patientBatch and studyRowBatch', () => {
  it('give the same rows for the same seed, with unique patient IDs', () => {
    const rows = Array.from(patientBatch({ seed: 'bench', count: 5000 }));
    expect(rows).toEqual(Array.from(patientBatch({ seed: 'bench', count: 5000 })));
    expect(new Set(rows.map((row) => row.patientId)).size).toBe(5000);
    expect(rows.filter((row) => /[^\u{20}-\u{7e}]/u.test(row.patientName)).length).toBeGreaterThan(500);
    for (const row of rows) expect(row.birthDate).toMatch(/^(|(19|20)\d{6})$/);
  });
  it('studies belong to patients of the batch of the same seed', () => {
    const patients = Array.from(patientBatch({ seed: 'bench', count: 100 }));
    for (const study of studyRowBatch({ seed: 'bench', count: 300, patients: 100 })) {
      expect(patients[study.patientIndex]?.patientId).toBe(study.patientId);
      expect(study.instanceCount).toBeGreaterThanOrEqual(study.seriesCount);
    }
  });
});
