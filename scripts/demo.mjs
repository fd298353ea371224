// `npm run demo`: fills an empty server with the project's own generated studies.
process.argv.splice(2, 0, 'demo');
await import('./cli.mjs');
