import type { Level } from './level.ts';
import { UN, type VrInfo, vrByName } from './vr.ts';

const LUT_DATA = 0x00283006;

/** VR of an attribute whose file does not say it (PS3.5 A.1 and 7.8.1). */
export function implicitVr(vr: string | undefined, tag: number, level: Level): VrInfo {
  switch (vr) {
    case undefined: {
      const element = tag & 0xffff;
      const isCreator = ((tag >>> 16) & 1) === 1 && element >= 0x10 && element <= 0xff;
      if (isCreator) return vrByName('LO');
      return element === 0 ? vrByName('UL') : UN;
    }
    case 'OX':
      return vrByName('OW');
    case 'XS':
      return vrByName(level.pixelRepresentation === 1 ? 'SS' : 'US');
    case 'XL':
      return vrByName(tag === LUT_DATA && level.lutEntries === 1 ? 'US' : 'OW');
    default:
      return vrByName(vr);
  }
}
