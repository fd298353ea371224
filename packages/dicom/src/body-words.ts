import { lines } from './body-parts';

/** Beginnings of words, French and English, in small letters without accents; a word that ends with `.` is whole. */
export const WORDS = lines(`
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
export const OF_SPINE = lines(`
  CSPINE: cervic
  TSPINE: thora dors
  LSPINE: lomb lumb
  SSPINE: sacr coccyx`);
export const SPINE_WORD = /^(?:rachis|rachid|spin|colonne|vertebr|dorsolomb)/;
