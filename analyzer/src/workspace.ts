import { basename, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { completionsAt, isInAnnotation } from "./annotations/in-editor.js";
import type { CheckResult, Finding, InternalError, Workspace, WorkspaceOptions } from "./api.js";
import { createMemory, type Memory } from "./cache/remember.js";
import { openStore } from "./cache/store.js";
import { levelled } from "./config/levels.js";
import { configName } from "./config/lockscope-config.js";
import { createSettings } from "./config/settings.js";
import { hoverAt } from "./hover.js";
import { createConfigs } from "./project/config.js";
import { displaced, displacement } from "./project/displacement.js";
import { isSource, kindOf, sourcesBelow } from "./project/files.js";
import { isStackOverflow } from "./project/nesting.js";
import { createProject, type Project } from "./project/project.js";
import { createTexts } from "./project/texts.js";

/** How long a check may keep the event loop, in milliseconds, before it lets others run. */
const slice = 12;

/** Opens a workspace; projects are loaded when a file of theirs is first asked for. */
export function openWorkspace({ cwd, log = () => {}, levels, tsconfig, cache }: WorkspaceOptions): Workspace {
  const texts = createTexts();
  const settings = createSettings(levels);
  let configs = createConfigs(tsconfig);
  const projects = new Map<string, Project>();
  const homes = new Map<string, Project>();
  const checked = new Set<string>();
  const store = cache && openStore(cache.folder, cache.version, log);
  const memories = new WeakMap<Project, Memory>();

  function projectOf(file: string): Project {
    const known = homes.get(file);
    if (known !== undefined) return known;
    const config = configs.of(file);
    const own = settings.configOf(file);
    const key = `${config.path} ${own?.path}`;
    let project = projects.get(key);
    if (project === undefined) {
      project = createProject(config, cwd, texts, own?.models);
      projects.set(key, project);
    }
    homes.set(file, project);
    return project;
  }

  function memoryOf(project: Project): Memory {
    let memory = memories.get(project);
    if (memory === undefined) {
      memory = createMemory(project, store);
      memories.set(project, memory);
    }
    return memory;
  }

  function reload(): void {
    for (const project of projects.values()) project.dispose();
    configs = createConfigs(tsconfig);
    projects.clear();
    homes.clear();
  }

  function changed(file: string): void {
    for (const project of projects.values())
      contain(`could not read ${file} again`, () => project.changed(file));
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
        const at = resolve(cwd, path);
        return kindOf(at) === "folder" ? sourcesBelow(at) : isSource(at) ? [at] : [];
      });
      return [...new Set(found)].filter((file) => !settings.isExcluded(file));
    },
    projectFiles(config) {
      const { files = [], errors } = configs.read(config);
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
      return files.filter((file) => isSource(file) && !settings.isExcluded(file));
    },
    async check(asked, { signal, onProgress } = {}): Promise<CheckResult> {
      const files = asked.filter((file) => !settings.isExcluded(file));
      const findings: Finding[] = [];
      const errors: InternalError[] = [];
      const configurations = new Set<Project>();
      const configErrors = new Set<InternalError>();
      let analyzed = 0;
      let explored = 0;
      let since = performance.now();
      // All at once: a file admitted later would make a new program of what is loaded by then.
      for (const file of files) contain(`could not read ${file}`, () => projectOf(file).admit(file));
      for (const [index, file] of files.entries()) {
        signal?.throwIfAborted();
        if (performance.now() - since > slice) {
          await setImmediate();
          signal?.throwIfAborted();
          since = performance.now();
        }
        try {
          for (const error of settings.errors(file)) configErrors.add(error);
          const project = projectOf(file);
          if (!configurations.has(project)) errors.push(...project.errors);
          configurations.add(project);
          checked.add(file);
          const before = project.explored;
          const result = memoryOf(project).check(file);
          explored += project.explored - before;
          if (result !== undefined) {
            analyzed += 1;
            findings.push(...shown(result.findings, project));
            errors.push(...result.errors);
          }
        } catch (error) {
          if (isStackOverflow(error)) log(`${file}: nested too deeply to be looked at`);
          else errors.push(internal(file, error));
        }
        onProgress?.(index + 1, files.length);
      }
      store?.save();
      const wanted = new Set(files);
      return {
        findings: unique(findings.filter(({ file }) => wanted.has(file))).flatMap((finding) =>
          levelled(finding, settings.levels(finding.file)),
        ),
        errors: [...configErrors, ...errors],
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

function internal(file: string, error: unknown): InternalError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { file, message, ...(stack !== undefined && { stack }) };
}
