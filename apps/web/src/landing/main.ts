import './landing.css';
import { keepFilesLater } from '../kept/register.ts';
import { startLanding } from './start.ts';

startLanding(document);
keepFilesLater();
