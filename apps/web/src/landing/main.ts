import './landing.css';
import { keepFilesLater } from '../kept/register.ts';
import { awaitLetters } from './letters.ts';
import { startLanding } from './start.ts';

void awaitLetters(document);
startLanding(document);
keepFilesLater();
