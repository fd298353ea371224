import { describe, expect, it } from 'vitest';
import { KNOWN, PARENTS } from './body-parts.ts';
import { isPaired, regionLineage, regionsOfBodyPart, regionsOfText, relationOfRegions, sidesOfText } from './index.ts';

/** Body Part Examined (0018,0015): defined terms of PS3.16 table L-1. */
const DEFINED =
  `ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST BRONCHUS BUTTOCK CALCANEUS CALF CAROTID CEREBELLUM
  CSPINE CTSPINE CERVIX CHEEK CHEST CHESTABDOMEN CHESTABDPELVIS CIRCLEOFWILLIS CLAVICLE COCCYX COLON CORNEA CORONARYARTERY DUODENUM EAR ELBOW
  WHOLEBODY ESOPHAGUS EXTREMITY EYE EYELID FACE FEMUR FINGER FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS ILEUM ILIUM IAC JAW
  JEJUNUM KIDNEY KNEE LARYNX LIVER LEG LSPINE LSSPINE LUNG MAXILLA MEDIASTINUM MOUTH NECK NECKCHEST NECKCHESTABDOMEN NECKCHESTABDPELV NOSE ORBIT
  OVARY PANCREAS PAROTID PATELLA PELVIS PENIS PHARYNX PROSTATE RECTUM RIB SSPINE SCALP SCLERA SCAPULA SCROTUM SHOULDER SKULL SPINE SPLEEN STERNUM
  STOMACH SUBMANDIBULAR TMJOINT TESTIS THIGH TSPINE TLSPINE THUMB THYMUS THYROID TOE TONGUE TRACHEA URETER URETHRA UTERUS VAGINA VULVA WRIST ZYGOMA`
    .trim()
    .split(/\s+/);

describe('Body Part Examined (PS3.16 annex L)', () => {
  it.each(DEFINED)('%s is a region of the body, or several', (term) => {
    const regions = KNOWN.get(term) ?? [];
    expect(regions.length).toBeGreaterThan(0);
    for (const region of regions) expect([region, regionLineage(region).at(-1)]).toEqual([region, 'WHOLEBODY']);
  });

  it.each([
    ['CHESTABDPELVIS', ['CHEST', 'ABDOMEN', 'PELVIS']],
    ['NECKCHESTABDPELV', ['NECK', 'CHEST', 'ABDOMEN', 'PELVIS']],
    ['CTSPINE', ['CSPINE', 'TSPINE']],
    ['Thorax ', ['CHEST']],
    ['C-SPINE', ['CSPINE']],
    ['Épaule', ['SHOULDER']],
    ['Œil', ['ORBIT']],
    ['rachis lombaire', ['LSPINE']],
    // What no list has is read as words.
    ['THORAX ABDOMINAL', ['CHEST', 'ABDOMEN']],
    ['KNEE_LEFT', ['KNEE']],
    ['', []],
    ['UNKNOWN', []],
  ])('%j as devices write it is %j', (value, regions) => expect(regionsOfBodyPart(value)).toEqual(regions));
});

describe('regions that free text names', () => {
  it.each([
    ['TDM thoraco-abdominale', ['CHEST', 'ABDOMEN']],
    ['Radio du poumon', ['CHEST']],
    ['CT Head without contrast', ['HEAD']],
    ['IRM cérébrale', ['BRAIN']],
    ['RP face', ['CHEST']],
    ['Échographie hépatique', ['LIVER']],
    ['Scanner TAP', ['CHEST', 'ABDOMEN', 'PELVIS']],
    ['Avant-bras droit', ['FOREARM']],
    ['bras', ['HUMERUS']],
    ['Whole body PET', ['WHOLEBODY']],
    // Beside a word for the spine, `thoracic` and `lumbar` are parts of it.
    ['Rachis thoraco-lombaire', ['TSPINE', 'LSPINE']],
    ['Cervical spine', ['CSPINE']],
    ['Rachis', ['SPINE']],
    ['Scanner cervical', ['NECK']],
    ['Cervical cervicales', ['NECK']],
    // A whole word is not the beginning of another.
    ['maintenance', []],
    ['headache', []],
    ['legende', []],
    ['', []],
  ])('%j: %j', (text, regions) => expect(regionsOfText(text)).toEqual(regions));

  it('are looked for in the first thirty words of it, and in 200 characters', () => {
    expect(regionsOfText(`${'x '.repeat(29)}foie`)).toEqual(['LIVER']);
    expect(regionsOfText(`${'x '.repeat(30)}foie`)).toEqual([]);
    expect(regionsOfText(`${'x'.repeat(195)} foie`)).toEqual(['LIVER']);
    expect(regionsOfText(`${'x'.repeat(196)} foie`)).toEqual([]);
  });

  it.each([
    ['Genou gauche', ['L']],
    ['RIGHT HAND', ['R']],
    ['Épaule droite', ['R']],
    ['mains droit et gauches', ['L', 'R']],
    ['endroit', []],
    ['leftover', []],
  ])('%j says the sides %j', (text, sides) => expect(sidesOfText(text)).toEqual(sides));
});

describe('how regions lie to each other', () => {
  it.each([
    ['CHEST', 'CHEST', 'same'],
    ['HEART', 'CHEST', 'part'],
    ['LOWERLIMB', 'KNEE', 'part'],
    ['HEAD', 'NECK', 'near'],
    // What lies in regions that border on each other is near; so is what one picture of the region above shows together.
    ['BRAIN', 'THYROID', 'near'],
    ['LIVER', 'KIDNEY', 'near'],
    ['KNEE', 'FEMUR', 'near'],
    // Limbs have parts that no picture shows together.
    ['HAND', 'SHOULDER', 'apart'],
    ['FOOT', 'HAND', 'apart'],
    ['BRAIN', 'KNEE', 'apart'],
  ])('%s and %s: %s, both ways', (one, other, relation) => {
    expect(relationOfRegions([one], [other])).toBe(relation);
    expect(relationOfRegions([other], [one])).toBe(relation);
  });

  it('of several it is the closest of any two; of none it is unknown', () => {
    expect(relationOfRegions(['KNEE', 'HEART'], ['BRAIN', 'CHEST'])).toBe('part');
    expect(relationOfRegions(['KNEE'], ['BRAIN', 'HAND'])).toBe('apart');
    expect(relationOfRegions([], ['CHEST'])).toBe('unknown');
    expect(relationOfRegions(['CHEST'], [])).toBe('unknown');
  });

  it('every region but the whole has one above it, and the way up ends', () => {
    expect(regionLineage('ORBIT')).toEqual(['ORBIT', 'FACE', 'HEAD', 'WHOLEBODY']);
    for (const region of PARENTS.keys()) expect(regionLineage(region).length).toBeLessThan(6);
  });

  it.each([
    ['KNEE', true],
    ['HAND', true],
    ['UPPERLIMB', true],
    ['BREAST', true],
    ['HIP', true],
    ['ORBIT', true],
    ['EAR', true],
    ['CHEST', false],
    ['LIVER', false],
    ['WHOLEBODY', false],
  ])('there are two of %s: %s', (region, paired) => expect(isPaired(region)).toBe(paired));
});
