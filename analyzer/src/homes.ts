import type { WorkspaceOptions } from "./api.js";
import type { Settings } from "./config/settings.js";
import { createConfigs, type ProjectConfig } from "./project/config.js";
import { createProject, type Project } from "./project/project.js";
import type { Texts } from "./project/texts.js";

/** The projects of a workspace, and which one each file is at home in; loaded when a file first asks. */
export interface Homes {
  projectOf(file: string): Project;
  readonly loaded: Iterable<Project>;
  readConfig(tsconfig: string): ProjectConfig;
  /** The files of a list, together what is near each other in its program; the same in every thread. */
  arranged(files: readonly string[]): readonly string[];
  /** Forgets all of it: a configuration changed. */
  reload(): void;
}

export function createHomes({ cwd, tsconfig }: WorkspaceOptions, texts: Texts, settings: Settings): Homes {
  let configs = createConfigs(tsconfig);
  const projects = new Map<string, Project>();
  const homes = new Map<string, Project>();

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

  return {
    projectOf,
    get loaded() {
      return projects.values();
    },
    arranged(files) {
      const wanted = new Set(files);
      const loaded = [...new Set(files.map(projectOf))].flatMap(orderOf);
      const first = loaded.filter((file) => wanted.has(file));
      return [...new Set([...first, ...files])];
    },
    readConfig: (config) => configs.read(config),
    reload() {
      for (const project of projects.values()) project.dispose();
      configs = createConfigs(tsconfig);
      projects.clear();
      homes.clear();
    },
  };
}

/** What keeps a program from being made is told when its files are judged: any order will do then. */
function orderOf(project: Project): readonly string[] {
  try {
    return project.loadingOrder();
  } catch {
    return [];
  }
}
