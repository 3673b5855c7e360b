// A whole project from nothing, and again from the cache, beside those who read the same files.
// `npm run build && node bench/analyzer/cold.mjs [sparse|dense] [rounds]`
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folder, makeProjects, sizeOf } from "./projects.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [which = "", rounds = "3"] = process.argv.slice(2);
const projects = Object.entries(makeProjects()).filter(([name]) => which === "" || name === which);
const bin = (name) => join(folder, "node_modules/.bin", name);
const lockscope = join(root, "cli/bin/lockscope.mjs");

/** The two rules of ESLint that come nearest; the first one asks the type checker, too. */
const eslintConfig = `import tseslint from "typescript-eslint";
export default [{
  files: ["**/*.ts"],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
  plugins: { "@typescript-eslint": tseslint.plugin },
  linterOptions: { reportUnusedDisableDirectives: "off" },
  rules: { "@typescript-eslint/no-floating-promises": "error", "require-atomic-updates": "error" },
}];
`;

function seconds(command, args, cwd) {
  const start = process.hrtime.bigint();
  const { error, signal } = spawnSync(command, args, { cwd, stdio: "ignore", timeout: 900_000 });
  if (error !== undefined && signal === null) throw error;
  return signal === null ? Number(process.hrtime.bigint() - start) / 1e9 : Number.POSITIVE_INFINITY;
}

console.log(`${cpus().length} cores, Node ${process.version}`);
for (const [name, project] of projects) {
  writeFileSync(join(project, "eslint.config.mjs"), eslintConfig);
  const cache = join(folder, `cache-${name}`);
  const check = (...more) =>
    seconds(process.execPath, [lockscope, "check", "--format", "json", ...more, "src"], project);
  const subjects = {
    "lockscope, cold": () => check(),
    "lockscope, from its cache": () => check("--cache-location", cache),
    "tsc 6 --noEmit": () => seconds(bin("tsc"), ["--noEmit", "-p", "."], project),
    "tsc 7 (native) --noEmit": () => seconds(bin("tsgo"), ["--noEmit", "-p", "."], project),
    ...(process.env.ESLINT && { "eslint, two rules": () => seconds(bin("eslint"), ["src"], project) }),
  };
  rmSync(cache, { recursive: true, force: true });
  check("--cache-location", cache);
  const times = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
  // Side by side: what slows the machine for a while slows all of them.
  for (let round = 0; round < Number(rounds); round += 1)
    for (const [subject, run] of Object.entries(subjects)) times[subject].push(run());
  const { files, lines } = sizeOf(project);
  console.log(`\n${name}: ${files} files, ${lines} lines`);
  const own = Math.min(...times["lockscope, cold"]);
  for (const [subject, all] of Object.entries(times)) {
    const best = Math.min(...all);
    console.log(
      `  ${subject.padEnd(28)} ${best.toFixed(2).padStart(8)} s   lockscope cold / this = ${(own / best).toFixed(2)}`,
    );
  }
}
