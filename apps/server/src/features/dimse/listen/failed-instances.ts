import { EXPLICIT_VR_LITTLE_ENDIAN } from '@negatoscope/dicom';

/** Longest value that has a length of 16 bits (PS3.5 7.1.2), and an even one. */
const MOST_BYTES = 0xfffe;

/** As many UIDs as one element holds in any form. */
function joined(uids: Iterable<string>): string {
  let text = '';
  for (const uid of uids) {
    if (text.length + uid.length + 1 > MOST_BYTES) break;
    text += text === '' ? uid : `\\${uid}`;
  }
  return text.length % 2 === 0 ? text : `${text}\0`;
}

/** Failed SOP Instance UID List (0008,0058) alone, as a response has it (PS3.4 C.4.2.1.4.2): no character set stands beside it. */
export function failedInstances(uids: Iterable<string>, transferSyntaxUid: string): Uint8Array {
  const value = Buffer.from(joined(uids), 'latin1');
  const header = Buffer.from([0x08, 0, 0x58, 0, 0, 0, 0, 0]);
  if (transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN) {
    header.write('UI', 4, 'latin1');
    header.writeUInt16LE(value.length, 6);
  } else header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}
