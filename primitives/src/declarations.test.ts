import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const home = join(import.meta.dirname, "..");

/** The library's declarations as the build makes them, by path. */
function declarations(): { files: Map<string, string>; options: ts.CompilerOptions } {
  const config = join(home, "tsconfig.build.json");
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    { noEmit: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} },
  )!;
  const files = new Map<string, string>();
  ts.createProgram(parsed.fileNames, parsed.options).emit(undefined, (path, text) => files.set(path, text));
  return { files, options: parsed.options };
}

it("declarations without what is internal still fit together, for users who check their libraries", () => {
  const { files, options } = declarations();
  const strict = { ...options, noEmit: true, skipLibCheck: false, types: [] };
  const host = ts.createCompilerHost(strict);
  const { fileExists, getSourceFile, readFile } = host;
  host.directoryExists = () => true;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  const entries = [...files.keys()].filter(
    (path) => dirname(path) === join(home, "dist/esm") && path.endsWith(".d.ts"),
  );
  expect(entries.length).toBeGreaterThan(5);
  const program = ts.createProgram(entries, strict, host);
  const ours = program.getSourceFiles().filter(({ fileName }) => files.has(fileName));
  const found = ours.flatMap((file) => program.getSemanticDiagnostics(file));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
