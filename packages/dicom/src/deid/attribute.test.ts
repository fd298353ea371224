import { describe, expect, test } from 'vitest';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { basic, type Context, chosen, mappedUids } from './attribute.ts';
import type { DeidOption } from './types.ts';

const of = (vr: string, ...Value: DicomJsonValue[]): DicomJsonElement => ({ vr, Value });
const context = (...options: DeidOption[]): Context => ({
  profile: { options: new Set(options) },
  substitutes: { uid: (original) => `2.25.${original.length}`, patientId: 'P', patientName: 'P', shiftDays: -10 },
  naming: new Set(['DUPONT']),
  numbers: new Set(['4711007']),
});
const K = (option: DeidOption) => ({ code: 'K', option }) as const;
const C = (option: DeidOption) => ({ code: 'C', option }) as const;

describe('the basic profile (PS3.15 E.1.1)', () => {
  test.each([
    ['X', '00081030', of('LO', 'x'), undefined],
    ['Z', '00080050', of('SH', 'x'), { vr: 'SH' }],
    ['Z', '00080050', of('UN', 'x'), { vr: 'SH' }],
    ['D', '00080020', of('DA', '20240101'), of('DA', '19000101')],
    ['D', '0020000D', of('UI', '1.2.3'), of('UI', '2.25.5')],
    ['U', '0020000D', of('UI', '1.2.3'), of('UI', '2.25.5')],
    ['U', '00081030', of('LO', 'x'), undefined],
  ] as const)('%s of %s', (code, tag, element, expected) => {
    expect(basic(tag, element, code, context()).element).toEqual(expected);
  });
  test('puts one item of text in the place of a content', () => {
    const { element, rule } = basic('0040A730', of('SQ', {}, {}, {}), 'D', context());
    expect(element?.Value).toHaveLength(1);
    expect(rule).toBe('structured');
  });
});

describe('UIDs', () => {
  test('of the standard and empty ones stay, each other value becomes another', () => {
    const { element, done } = mappedUids(of('UI', '1.2.840.10008.1.2.1', '', '1.2.3', 'DUPONT', 5), context(), true);
    expect(element?.Value).toEqual(['1.2.840.10008.1.2.1', '', '2.25.5', '2.25.6', '']);
    expect(done).toBe('uid');
  });
  test('that name an instance are another’s under the standard’s root too, save its frames of reference (PS3.6 table A-2)', () => {
    const { element } = mappedUids(of('UI', '1.2.840.10008.1.2.1', '1.2.840.10008.1.4.1.1'), context(), false);
    expect(element?.Value).toEqual(['2.25.19', '1.2.840.10008.1.4.1.1']);
  });
  test('stay where that is asked for and may be, unless they name the patient', () => {
    const uids = of('UI', '1.2.3', 'DUPONT', '1.2.x');
    expect(mappedUids(uids, context('retainUids'), true)).toMatchObject({
      done: 'kept',
      element: of('UI', '1.2.3', '2.25.6', '2.25.5'),
    });
    expect(mappedUids(uids, context('retainUids'), false).done).toBe('uid');
    expect(mappedUids({ vr: 'UI' }, context(), false).element).toEqual({ vr: 'UI' });
  });
});

describe('what an option keeps', () => {
  test.each<[DeidOption, string, DicomJsonElement, DicomJsonElement | undefined]>([
    ['retainFullDates', '00080020', of('DA', '20240301'), of('DA', '20240301')],
    ['retainFullDates', '00080030', of('TM', '101112'), of('TM', '101112')],
    ['retainFullDates', '00080020', of('DA', 'Dupont'), undefined],
    ['retainFullDates', '00080201', of('SH', '+0100'), of('SH', '+0100')],
    ['retainFullDates', '00080201', of('SH', 'Dupont'), undefined],
    ['retainPatientCharacteristics', '00101010', of('AS', '045Y'), of('AS', '045Y')],
    ['retainPatientCharacteristics', '00101010', of('AS', '097Y'), of('AS', '090Y')],
    ['retainPatientCharacteristics', '00101010', of('AS', '097M'), of('AS', '097M')],
    ['retainPatientCharacteristics', '00101010', of('AS', 'old'), undefined],
    ['retainPatientCharacteristics', '00101030', of('DS', 70.5), of('DS', 70.5)],
    ['retainPatientCharacteristics', '00101030', of('DS', 4711007), undefined],
    ['retainPatientCharacteristics', '00100040', of('CS', 'F'), of('CS', 'F')],
    ['retainPatientCharacteristics', '00100040', of('LO', 'F'), undefined],
    ['retainDeviceIdentity', '00181000', of('LO', 'SN-1'), of('LO', 'SN-1')],
    ['retainDeviceIdentity', '00181000', of('LO', 'Dupont'), undefined],
    ['retainDeviceIdentity', '00181000', of('LO', 'x'.repeat(1025)), undefined],
    ['retainDeviceIdentity', '00181000', { vr: 'LO', BulkDataURI: 'bulk:1:2' }, undefined],
    ['retainDeviceIdentity', '00181002', of('UI', '1.2.3'), of('UI', '1.2.3')],
    ['retainDeviceIdentity', '00181002', of('UI', 'DUPONT'), of('UI', '2.25.6')],
    ['retainInstitutionIdentity', '00081050', of('PN', { Alphabetic: 'Diop' }), undefined],
  ])('%s: %s %j', (option, tag, element, expected) => {
    expect(chosen(tag, element, K(option), context(option))?.element).toEqual(expected);
  });
});

describe('what an option cleans', () => {
  test('moves dates, and nothing that is none', () => {
    const moved = (tag: string, element: DicomJsonElement) =>
      chosen(tag, element, C('retainModifiedDates'), context('retainModifiedDates'));
    expect(moved('00080020', of('DA', '20240301'))).toMatchObject({
      element: of('DA', '20240220'),
      done: 'shifted',
      rule: 'date',
    });
    expect(moved('00080030', of('TM', '101112'))?.element).toEqual(of('TM', '101112'));
    expect(moved('00080020', of('DA', 'x'))).toBeUndefined();
    expect(moved('00080020', of('LO', '20240301'))).toBeUndefined();
  });
  test('keeps descriptors of known words alone', () => {
    const cleaned = (...values: string[]) =>
      chosen('00081030', of('LO', ...values), C('cleanDescriptors'), context('cleanDescriptors'));
    expect(cleaned('CT CHEST')).toMatchObject({ element: of('LO', 'CT CHEST'), done: 'cleaned' });
    expect(cleaned('CT CHEST Dupont')).toBeUndefined();
    expect(cleaned('CT CHEST', 'Martin')).toBeUndefined();
  });
  test('asks the basic profile for everything else', () => {
    for (const code of ['X', 'Z', 'D', 'U', 'inner'] as const)
      expect(chosen('00081030', of('LO', 'CT CHEST'), { code }, context('cleanDescriptors'))).toBeUndefined();
  });
});
