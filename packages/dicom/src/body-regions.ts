/** A region of the body, by a value of Body Part Examined (PS3.16 Annex L) or a name of ours for what has none. */
export type Region = string;

const lines = (text: string): (readonly [string, readonly string[]])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', words = ''] = line.trim().split(/:\s*/);
      return [name, words.split(' ')];
    });

/** Each region and what is a part of it. */
const PARTS = lines(`
  WHOLEBODY: HEAD NECK SPINE CHEST BREAST ABDOMEN PELVIS UPPERLIMB LOWERLIMB
  HEAD: BRAIN FACE EAR
  FACE: ORBIT NOSE JAW
  NECK: THYROID LARYNX CAROTID
  SPINE: CSPINE TSPINE LSPINE SSPINE
  CHEST: HEART RIB
  ABDOMEN: LIVER KIDNEY PANCREAS SPLEEN STOMACH COLON
  PELVIS: BLADDER PROSTATE UTERUS RECTUM HIP
  UPPERLIMB: SHOULDER HUMERUS ELBOW FOREARM WRIST HAND
  LOWERLIMB: FEMUR KNEE LEG ANKLE FOOT`);

/** Parts whose pictures show their neighbours within the same region as well. */
const SHOWN_TOGETHER = new Set(['HEAD', 'FACE', 'NECK', 'CHEST', 'ABDOMEN', 'PELVIS']);

/** Regions that border on each other. */
const BORDERS = lines(`
  HEAD: NECK
  NECK: CSPINE CHEST
  CSPINE: TSPINE
  TSPINE: LSPINE CHEST
  LSPINE: SSPINE ABDOMEN
  SSPINE: PELVIS
  CHEST: ABDOMEN BREAST SHOULDER
  ABDOMEN: PELVIS
  SHOULDER: HUMERUS
  ELBOW: HUMERUS FOREARM
  WRIST: FOREARM HAND
  HIP: FEMUR
  KNEE: FEMUR LEG
  ANKLE: LEG FOOT`);

/** Other values of Body Part Examined, of PS3.16 Annex L and as devices write them, without spaces, and the regions that they mean. */
const CALLED = lines(`
  CHEST: THORAX LUNG LUNGS MEDIASTINUM BRONCHUS TRACHEA THYMUS ESOPHAGUS POUMON POUMONS
  HEART: CORONARYARTERY CARDIAC COEUR
  RIB: RIBS STERNUM CLAVICLES
  BREAST: AXILLA SEIN SEINS
  HEAD: SKULL CRANE TETE SCALP CRANIUM
  BRAIN: CEREBELLUM CIRCLEOFWILLIS CERVEAU ENCEPHALE
  FACE: CHEEK ZYGOMA PAROTID
  ORBIT: EYE EYELID CORNEA SCLERA ORBITS OEIL
  NOSE: SINUS SINUSES PARANASALSINUS
  JAW: MANDIBLE MAXILLA TMJOINT TMJ TEETH MOUTH TONGUE DENTAL JAWREGION
  EAR: IAC TEMPORALBONE
  NECK: PHARYNX SUBMANDIBULAR COU CERVICAL
  THYROID: PARATHYROID
  SPINE: BACK RACHIS COLONNE WHOLESPINE
  CSPINE: CERVICALSPINE RACHISCERVICAL
  TSPINE: DSPINE THORACICSPINE DORSALSPINE RACHISDORSAL
  LSPINE: LUMBARSPINE LUMBAR RACHISLOMBAIRE
  SSPINE: COCCYX SACRUM
  CSPINE TSPINE: CTSPINE
  TSPINE LSPINE: TLSPINE
  LSPINE SSPINE: LSSPINE
  LIVER: GALLBLADDER FOIE
  KIDNEY: ADRENAL URETER RENAL REINS
  STOMACH: DUODENUM
  COLON: ILEUM JEJUNUM
  PELVIS: BUTTOCK ILIUM OVARY PENIS SCROTUM TESTIS VAGINA VULVA BASSIN CERVIX
  BLADDER: URETHRA
  HIP: HIPS HANCHE
  CHEST ABDOMEN: CHESTABDOMEN AORTA THORACICAORTA
  ABDOMEN PELVIS: ABDOMENPELVIS ABDOPELVIS ABDPELVIS
  CHEST ABDOMEN PELVIS: CHESTABDPELVIS TAP CAP CHESTABDOMENPELVIS
  NECK CHEST: NECKCHEST
  NECK CHEST ABDOMEN: NECKCHESTABDOMEN
  NECK CHEST ABDOMEN PELVIS: NECKCHESTABDPELV NECKCHESTABDPELVIS
  HEAD NECK: HEADNECK
  UPPERLIMB LOWERLIMB: EXTREMITY LIMB LIMBS
  UPPERLIMB: UPPEREXTREMITY ARM ARMS
  LOWERLIMB: LOWEREXTREMITY
  SHOULDER: CLAVICLE SCAPULA EPAULE
  ELBOW: COUDE
  FOREARM: RADIUS ULNA
  WRIST: POIGNET
  HAND: FINGER THUMB MAIN FINGERS HANDS
  FEMUR: THIGH
  KNEE: PATELLA GENOU KNEES
  LEG: CALF TIBIA JAMBE LOWERLEG
  ANKLE: CHEVILLE
  FOOT: CALCANEUS TOE PIED FEET TOES`);

/** Beginnings of words, French and English, in small letters without accents; a word that ends with `.` is whole. */
const WORDS = lines(`
  CHEST: thora pulmo poumon lung chest bronch mediastin rp.
  HEART: card echocard coeur. heart. coronar coronair
  RIB: costal cotes. rib. ribs. stern
  BREAST: sein. seins. breast mamm
  HEAD: head. tete. crani crane. skull
  BRAIN: brain cereb cerve encephal hypophys pituit
  FACE: facial
  ORBIT: orbit oeil. eye.
  NOSE: sinus. sinuses. nasal
  JAW: mandib maxill dent. dents. dentaire dental panoram
  EAR: rocher. rochers. mastoid
  NECK: cou. neck
  THYROID: thyro
  LARYNX: laryn pharyn
  CAROTID: caroti
  ABDOMEN: abdo asp. intestin
  LIVER: hepat foie liver bili vesicul. gallbladder
  KIDNEY: rein. reins. renal renaux kidney uroscan urograph
  PANCREAS: pancrea
  SPLEEN: spleen splen
  STOMACH: estomac gastr stomach
  COLON: colon. coloscan colonoscop
  PELVIS: pelvi bassin ovar ovaire obstet foet fetal
  BLADDER: vessie bladder cysto
  PROSTATE: prostat
  UTERUS: uter hyster
  RECTUM: rectum rectal
  HIP: hanche hip. hips. coxo
  SHOULDER: epaule shoulder clavic scapul omoplat
  HUMERUS: humer bras. arm.
  ELBOW: coude. coudes. elbow
  FOREARM: forearm avantbras radius. ulna
  WRIST: poignet wrist scaphoid
  HAND: main. mains. hand. hands. doigt finger pouce thumb
  FEMUR: femur femor cuisse thigh
  KNEE: genou knee rotul patell
  LEG: jambe leg. legs. tibia
  ANKLE: cheville ankle
  FOOT: pied. pieds. foot. feet. calcan orteil toe. toes.
  SSPINE: sacr coccyx
  LSPINE: lomb lumb
  CHEST ABDOMEN PELVIS: tap. cap. atap.
  CHEST ABDOMEN: aort
  WHOLEBODY: wholebody corpsentier bodyscan`);

/** Beside a word for the spine these mean its parts. */
const OF_SPINE = lines(`
  CSPINE: cervic
  TSPINE: thora dors
  LSPINE: lomb lumb
  SSPINE: sacr coccyx`);
const SPINE_WORD = /^(?:rachis|rachid|spin|colonne|vertebr|dorsolomb)/;

const PARENTS = new Map(PARTS.flatMap(([whole, parts]) => parts.map((part) => [part, whole] as const)));
const KNOWN = new Map<string, readonly Region[]>([
  ...PARTS.flatMap(([whole, parts]) => [whole, ...parts].map((name) => [name, [name]] as const)),
  ...CALLED.flatMap(([regions, names]) => names.map((name) => [name, regions.split(' ')] as const)),
]);
const NEIGHBOURS = new Set(BORDERS.flatMap(([one, others]) => others.flatMap((other) => [`${one} ${other}`, `${other} ${one}`])));

const plain = (text: string): string =>
  text.slice(0, 200).normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe');
/** A description says in its first words what it is of. */
const MOST_WORDS = 30;
const wordsOf = (text: string): string[] =>
  plain(text)
    .replaceAll(/\b(avant|whole|corps|total)[\s-]+(bras|body|entier)/g, '$1$2')
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);

/** Beginnings of words with what they mean, by their first letter: hostile texts have many words. */
type Index = ReadonlyMap<string, readonly (readonly [string, readonly Region[]])[]>;
function indexOf(among: ReturnType<typeof lines>): Index {
  const index = new Map<string, (readonly [string, readonly Region[]])[]>();
  for (const [regions, beginnings] of among)
    for (const beginning of beginnings) {
      const at = index.get(beginning.charAt(0)) ?? [];
      index.set(beginning.charAt(0), [...at, [beginning, regions.split(' ')]]);
    }
  return index;
}
const IN_TEXT = indexOf(WORDS);
const IN_SPINE = indexOf(OF_SPINE);

const means = (word: string, beginning: string): boolean =>
  beginning.endsWith('.') ? `${word}.` === beginning : word.startsWith(beginning);
const found = (words: readonly string[], index: Index): Region[] =>
  words.flatMap((word) =>
    (index.get(word.charAt(0)) ?? []).flatMap(([beginning, regions]) => (means(word, beginning) ? regions : [])),
  );

/** The regions that free text names, in French or English: `TDM thoraco-abdominale` is the chest and the abdomen. None for none. */
export function regionsOfText(text: string): Region[] {
  const words = wordsOf(text);
  if (words.some((word) => SPINE_WORD.test(word))) {
    const parts = [...new Set(found(words, IN_SPINE))];
    return parts.length === 0 ? ['SPINE'] : parts;
  }
  const cervical = words.some((word) => word.startsWith('cervic'));
  return [...new Set([...found(words, IN_TEXT), ...(cervical ? ['NECK'] : [])])];
}

/** The regions of a value of Body Part Examined (0018,0015), whatever a device has made of it. None for one that means nothing. */
export function regionsOfBodyPart(value: string): readonly Region[] {
  const name = plain(value)
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '');
  return KNOWN.get(name) ?? regionsOfText(value);
}

/** A region and what it is a part of, from the smallest to the whole. */
export function lineage(region: Region): Region[] {
  const parent = PARENTS.get(region);
  return parent === undefined ? [region] : [region, ...lineage(parent)];
}

/** How regions lie to each other. */
export type Relation = 'same' | 'part' | 'near' | 'apart' | 'unknown';
const CLOSEST: readonly Relation[] = ['same', 'part', 'near', 'apart'];

function relationOfTwo(one: Region, other: Region): Relation {
  if (one === other) return 'same';
  const [above, beside] = [lineage(one), lineage(other)];
  if (above.includes(other) || beside.includes(one)) return 'part';
  if (above.some((a) => beside.some((b) => NEIGHBOURS.has(`${a} ${b}`)))) return 'near';
  return above[1] !== undefined && above[1] === beside[1] && SHOWN_TOGETHER.has(above[1]) ? 'near' : 'apart';
}

/** The closest relation of any two; `unknown` where one side names none. */
export function relationOf(ones: readonly Region[], others: readonly Region[]): Relation {
  if (ones.length === 0 || others.length === 0) return 'unknown';
  const met = new Set(ones.flatMap((one) => others.map((other) => relationOfTwo(one, other))));
  return CLOSEST.find((relation) => met.has(relation)) ?? 'apart';
}

/** `L` and `R` as descriptions name the sides, in French and English. */
export function sidesOfText(text: string): ('L' | 'R')[] {
  const words = new Set(wordsOf(text));
  const has = (...names: string[]): boolean => names.some((name) => words.has(name));
  return [
    ...(has('gauche', 'gauches', 'left') ? (['L'] as const) : []),
    ...(has('droit', 'droite', 'right') ? (['R'] as const) : []),
  ];
}

/** Whether there are two of it, so that left is not right. */
export const isPaired = (region: Region): boolean =>
  ['BREAST', 'HIP', 'EAR', 'ORBIT'].includes(region) || lineage(region).some((above) => /LIMB$/.test(above));
