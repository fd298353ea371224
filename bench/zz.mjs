// bench/zz.ts
import pg from "pg";

// apps/server/src/platform/postgres/embedded.ts
import path2 from "node:path";
import { Client as Client3 } from "pg";

// apps/server/src/kernel/start-error.ts
var StartError = class extends Error {
  code;
  constructor(code, message, cause) {
    super(message, cause === void 0 ? void 0 : { cause });
    this.name = "StartError";
    this.code = code;
  }
};

// apps/server/src/platform/postgres/binaries.ts
var postgresMajor = "18";

// apps/server/src/platform/postgres/socket-dir.ts
var socketPort = 5432;
var longestSocketPath = process.platform === "linux" ? 107 : 103;
var socketName = `.s.PGSQL.${socketPort}`;

// apps/server/src/platform/postgres/cluster.ts
var superuser = "postgres";

// apps/server/src/platform/postgres/postmaster.ts
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";

// apps/server/src/kernel/running.ts
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

// apps/server/src/platform/postgres/postmaster.ts
var neverAPid = 4194305;
function findPostmaster(clusterDir) {
  const file = path.join(clusterDir, "postmaster.pid");
  let lines;
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return void 0;
  }
  const pid = Math.abs(Number.parseInt(lines[0] ?? "", 10));
  if (!Number.isInteger(pid) || pid === 0 || !isRunning(pid)) return void 0;
  if (isAlive(pid) && isPostmasterOf(pid, clusterDir)) return { pid, socketDir: lines[4] ?? "" };
  writeFileSync(file, [String(neverAPid), ...lines.slice(1)].join("\n"));
  return void 0;
}
function isAlive(pid) {
  if (!isRunning(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
function isPostmasterOf(pid, clusterDir) {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
    return stdout.includes("postgres") && stdout.includes(clusterDir);
  }
  try {
    const program = path.basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ""));
    return program === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
  } catch {
    return false;
  }
}

// apps/server/src/platform/postgres/roles.ts
import { Client } from "pg";
var ownerRole = "negatoscope_owner";
var appRole = "negatoscope_app";
var databaseName = "negatoscope";

// apps/server/src/platform/postgres/server.ts
import { setTimeout as sleep } from "node:timers/promises";
import { Client as Client2 } from "pg";
var largestLogBytes = 10 * 1024 * 1024;
var usuallyReadyMs = 10 * 6e4;
async function waitUntilReady(probe, patienceMs, givenUp = () => false, log) {
  const started = Date.now();
  let told = started;
  for (; ; ) {
    const failure = await tryConnect(probe);
    if (failure === void 0) return;
    if (givenUp() || Date.now() - started > patienceMs)
      throw new StartError("POSTGRES_START", `the database does not answer: ${failure}`);
    if (Date.now() - told > 1e4) {
      told = Date.now();
      log?.warn(`waiting for the database: ${failure}`);
    }
    await sleep(20);
  }
}
async function tryConnect(probe) {
  const client = new Client2({ ...probe, connectionTimeoutMillis: 5e3 });
  client.on("error", () => void 0);
  try {
    await client.connect();
    return void 0;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => void 0);
  }
}

// apps/server/src/platform/postgres/embedded.ts
var RECOVERY_WITHIN_MS = 24 * 36e5;
async function findEmbeddedPostgres(dataDir) {
  const running = findPostmaster(path2.join(dataDir, "postgres", postgresMajor));
  if (running === void 0) return void 0;
  await waitUntilReady(superuserConfig(running.socketDir), 6e4);
  return { ...roleConfigs(running.socketDir), superuser: superuserConfig(running.socketDir) };
}
function superuserConfig(socketDir) {
  return { host: socketDir, port: socketPort, user: superuser, database: "postgres" };
}
function roleConfigs(socketDir) {
  const base = { host: socketDir, port: socketPort, database: databaseName };
  return { owner: { ...base, user: ownerRole }, app: { ...base, user: appRole } };
}

// bench/zz.ts
var database = await findEmbeddedPostgres("/tmp/j");
var c = new pg.Client(database.owner);
await c.connect();
var q = async (t, v = []) => {
  const r = await c.query(t, v);
  for (const row of r.rows) console.log(Object.values(row).join(" | "));
};
var A = "'019a0000-0000-7000-8000-00000000002a'";
for (const lim of ["101", "10001"]) for (let i = 0; i < 2; i++) {
  await q(`EXPLAIN (ANALYZE, BUFFERS) SELECT e.* FROM audit_events e WHERE e.actor_id = ${A} AND e.action = ANY(ARRAY['patient.exported']) ${lim === "101" ? "ORDER BY e.occurred_at DESC, e.id DESC" : ""} LIMIT ${lim}`);
}
await q("select indexrelname, pg_size_pretty(pg_relation_size(indexrelid)) from pg_stat_user_indexes where relname='audit_events'");
await c.end();
