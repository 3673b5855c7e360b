import { basename, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { completionsAt, isInAnnotation } from "./annotations/in-editor.js";
import type {
  CheckOptions,
  CheckResult,
  Finding,
  InternalError,
  Workspace,
  WorkspaceOptions,
} from "./api.js";
import { createMemory, type Memory } from "./cache/remember.js";
import { openStore } from "./cache/store.js";
import { levelled } from "./config/levels.js";
import { configName } from "./config/lockscope-config.js";
import { createSettings } from "./config/settings.js";
import { createHomes } from "./homes.js";
import { hoverAt } from "./hover.js";
import { containedIn, type Judged, judge } from "./judge.js";
import { displaced, displacement } from "./project/displacement.js";
import { isSource, kindOf, sourcesBelow } from "./project/files.js";
import type { Project } from "./project/project.js";
import { createTexts } from "./project/texts.js";
import { crewFor, judgeTogether } from "./threads/crew.js";

/** How long a check may keep the event loop, in milliseconds, before it lets others run. */
const slice = 12;

/** Opens a workspace; projects are loaded when a file of theirs is first asked for. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { log = () => {}, levels, cache, threads } = options;
  const texts = createTexts();
  const settings = createSettings(levels);
  const homes = createHomes(options, texts, settings);
  const { projectOf, arranged, reload } = homes;
  const checked = new Set<string>();
  const store = cache && openStore(cache.folder, cache.version, log);
  const memories = new WeakMap<Project, Memory>();

  function memoryOf(file: string): Memory {
    const project = projectOf(file);
    let memory = memories.get(project);
    if (memory === undefined) {
      memory = createMemory(project, store);
      memories.set(project, memory);
    }
    return memory;
  }

  function changed(file: string): void {
    for (const project of homes.loaded) contain(`could not read ${file} again`, () => project.changed(file));
  }

  function contain(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      reload();
    }
  }

  /** Findings of the texts that parsed last, where they are in the texts of now. */
  function shown(findings: readonly Finding[], project: Project): readonly Finding[] {
    let moved = findings;
    for (const [file, text] of project.unparsed) {
      const loaded = project.snapshot().sourceFile(file)?.text;
      if (loaded !== undefined) moved = displaced(moved, file, displacement(loaded, text));
    }
    return moved;
  }

  function recalled(file: string): Judged | undefined {
    return containedIn(file, log, () => {
      const before = memoryOf(file).recall(file);
      return before && { ...before, explored: 0 };
    });
  }

  async function judgeAll(
    files: readonly string[],
    { signal, onProgress }: CheckOptions,
  ): Promise<ReadonlyMap<string, Judged>> {
    const judged = new Map<string, Judged>();
    const rest = createRest(signal);
    function bring(file: string, result: Judged): void {
      judged.set(file, result);
      onProgress?.(judged.size, files.length);
    }
    function learn(file: string, result: Judged): void {
      if (result.checked !== undefined) memoryOf(file).keep(file, result.checked);
      bring(file, result);
    }
    const unknown: string[] = [];
    for (const file of files) {
      checked.add(file);
      const before = recalled(file);
      if (before === undefined) unknown.push(file);
      else bring(file, before);
      await rest();
    }
    // What an editor holds, only this thread has.
    const size = threads === undefined || texts.anyOpen() ? 0 : crewFor(unknown.length, threads.processors);
    const own = (file: string) => judge(file, projectOf, log);
    if (size > 0 && threads !== undefined) {
      const work = { options, all: files, files: unknown, arranged, log };
      await judgeTogether(work, { size, entry: threads.entry }, own, learn, rest);
    } else {
      for (const file of unknown) {
        learn(file, own(file));
        await rest();
      }
    }
    return judged;
  }

  return {
    setText(file, text) {
      texts.set(file, text);
      changed(file);
    },
    clearText(file) {
      texts.clear(file);
      changed(file);
    },
    filesChanged(files) {
      if (files.some((file) => basename(file) === configName)) {
        settings.forget();
        reload();
      }
      if (files.some((file) => /[\\/](?:[tj]sconfig[^\\/]*|package)\.json$/.test(file))) return reload();
      for (const file of files) if (!texts.isOpen(file)) changed(file);
    },
    listFiles(paths) {
      const found = paths.flatMap((path) => {
        const at = resolve(options.cwd, path);
        return kindOf(at) === "folder" ? sourcesBelow(at) : isSource(at) ? [at] : [];
      });
      return [...new Set(found)].filter((file) => !settings.isExcluded(file));
    },
    projectFiles(config) {
      const { files = [], errors } = homes.readConfig(config);
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
      return files.filter((file) => isSource(file) && !settings.isExcluded(file));
    },
    async check(asked, checking = {}): Promise<CheckResult> {
      const files = asked.filter((file) => !settings.isExcluded(file));
      // All at once: a file admitted later would make a new program of what is loaded by then.
      for (const file of files) contain(`could not read ${file}`, () => projectOf(file).admit(file));
      const judged = await judgeAll(files, checking);
      store?.save();

      const found: Finding[] = [];
      const errors = new Set<InternalError>(files.flatMap((file) => settings.errors(file)));
      let analyzed = 0;
      let explored = 0;
      for (const [file, { checked: result, failure, explored: own }] of inOrderOf(files, judged)) {
        explored += own;
        if (failure !== undefined) {
          errors.add(failure);
          continue;
        }
        const project = projectOf(file);
        for (const error of project.errors) errors.add(error);
        if (result === undefined) continue;
        analyzed += 1;
        found.push(...shown(result.findings, project));
        for (const error of result.errors) errors.add(error);
      }
      const wanted = new Set(files);
      return {
        findings: unique(found.filter(({ file }) => wanted.has(file))).flatMap((finding) =>
          levelled(finding, settings.levels(finding.file)),
        ),
        errors: [...errors],
        analyzed,
        skipped: files.length - analyzed,
        explored,
      };
    },
    completions(file, position) {
      const text = texts.read(file);
      if (text === undefined || !isInAnnotation(text, position)) return [];
      const project = projectOf(file);
      // While the text does not parse, positions in it mean nothing to what is loaded.
      if (!project.admit(file) || project.unparsed.has(file)) return [];
      return completionsAt(project.snapshot(), file, position);
    },
    hover(file, position) {
      const project = projectOf(file);
      if (!project.admit(file)) return undefined;
      const snapshot = project.snapshot();
      const text = project.unparsed.get(file);
      const loaded = snapshot.sourceFile(file)?.text;
      if (text === undefined || loaded === undefined) return hoverAt(snapshot, file, position);
      const asked = displacement(text, loaded)({ start: position, end: position });
      const answer = asked && hoverAt(snapshot, file, asked.start);
      const range = answer && displacement(loaded, text)(answer.range);
      return range && { ...answer, range };
    },
    affectedBy(file) {
      const project = projectOf(file);
      const together = new Set([file, ...project.admitted()]);
      return [...checked].filter((each) => together.has(each));
    },
    dispose: reload,
  };
}

/** A finding in one file may come to light in the check of another, and once more in its own. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, range: { start } }) => {
    const key = `${rule}:${file}:${start.line}:${start.character}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The threads bring what they judged as it comes; told is in the order that was asked for. */
function inOrderOf<T>(files: readonly string[], judged: ReadonlyMap<string, T>): [string, T][] {
  return files.flatMap((file): [string, T][] => {
    const result = judged.get(file);
    return result === undefined ? [] : [[file, result]];
  });
}

/** Lets others run when the event loop was kept for long enough. */
function createRest(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - since <= slice) return;
    await setImmediate();
    signal?.throwIfAborted();
    since = performance.now();
  };
}
