import type { DicomJsonObject } from '../types.ts';
import { shownDataset } from './dataset.ts';
import type { DeidProfile } from './types.ts';

/**
 * What a dataset may show to who sees pseudonyms: single attributes that drawing and measuring need, each by its tag. None is one on which
 * the Basic Profile with Retain UIDs and Retain Longitudinal Temporal Information with Full Dates acts (PS3.15 Table E.1-1; a test holds
 * this against the table), and none is free text but the two of DEFINED_TERMS.
 */
const GROUPS: Readonly<Record<string, string>> = {
  // Character set, class and identity of the object, its kind, dates and times, what it refers to.
  '0008':
    '0005 0008 0016 0018 0020 0021 0022 0023 002A 0030 0031 0032 0033 0060 0061 0064 0068 1115 1140 1150 1155 1160 1199 2112 2144 9007',
  // Body part; geometry and calibration of acquisition, cine times, ultrasound regions, times of frames.
  '0018':
    '0015 0040 0050 0088 1063 1065 1066 1110 1111 1114 1120 1164 1244 2010 5100 5101 6011 6012 6014 6016 6018 601A 601C 601E 6020 6022 6024 6026 6028 602A 602C 602E 9074 9151',
  // Place in the study, position and orientation, order of frames and concatenations.
  '0020':
    '000D 000E 0011 0012 0013 0020 0032 0037 0052 0060 0062 0100 0105 1002 1041 9057 9071 9072 9111 9113 9116 9128 9156 9157 9161 9162 9163 9164 9165 9167 9221 9222 9228',
  // The pixels and how they become gray or colour; whether words are burned into them.
  '0028':
    '0002 0004 0006 0008 0009 000A 0010 0011 0014 0030 0034 0051 0100 0101 0102 0103 0106 0107 0120 0121 0301 0302 0A02 1040 1041 1050 1051 1052 1053 1054 1056 1101 1102 1103 1104 1199 1201 1202 1203 1204 1221 1222 1223 2110 2112 2114 3000 3002 3004 3006 3010 3110 6010 9110 9132 9145',
  // Real world values of pixels.
  '0040': '072A 073A 074A 9096 9211 9212 9213 9214 9216 9224 9225',
  // Place of a tile in a slide.
  '0048': '0006 0007 0008 0102 021A 021E 021F',
  // Nuclear medicine: slices, units of the pixels, time of the frame.
  '0054': '0081 1000 1001 1300 1330',
  // Segmentations: which segment, in which colour.
  '0062': '0001 0002 0004 000A 000B 000D 000E',
  '2050': '0020',
  // Dose grids.
  '3004': '0002 0004 000A 000C 000E',
  // Functional groups.
  '5200': '9229 9230',
  // Pixel data, and where its frames are.
  '7FE0': '0001 0002 0008 0009 0010',
};

export const SHOWN_ATTRIBUTES: ReadonlySet<string> = new Set(
  Object.entries(GROUPS).flatMap(([group, elements]) => elements.split(' ').map((element) => group + element)),
);

/** Of study, series and instance, and of what an instance refers to: addresses of what this server answers. */
const ADDRESSES: ReadonlySet<string> = new Set('0020000D 0020000E 00080018 00081155'.split(' '));

const PROFILE: DeidProfile = {
  options: new Set(['retainUids', 'retainFullDates']),
  only: SHOWN_ATTRIBUTES,
  addresses: ADDRESSES,
};

/** What who sees pseudonyms is shown of a dataset; `named` are attributes of its patient that it may lack itself. See shownDataset. */
export const pseudonymDataset = (json: DicomJsonObject, named: DicomJsonObject = {}): DicomJsonObject =>
  shownDataset(json, PROFILE, named);

/** What Rescale Type (PS3.3 C.11.1.1.2) and Modality LUT Type may say: measured values need their unit, and these words are the standard's own. */
const UNITS: ReadonlySet<string> = new Set('OD HU US MGML Z_EFF ED EDW HU_MOD PCT'.split(' '));
/** The attributes of a free text VR that are shown, each with the only values that are. */
export const DEFINED_TERMS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['00281054', UNITS],
  ['00283004', UNITS],
]);
