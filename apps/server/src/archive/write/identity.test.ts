import { describe, expect, test } from 'vitest';
import { contradictsReceived, identify, type KnownPatient, personContradicts, placeholderReason } from './identity.ts';
import type { ReceivedIdentity } from './received.ts';

const received = (changes: Partial<ReceivedIdentity> = {}): ReceivedIdentity => ({
  patientId: 'P1',
  issuer: '',
  familyName: 'Lefèvre',
  givenName: 'Zoé',
  personName: 'Lefèvre^Zoé',
  birthDate: '1970-02-03',
  sex: 'F',
  ...changes,
});
const known = (id: string, changes: Partial<KnownPatient> = {}): KnownPatient => ({
  id,
  ...received(),
  identityStatus: 'CONFIRMED',
  identifiers: [{ issuer: '', value: 'P1' }],
  aliases: [],
  ...changes,
});

describe('names and birth dates', () => {
  test.each([
    ['case and accents', { familyName: 'LEFEVRE', givenName: 'ZOE' }],
    ['family and given name in one field', { familyName: 'Lefevre Zoe', givenName: '' }],
    ['swapped fields', { familyName: 'Zoé', givenName: 'Lefèvre' }],
    ['a second given name', { givenName: 'Zoé Marie' }],
    ['no given name', { givenName: '' }],
    ['no name at all', { familyName: '', givenName: '' }],
    ['no birth date', { birthDate: null }],
  ])('do not contradict by %s', (_, changes) => {
    expect(personContradicts(received(), received(changes))).toBe(false);
  });
  test.each([
    ['family name', { familyName: 'Durand' }],
    ['given name', { givenName: 'Paul' }],
    ['birth date', { birthDate: '1970-02-04' }],
  ])('contradict by another %s', (_, changes) => {
    expect(personContradicts(received(), received(changes))).toBe(true);
  });
});

test.each(['', '0', '000', 'ANON', 'anonymous', 'Anonymisé', 'UNKNOWN', 'inconnu', 'N/A', '---', 'XXXX'])(
  'the Patient ID "%s" names nobody',
  (value) => {
    expect(placeholderReason(value)).toBe(value === '' ? 'NO_PATIENT_ID' : 'PLACEHOLDER_ID');
  },
);
test.each(['1', '12345', 'A0', 'TEST-7'])('the Patient ID "%s" names someone', (value) => {
  expect(placeholderReason(value)).toBeUndefined();
});

describe('whose a new study is', () => {
  test('the patient with the same ID whose name does not contradict', () => {
    expect(identify(received(), [known('a', { familyName: 'LEFEVRE' })])).toEqual({ kind: 'known', patientId: 'a' });
  });
  test('a new patient under review, linked to the suspect, when the name contradicts', () => {
    const answer = identify(received({ familyName: 'Durand' }), [known('a')]);
    expect(answer).toEqual({ kind: 'new', status: 'IDENTITY_REVIEW', reason: 'CONTRADICTION', suspectId: 'a' });
  });
  test('the patient under review that the same contradiction made before', () => {
    const review = known('b', { familyName: 'Durand', identityStatus: 'IDENTITY_REVIEW' });
    expect(identify(received({ familyName: 'Durand' }), [review, known('a')])).toEqual({ kind: 'known', patientId: 'b' });
  });
  test('the patient into whom someone of this name was merged', () => {
    const alias = { familyName: 'Durand', givenName: 'Zoé', personName: '', birthDate: null };
    expect(identify(received({ familyName: 'Durand' }), [known('a', { aliases: [alias] })])).toEqual({
      kind: 'known',
      patientId: 'a',
    });
  });
  test('a patient of its own, under review, without a usable Patient ID', () => {
    expect(identify(received({ patientId: '0' }), [known('a')])).toMatchObject({ kind: 'new', reason: 'PLACEHOLDER_ID' });
  });
  test('a confirmed new patient when nobody has the ID', () => {
    expect(identify(received(), [])).toMatchObject({ kind: 'new', status: 'CONFIRMED', suspectId: null });
  });
});

test('two files of a study contradict by another Patient ID, but not by a missing one', () => {
  expect(contradictsReceived(received(), received({ patientId: 'P2' }))).toBe(true);
  expect(contradictsReceived(received(), received({ patientId: '' }))).toBe(false);
});
