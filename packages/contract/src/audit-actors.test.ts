import { expect, test } from 'vitest';
import { auditActor } from './audit-actors.ts';
import { auditSentence } from './audit-sentences.ts';

test.each([
  ['service:predict', 'Analyse par l’IA', 'Analysis by AI'],
  ['service:dicom-node:019a0000-0000-7000-8000-000000000001', 'Nœud DICOM', 'DICOM node'],
  ['link:019a0000-0000-7000-8000-000000000001', 'Lien partagé', 'Shared link'],
  ['service:constructor', 'service:constructor', 'service:constructor'],
  ['Dr Roux', 'Dr Roux', 'Dr Roux'],
])('%s is said as %s and %s', (name, fr, en) => {
  expect([auditActor(name, 'fr'), auditActor(name, 'en')]).toEqual([fr, en]);
});

test.each([
  [
    { because: 'MERGED' },
    'a mis fin à un accès d’urgence (dossier fusionné dans un autre)',
    'ended an emergency access (record merged into another)',
  ],
  [{ because: 'ERASED' }, 'a mis fin à un accès d’urgence (patient effacé)', 'ended an emergency access (patient erased)'],
  [{ because: 'constructor' }, 'a mis fin à un accès d’urgence', 'ended an emergency access'],
  [{}, 'a mis fin à un accès d’urgence', 'ended an emergency access'],
])('the end of an access in an emergency is said with its reason: %j', (details, fr, en) => {
  expect([auditSentence('emergency.ended', 'fr', details), auditSentence('emergency.ended', 'en', details)]).toEqual([fr, en]);
});
