import type { auth as french } from '../fr/auth.ts';

export const auth: typeof french = {
  tagline: 'Your images, on a light box.',
  lead: 'X-rays, CT and MR: dropped in one gesture, found in a second, read in the browser.',
  signIn: 'Sign in',
  signInTitle: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  forgotten: 'Forgotten your password? The administrator can give you a new one.',
  point1Title: 'Import',
  point1: 'A folder, a CD or a ZIP, just as it is.',
  point2Title: 'Find',
  point2: 'Without accents or word order, from the first letters.',
  point3Title: 'Read',
  point3: 'The first image before all the others.',
  footer: 'All data stays on this server.',
};
