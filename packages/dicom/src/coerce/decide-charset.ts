import { type Charset, charsetOf } from '../charset-terms.ts';
import { jsonStrings } from '../json-access.ts';
import type { OpenDataset } from '../part10.ts';
import { tagText } from '../tag-text.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { vrByName } from '../vr.ts';
import type { Layout } from './layout.ts';
import { type Repertoire, repertoireOf } from './repertoire.ts';
import { isWritable } from './text.ts';

export const CHARACTER_SET = 0x00080005;

/** Adds Specific Character Set to `wanted` where that makes the new values exact and changes nothing else. */
export function decideCharset(
  { log }: OpenDataset,
  { json }: Layout,
  wanted: Map<number, DicomJsonElement>,
): { repertoire: Repertoire; approximated: string[] } {
  const charset = charsetOf(jsonStrings(json, tagText(CHARACTER_SET)).join('\\'));
  const repertoire = charsetRepertoire(charset, json);
  const misfits = (one: Repertoire): string[] =>
    [...wanted].filter(([, value]) => !isWritable(value, one)).map(([tag]) => tagText(tag));
  const approximated = misfits(repertoire);
  if (approximated.length === 0) return { repertoire, approximated };
  const isAscii =
    charset.kind === 'default' &&
    !charset.hasUnknownTerm &&
    log.warnings.length < 100 &&
    !log.warnings.some(({ code }) => code === 'UNCERTAIN_TEXT') &&
    !log.bulkData.some(({ vr }) => ['text', 'texts', 'name'].includes(vrByName(vr).kind));
  const exact = misfits('utf8');
  if (!isAscii || exact.length === approximated.length) return { repertoire, approximated };
  const others = [...wanted];
  wanted.clear();
  wanted.set(CHARACTER_SET, { vr: 'CS', Value: ['ISO_IR 192'] });
  for (const [tag, value] of others) wanted.set(tag, value);
  return { repertoire: 'utf8', approximated: exact };
}

/** Terms that follow an empty first one are joined with it, so that they are not taken for the first. */
function charsetRepertoire(charset: Charset, json: DicomJsonObject): Repertoire {
  const first = json[tagText(CHARACTER_SET)]?.Value?.[0];
  return typeof first === 'string' && first.trim() !== '' ? repertoireOf(charset) : 'ascii';
}
