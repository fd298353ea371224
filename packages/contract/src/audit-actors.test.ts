import { expect, test } from 'vitest';
import { auditActor } from './audit-actors.ts';

test.each([
  ['service:predict', 'Analyse par l’IA', 'Analysis by AI'],
  ['service:dicom-node:019a0000-0000-7000-8000-000000000001', 'Nœud DICOM', 'DICOM node'],
  ['link:019a0000-0000-7000-8000-000000000001', 'Lien partagé', 'Shared link'],
  ['service:constructor', 'service:constructor', 'service:constructor'],
  ['Dr Roux', 'Dr Roux', 'Dr Roux'],
])('%s is said as %s and %s', (name, fr, en) => {
  expect([auditActor(name, 'fr'), auditActor(name, 'en')]).toEqual([fr, en]);
});
