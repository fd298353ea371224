// `node start.mjs`: Negatoscope from the archive that `npm run bundle` makes. `node start.mjs doctor` and other words are commands.
// Older syntax than elsewhere, so that an old Node.js comes as far as the sentence that says so.
import { readFileSync } from 'node:fs';

const { platform, arch, version } = JSON.parse(readFileSync(new URL('./bundle.json', import.meta.url), 'utf8'));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Negatoscope needs Node.js 20.19 or newer, this is ${process.versions.node}: install a newer Node.js`);
}
if (process.platform !== platform || process.arch !== arch) {
  stop(`This archive is for ${platform}-${arch}, this machine is ${process.platform}-${process.arch}: take the archive for it`);
}
if (process.argv[2] === '--version') {
  console.log(version);
  process.exit(0);
}
// Libraries choose their production code by it.
if (process.env.NODE_ENV === undefined) process.env.NODE_ENV = 'production';
// The server in this same process: signals reach it directly.
await import(process.argv.length > 2 ? './apps/server/dist/cli.js' : './apps/server/dist/main.js');

function stop(message) {
  console.error(message);
  process.exit(1);
}
