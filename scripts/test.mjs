// Everything that must hold, in one command: `npm test`. `--no-editor` leaves the real VS Code out.
import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const artifacts = join(root, "test-artifacts");
const unitResults = join(artifacts, "unit.json");
const editorResults = join(artifacts, "editor.json");

const bin = (name) => join(root, "node_modules/.bin", name);
const steps = [
  ["build", [process.execPath, "scripts/build.mjs"]],
  ["format and lint", [bin("biome"), "check", "--error-on-warnings", "."]],
  ["types", [bin("tsc"), "-p", "tsconfig.json"]],
  ["types of the trace room (no Node, no DOM)", [bin("tsc"), "-p", "trace/tsconfig.json"]],
  ["types of the viewer", [bin("tsc"), "-p", "viewer/tsconfig.json"]],
  ["types of the analyzer's test data", [bin("tsc"), "-p", "analyzer/testdata/tsconfig.json"]],
  ["types of the examples", [bin("tsc"), "-p", "examples/tsconfig.json"]],
  ["who imports whom", [process.execPath, "scripts/depcruise.mjs"]],
  [
    "unit, LSP, CLI and viewer tests",
    [bin("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitResults}`],
  ],
  ...(process.argv.includes("--no-editor")
    ? []
    : [
        ["a real VS Code", [bin("tsx"), "--conditions=@lockscope/source", "test/editor/main.ts"]],
        ["the library in VS Code's web worker", [bin("tsx"), "test/platforms/web-extension.ts"]],
      ]),
];

function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit", shell: process.platform === "win32" });
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(signal ? 1 : code));
  });
}

/** Counts of a runner that writes its results as JSON; none where it did not get that far. */
async function countsOf(file) {
  try {
    const {
      numPassedTests = 0,
      numFailedTests = 0,
      numPendingTests = 0,
    } = JSON.parse(await readFile(file, "utf8"));
    return [numPassedTests, numFailedTests, numPendingTests];
  } catch (error) {
    if (error.code === "ENOENT") return [0, 0, 0];
    throw error;
  }
}

await mkdir(artifacts, { recursive: true });
await Promise.all([unitResults, editorResults].map((file) => rm(file, { force: true })));
let failedSteps = 0;
for (const [name, command] of steps) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const code = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${name}: ${code === 0 ? "ok" : `FAILED (exit status ${code})`}, ${seconds} s`);
  if (code !== 0) failedSteps += 1;
  // Nothing after a build that failed can tell anything.
  if (code !== 0 && name === "build") break;
}
const [units, editor] = await Promise.all([countsOf(unitResults), countsOf(editorResults)]);
const [passed, failed, skipped] = units.map((count, index) => count + editor[index]);
console.log(`\n${passed} passed, ${Math.max(failed, failedSteps)} failed, ${skipped} skipped`);
process.exitCode = failedSteps === 0 ? 0 : 1;
