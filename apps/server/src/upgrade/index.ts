export { upgradeDatabase } from './upgrade.ts';
