export { type Upgraded, upgradeDatabase } from './upgrade.ts';
