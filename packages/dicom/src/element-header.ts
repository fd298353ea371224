import { type ByteWindow, type END, type MORE, READY } from './byte-window.ts';
import { findEntry } from './dictionary/entries.ts';
import { implicitVr } from './implicit-vr.ts';
import type { Level } from './level.ts';
import { tagText } from './tag-text.ts';
import type { WarningCode } from './types.ts';
import { isVrShaped, UN, type VrInfo, vrByCode } from './vr.ts';

export const UNDEFINED_LENGTH = 0xffffffff;

/** The header of one data element (PS3.5 7.1); one object is reused for all. */
export class ElementHeader {
  tag = 0;
  vr: VrInfo = UN;
  length = 0;
  /** Bytes before the value: 8 or 12. */
  headerBytes = 8;
  /** Eight hexadecimal digits. */
  key = '';
  /** True when the file says UN, whatever `vr` says. */
  wasUnknown = false;
  warning: WarningCode | undefined;

  /** Reads the header at the position of the window, whose first 8 bytes are READY. */
  read(window: ByteWindow, level: Level, tag: number): typeof READY | typeof MORE | typeof END {
    this.tag = tag;
    this.warning = undefined;
    this.wasUnknown = false;
    const at = window.index;
    const view = window.view;
    const entry = findEntry(tag);
    // Of a repeating group (50xx, 60xx) the entry has the tag of its first.
    const group = tag >>> 24;
    this.key = entry === undefined || group === 0x50 || group === 0x60 ? tagText(tag) : entry.tag;
    const code = level.isExplicit ? view.getUint16(at + 4, false) : 0;
    if (!level.isExplicit || !isVrShaped(code)) {
      // A VR that is not two letters: writers that lose their way mid-file fall back to implicit VR.
      if (level.isExplicit) this.warning = 'INVALID_VR';
      this.vr = implicitVr(entry?.vr, tag, level);
      this.length = view.getUint32(at + 4, level.littleEndian);
      this.headerBytes = 8;
      return READY;
    }
    const info = vrByCode(code);
    // Unknown VRs have the long form (PS3.5 6.2), unless what should be reserved bytes is in use.
    const isLong = info?.isLong ?? view.getUint16(at + 6, false) === 0;
    if (info === undefined) this.warning = 'INVALID_VR';
    this.vr = info ?? UN;
    this.wasUnknown = this.vr.name === 'UN';
    if (this.wasUnknown && entry !== undefined) this.vr = implicitVr(entry.vr, tag, level);
    if (!isLong) {
      this.length = view.getUint16(at + 6, level.littleEndian);
      this.headerBytes = 8;
      return READY;
    }
    const status = window.status(12);
    if (status !== READY) return status;
    this.length = view.getUint32(at + 8, level.littleEndian);
    this.headerBytes = 12;
    return READY;
  }
}
