import { nested, nestedFlat } from './deep-files.ts';
import { file, type HostileFile } from './hostile-file.ts';
import { small } from './small.ts';

export function truncated(): HostileFile[] {
  const whole = small('truncated');
  return [
    file('truncated-header.dcm', 'reject', 'ends inside the identifying elements', whole.slice(0, 300)),
    file('truncated-pixels.dcm', 'recover', 'ends inside Pixel Data', whole.slice(0, -40)),
    file('truncated-meta.dcm', 'reject', 'ends inside group 0002', whole.slice(0, 180)),
  ];
}

export function wrongValueLengths(): HostileFile[] {
  const beyond = small('beyond', { PatientName: { vr: 'PN', value: 'A^B', declaredLength: 0xfff0 } });
  const huge = small('4g', {
    '00091001': { vr: 'OB', value: Uint8Array.of(1, 2), declaredLength: 0xfffffffe },
    '00090010': 'TESTKIT',
  });
  const pixels = small('px4g', { PixelData: { vr: 'OB', value: new Uint8Array(64), declaredLength: 0xfffffffe } });
  return [
    file('length-beyond-end.dcm', 'reject', 'a value said to be longer than the file', beyond),
    file('length-4g.dcm', 'reject', 'a private value of 4 GiB in a file of 1 KiB', huge),
    file('pixel-length-4g.dcm', 'recover', 'Pixel Data of 4 GiB in a file of 1 KiB', pixels),
  ];
}

export function wrongSequences(): HostileFile[] {
  const endless = small('endless-sequence', { ReferencedImageSequence: { vr: 'SQ', value: [], declaredLength: 0xffffffff } });
  const item = small('item', {
    ReferencedImageSequence: { vr: 'SQ', value: [{ ReferencedSOPInstanceUID: '1.2.3' }], declaredLength: 4 },
  });
  return [
    file('sequence-unterminated.dcm', 'reject', 'a sequence of undefined length that never ends', endless),
    file('item-longer-than-sequence.dcm', 'reject', 'an item longer than its sequence', item),
  ];
}

export function wrongMetaLengths(): HostileFile[] {
  const short = small('meta', {}, { metaElements: { FileMetaInformationGroupLength: 4 } });
  const huge = small('meta2', {}, { metaElements: { FileMetaInformationGroupLength: 0x7fffffff } });
  return [
    file('wrong-meta-length.dcm', 'recover', 'a group 0002 length that is too short', short),
    file('huge-meta-length.dcm', 'recover', 'a group 0002 length of 2 GiB', huge),
  ];
}

export function nestings(): HostileFile[] {
  return [
    file('nesting-64.dcm', 'accept', '64 sequences within each other', small('nesting-64', nested(64, true))),
    file('nesting-65.dcm', 'reject', '65 sequences within each other, defined lengths', small('nesting-65', nested(65, false))),
    file('nesting-2000.dcm', 'reject', '2,000 sequences within each other', nestedFlat('nesting-2000', 2000)),
    file('nesting-100000.dcm', 'reject', '100,000 sequences within each other', nestedFlat('nesting-100000', 100_000)),
  ];
}
