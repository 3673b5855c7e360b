// Memory of the language server beside tsserver's: the same project, one file open and edited a thousand times.
// `npm run build && node bench/analyzer/memory.mjs [sparse|dense] [edits]` (Linux: it reads /proc)
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { folder, makeProjects } from "./projects.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [which = "sparse", count = "1000"] = process.argv.slice(2);
const project = makeProjects()[which];
const file = join(project, which === "dense" ? "src/area19/part19.ts" : "src/app/part19.ts");
const text = readFileSync(file, "utf8");
const at = text.lastIndexOf("  await ");
const edited = (n) => `${text.slice(0, at)}  const typed${n} = ${n};\n${text.slice(at)}`;

/** Resident memory of a process, in megabytes. */
function resident(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Messages framed by Content-Length, as both servers write them. */
function messages(stream, take) {
  let rest = Buffer.alloc(0);
  stream.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const header = rest.indexOf("\r\n\r\n");
      if (header < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, header).toString())?.[1]);
      if (rest.length < header + 4 + length) return;
      const body = rest.subarray(header + 4, header + 4 + length).toString();
      rest = rest.subarray(header + 4 + length);
      take(JSON.parse(body));
    }
  });
}

async function lockscope() {
  const child = spawn(process.execPath, [join(root, "cli/bin/lockscope.mjs"), "lsp", "--stdio"], {
    cwd: project,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = new Map();
  const send = (message) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  messages(child.stdout, (message) => {
    if (message.method !== undefined && message.id !== undefined) send({ id: message.id, result: null });
    waiting.get(message.id)?.(message.result);
  });
  let last = 0;
  const ask = (method, params) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      send({ id: last, method, params });
    });
  const uri = pathToFileURL(file).href;
  await ask("initialize", {
    processId: process.pid,
    capabilities: { textDocument: { diagnostic: {} } },
    workspaceFolders: [{ uri: pathToFileURL(project).href, name: which }],
  });
  send({ method: "initialized", params: {} });
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "typescript", version: 1, text } },
  });
  const look = () => ask("textDocument/diagnostic", { textDocument: { uri } });
  const start = performance.now();
  await look();
  const first = performance.now() - start;
  const opened = resident(child.pid);
  const times = [];
  for (let n = 1; n <= Number(count); n += 1) {
    const since = performance.now();
    send({
      method: "textDocument/didChange",
      params: { textDocument: { uri, version: n + 1 }, contentChanges: [{ text: edited(n) }] },
    });
    await look();
    times.push(performance.now() - since);
  }
  const after = resident(child.pid);
  child.kill();
  return { first, opened, after, times };
}

async function tsserver() {
  const child = spawn(
    process.execPath,
    [join(folder, "node_modules/typescript/lib/tsserver.js"), "--disableAutomaticTypingAcquisition"],
    { cwd: project, stdio: ["pipe", "pipe", "inherit"] },
  );
  let done = () => {};
  messages(child.stdout, ({ event }) => event === "requestCompleted" && done());
  let seq = 0;
  const send = (command, args) =>
    child.stdin.write(`${JSON.stringify({ seq: ++seq, type: "request", command, arguments: args })}\n`);
  const look = () =>
    new Promise((resolve) => {
      done = resolve;
      send("geterr", { files: [file], delay: 0 });
    });
  send("open", { file, fileContent: text });
  const start = performance.now();
  await look();
  const first = performance.now() - start;
  const opened = resident(child.pid);
  const { length: line } = text.slice(0, at).split("\n");
  const times = [];
  for (let n = 1; n <= Number(count); n += 1) {
    const since = performance.now();
    const end = n === 1 ? { endLine: line, endOffset: 1 } : { endLine: line + 1, endOffset: 1 };
    send("change", { file, line, offset: 1, ...end, insertString: `  const typed${n} = ${n};\n` });
    await look();
    times.push(performance.now() - since);
  }
  const after = resident(child.pid);
  child.kill();
  return { first, opened, after, times };
}

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const results = { lockscope: await lockscope(), tsserver: await tsserver() };
console.log(`${which}: one file open, ${count} edits`);
for (const [name, { first, opened, after, times }] of Object.entries(results)) {
  const [median, slow] = [quantile(times, 0.5), quantile(times, 0.95)];
  console.log(
    `  ${name.padEnd(10)} first answer ${(first / 1000).toFixed(1)} s, ${opened.toFixed(0)} MB; after the edits ${after.toFixed(0)} MB; an edit ${median.toFixed(0)} ms, 95th ${slow.toFixed(0)} ms`,
  );
}
const ratio = (pick) => (pick(results.lockscope) / pick(results.tsserver)).toFixed(2);
console.log(`  lockscope / tsserver: opened ${ratio((r) => r.opened)}, after ${ratio((r) => r.after)}`);
