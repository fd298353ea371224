import { Failure } from '../../kernel/failure.ts';

const FEWEST_CHARACTERS = 12;
/** bcrypt reads no further. */
export const MOST_BYTES = 72;
const FEWEST_DIFFERENT = 5;

const COMMON = [
  ...['password', 'passwort', 'passw', 'motdepasse', 'azertyuiop', 'azerty', 'qwertyuiop', 'qwerty', 'qwertz', 'administrateur'],
  ...[
    'administrator',
    'admin',
    'root',
    'user',
    'utilisateur',
    'welcome',
    'bienvenue',
    'bonjour',
    'letmein',
    'iloveyou',
    'changeme',
  ],
  ...['changezmoi', 'secret', 'soleil', 'doudou', 'chouchou', 'jetaime', 'marseille', 'monkey', 'dragon', 'football', 'princess'],
  ...['sunshine', 'trustno', 'superman', 'batman', 'master', 'login', 'test', 'demo', 'default', 'guest', 'negatoscope'],
  ...['radiologie', 'radiologue', 'radiology', 'radiologist', 'hopital', 'hospital', 'clinique', 'clinic', 'docteur', 'doctor'],
  ...[
    'medecin',
    'medecine',
    'pacs',
    'dicom',
    'orthanc',
    'scanner',
    'imagerie',
    'abcdefghijkl',
    'abcdefgh',
    'qwertyuiopas',
    'azertyuiopqs',
  ],
];
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '1234567890123456',
  'azertyuiopqsdfghjklmwxcvbn',
  'qwertyuiopasdfghjklzxcvbnm',
];
const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** One spelling for the same characters, however the keyboard composes them. */
export const normalisePassword = (password: string): string => password.normalize('NFC');

const lettersOf = (text: string): string => text.replaceAll(/[^a-z]/g, '');
const plain = (text: string): string => text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');

/** Made of nothing but common words, one or several times, with digits and signs between. */
function isCommon(password: string): boolean {
  const readings = [lettersOf(password), lettersOf([...password].map((sign) => LOOKALIKES[sign] ?? sign).join(''))];
  return readings.some((letters) => {
    let rest = letters;
    for (const word of COMMON) rest = rest.replaceAll(word, '');
    return rest.length <= 2 && password.length - letters.length + rest.length < FEWEST_CHARACTERS;
  });
}

const isRun = (password: string): boolean =>
  ROWS.some((row) => row.includes(password) || [...row].reverse().join('').includes(password));

function isTheAddress(password: string, email: string): boolean {
  const address = plain(email);
  const name = address.split('@')[0] ?? '';
  return password === address || (name.length >= 4 && password.includes(name) && password.length - name.length < 6);
}

/**
 * Refuses a new password: PASSWORD_TOO_LONG over 72 bytes of UTF-8; WEAK_PASSWORD under 12 characters, for the person's own
 * address, for runs and for passwords made of the words that everyone tries first.
 */
export function checkNewPassword(given: string, email: string): void {
  const password = normalisePassword(given);
  if (Buffer.byteLength(password, 'utf8') > MOST_BYTES) throw new Failure('PASSWORD_TOO_LONG');
  const text = plain(password);
  const tooFew = [...password].length < FEWEST_CHARACTERS || new Set(text).size < FEWEST_DIFFERENT;
  if (tooFew || password.includes('\0') || isTheAddress(text, email) || isCommon(text) || isRun(text)) {
    throw new Failure('WEAK_PASSWORD');
  }
}
