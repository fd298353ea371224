import { describe, expect, it } from 'vitest';
import { addBearers, type Bearer } from './identities.ts';

const identity = (personName: string, patientId = '1') => ({ personName, patientId, issuer: '', birthDate: '19700203' });

describe('people of a folder', () => {
  it('are told apart by name, identifier and birth date, and counted', () => {
    const met = new Map<string, Bearer>();
    addBearers(met, [
      identity('Martin^Ana'),
      undefined,
      identity('MARTIN^ANA'),
      identity('Petit^Luc', '2'),
      identity('Martin^Ana', '3'),
    ]);
    expect([...met.values()].map(({ files, identity: { personName } }) => [personName, files])).toEqual([
      ['Martin^Ana', 2],
      ['Petit^Luc', 1],
      ['Martin^Ana', 1],
    ]);
  });
});
