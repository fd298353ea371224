import { describe, expect, test } from 'vitest';
import { warningsOf } from './look.ts';

const near = 'http://127.0.0.1:8042';
const far = 'https://orthanc.hospital.example';
const safe = {
  Version: '1.12.11',
  OverwriteInstances: false,
  MaximumStorageMode: 'Recycle',
  MaximumStorageSize: 0,
  MaximumPatientCount: 0,
  isOpen: false,
  runsScripts: false,
};

describe('settings of Orthanc that are not safe', () => {
  test.each([
    [near, {}, []],
    [far, {}, []],
    [near, { isOpen: true }, ['NO_PASSWORD']],
    ['http://[::1]:8042', { isOpen: true }, ['NO_PASSWORD']],
    [far, { isOpen: true }, ['OPEN_TO_NETWORK']],
    ['http://127.0.0.1.evil.example', {}, ['NOT_ENCRYPTED']],
    ['http://10.0.0.1:8042', { isOpen: true }, ['OPEN_TO_NETWORK', 'NOT_ENCRYPTED']],
    [near, { runsScripts: true }, ['RUNS_SCRIPTS']],
    [near, { OverwriteInstances: true }, ['OVERWRITES']],
    [near, { MaximumStorageSize: 1_000 }, ['RECYCLES']],
    [near, { MaximumPatientCount: 10 }, ['RECYCLES']],
    [near, { MaximumStorageSize: 1_000, MaximumStorageMode: 'Reject' }, []],
    [near, { Version: '1.12.10' }, ['OLD_VERSION']],
    [near, { Version: '1.9.20' }, ['OLD_VERSION']],
    [near, { Version: '1.13.0' }, []],
    [near, { Version: '2.0.0' }, []],
    [near, { Version: 'mainline' }, []],
  ] as const)('%s %j: %j', (url, seen, warnings) => {
    expect(warningsOf(url, { ...safe, ...seen })).toEqual(warnings);
  });

  test('what an older one does not tell is not judged', () => {
    expect(warningsOf(near, { Version: '1.10.1', isOpen: false, runsScripts: false })).toEqual(['OLD_VERSION']);
  });
});
