// A program takes and gives back a lock so many times a second, for ten seconds, and sends its trace over a local
// socket: does all of it arrive, and what is the most that does?
// `node bench/trace/live.mjs [millions of events a second…]`
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleInstrument, bundleLibrary } from "../library.mjs";

const rates = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "lockscope-bench-"));
const library = await bundleLibrary(folder, "seam");
const register = await bundleInstrument(folder);
const program = fileURLToPath(new URL("live-program.mjs", import.meta.url));
const HEADER = 32;

/** Counts what batches say of themselves, and keeps nothing. */
class Counter {
  rows = 0;
  dropped = 0;
  bytes = 0;
  #rest = Buffer.alloc(0);
  #started = false;

  push(chunk) {
    this.bytes += chunk.length;
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    if (!this.#started) {
      at = buffer.indexOf(0x0a) + 1;
      this.#started = at > 0;
    }
    while (this.#started && buffer.length - at >= HEADER) {
      const rows = buffer.readUInt16LE(at + 28);
      const length = HEADER + buffer.readUInt32LE(at + 24) + rows * 16;
      if (buffer.length - at < length) break;
      this.rows += rows;
      this.dropped += buffer.readUInt32LE(at + 20);
      at += length;
    }
    this.#rest = buffer.subarray(at);
  }
}

async function measure(rate) {
  const pipe = join(folder, `${rate}.sock`);
  const counter = new Counter();
  const server = createServer((socket) => socket.on("data", (chunk) => counter.push(chunk)));
  server.listen(pipe);
  await once(server, "listening");
  const child = spawn(process.execPath, ["--import", register, program], {
    env: {
      ...process.env,
      LIBRARY: library,
      RATE: String(rate * 1e6),
      LOCKSCOPE_TRACE: `pipe:${pipe}`,
      LOCKSCOPE_STACKS: "off",
      LOCKSCOPE_SITES: "stack",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  await once(child, "close");
  server.close();
  return { ...JSON.parse(said), rows: counter.rows, dropped: counter.dropped, bytes: counter.bytes };
}

for (const rate of rates.length > 0 ? rates : [1, 2, 4]) {
  const { events, seconds, rows, dropped, bytes } = await measure(rate);
  const reached = (events / seconds / 1e6).toFixed(2);
  const lost =
    dropped === 0 ? "none lost" : `${((100 * dropped) / (rows + dropped)).toFixed(1)} % dropped and counted`;
  console.log(
    `${rate} M events a second asked for: ${reached} M written for ${seconds.toFixed(1)} s, ` +
      `${(rows / seconds / 1e6).toFixed(2)} M delivered, ${lost}; ${(bytes / rows).toFixed(1)} bytes an event`,
  );
  if (rows + dropped < events) throw new Error(`${events - rows - dropped} events are unaccounted for`);
}
rmSync(folder, { recursive: true });
