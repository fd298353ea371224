import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { answers, type Running, startProgram } from './child.ts';
import { given } from './given.ts';

const PORTS = { orthanc: 8060, nginx: 8062, whole: 8064, each: 8066 } as const;
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

export interface Peer extends Running {
  readonly baseUrl: string;
}

/** Orthanc with its DICOMweb plugin and its defaults (SyncStorageArea included), or undefined where it is not installed. */
export async function startOrthanc(
  bench: Bench,
  storage = mkdtempSync(path.join(bench.temp, 'orthanc-')),
  /** More of its configuration. */
  more: Readonly<Record<string, unknown>> = {},
): Promise<Peer | undefined> {
  if (!existsSync(PLUGIN)) {
    bench.results.note('Orthanc and its DICOMweb plugin are not installed: no figures for them.');
    return undefined;
  }
  mkdirSync(storage, { recursive: true });
  const config = {
    Name: 'bench',
    StorageDirectory: storage,
    IndexDirectory: storage,
    Plugins: [PLUGIN],
    HttpPort: PORTS.orthanc,
    DicomServerEnabled: false,
    AuthenticationEnabled: false,
    RemoteAccessAllowed: false,
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
    ...more,
  };
  const file = path.join(bench.temp, 'orthanc.json');
  writeFileSync(file, JSON.stringify(config));
  const baseUrl = `http://127.0.0.1:${PORTS.orthanc}`;
  const running = await startProgram('Orthanc', [file], { isReady: () => answers(`${baseUrl}/system`) });
  bench.defer(running.stop);
  return { ...running, baseUrl };
}

/** nginx with sendfile over one folder of files, or undefined where it is not installed. */
export async function startNginx(bench: Bench, root: string): Promise<Peer | undefined> {
  if (!existsSync('/usr/sbin/nginx')) {
    bench.results.note('nginx is not installed: no figures for it.');
    return undefined;
  }
  const folder = mkdtempSync(path.join(bench.temp, 'nginx-'));
  const config = `
    ${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type application/octet-stream;
      client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
      server { listen 127.0.0.1:${PORTS.nginx}; root ${root}; } }`;
  writeFileSync(path.join(folder, 'nginx.conf'), config);
  const baseUrl = `http://127.0.0.1:${PORTS.nginx}`;
  const running = await startProgram('/usr/sbin/nginx', ['-c', path.join(folder, 'nginx.conf')], {
    isReady: () => answers(baseUrl),
  });
  bench.defer(running.stop);
  return { ...running, baseUrl };
}

/** The limit of ingest: a node:http server that receives, hashes, writes, fsyncs and renames each body, whole or each part of it. */
export async function startBare(bench: Bench, files: 'whole' | 'each'): Promise<Peer & { readonly folder: string }> {
  const folder = mkdtempSync(path.join(bench.temp, 'bare-'));
  const args = [path.join(given('BENCH_BUNDLES'), 'bench-bare-server.mjs'), String(PORTS[files]), folder, files];
  const baseUrl = `http://127.0.0.1:${PORTS[files]}`;
  const running = await startProgram(process.execPath, args, { isReady: (text) => text.includes('ready') });
  bench.defer(running.stop);
  return { ...running, baseUrl, folder };
}
