import { jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { recordTypeOf } from './record-types.ts';
import { type DirectoryFile, instanceKeys, patientKeys, seriesKeys, studyKeys } from './records.ts';
import { type DirectoryRecord, type FileSet, writeDirectory } from './write-directory.ts';

export type { DirectoryFile, FileSet };

interface Level extends DirectoryRecord {
  readonly lower: Level[];
  readonly byUid: Map<string, Level>;
}

const ofType = (name: string, keys: DicomJsonObject): Level => ({
  keys: { '00041430': { vr: 'CS', Value: [name] }, ...keys },
  lower: [],
  byUid: new Map(),
});

/** Characters and lengths of a File ID (PS3.10 8.2, 8.5). */
const COMPONENT = /^[A-Z0-9_]{1,8}$/;

/** The directory of one patient's file-set while files are added to it: PATIENT, STUDY, SERIES and a record for each file (PS3.3 F.4). */
export class FileSetDirectory {
  readonly #fileSet: FileSet;
  #patient: Level | undefined;

  constructor(fileSet: FileSet) {
    this.#fileSet = fileSet;
  }

  /** Whether the file stands in the directory: what is no image and of no known type has no record. Fails with RangeError for a path that is no File ID. */
  add(file: DirectoryFile): boolean {
    if (file.path.length === 0 || file.path.length > 8 || !file.path.every((part) => COMPONENT.test(part)))
      throw new RangeError('A file of a file-set has a name that is no File ID.');
    const type = recordTypeOf(file.sopClassUid, file.json);
    if (type === undefined) return false;
    const { json } = file;
    this.#patient ??= ofType('PATIENT', patientKeys(json));
    const study = below(this.#patient, json, '0020000D', (number) => ofType('STUDY', studyKeys(json, number)));
    const series = below(study, json, '0020000E', (number) => ofType('SERIES', seriesKeys(json, number)));
    series.lower.push({ keys: instanceKeys(type, file, series.lower.length + 1), lower: [], byUid: new Map() });
    return true;
  }

  /** The bytes of the file DICOMDIR. Fails as `writeDirectory` does. */
  bytes(): Uint8Array {
    return writeDirectory(this.#patient === undefined ? [] : [this.#patient], this.#fileSet);
  }
}

function below(level: Level, json: DicomJsonObject, tag: string, make: (number: number) => Level): Level {
  const uid = jsonString(json, tag) ?? '';
  const known = level.byUid.get(uid);
  if (known !== undefined) return known;
  const made = make(level.lower.length + 1);
  level.lower.push(made);
  level.byUid.set(uid, made);
  return made;
}
