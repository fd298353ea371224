import { describe, expect, test } from 'vitest';
import { mayRecycle } from '../client/system.ts';
import { warningsOf } from './look.ts';

const near = 'http://127.0.0.1:8042';
const far = 'https://orthanc.hospital.example';
const safe = {
  Version: '1.12.11',
  OverwriteInstances: false,
  MaximumStorageMode: 'Recycle',
  MaximumStorageSize: 0,
  MaximumPatientCount: 0,
  IngestTranscoding: '',
  isOpen: false,
  isDefault: false,
  runsScripts: false,
  writesFiles: false,
  hasWebDav: false,
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
    [near, { isDefault: true }, ['DEFAULT_PASSWORD']],
    [near, { runsScripts: true }, ['RUNS_SCRIPTS']],
    [near, { writesFiles: true }, ['WRITES_FILES']],
    [near, { hasWebDav: true }, ['WEBDAV']],
    [near, { IngestTranscoding: '1.2.840.10008.1.2.1' }, ['TRANSCODES']],
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

  test.each([
    [{}, true],
    [{ MaximumStorageMode: 'Recycle' }, true],
    [{ MaximumStorageMode: 'Recycle', MaximumStorageSize: 0, MaximumPatientCount: 0 }, false],
    [{ MaximumStorageMode: 'Recycle', MaximumStorageSize: 0, MaximumPatientCount: 5 }, true],
    [{ MaximumStorageMode: 'Reject' }, false],
  ] as const)('one that may delete by itself, or does not tell, is taken for one that does: %j: %s', (system, expected) => {
    expect(mayRecycle(system)).toBe(expected);
  });

  test('what an older one does not tell is not judged', () => {
    expect(
      warningsOf(near, {
        ...{ Version: '1.10.1', isOpen: false, isDefault: false, runsScripts: false, writesFiles: false, hasWebDav: false },
      }),
    ).toEqual(['OLD_VERSION']);
  });
});
