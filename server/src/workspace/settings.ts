import type { Connection } from "vscode-languageserver/node";
import type { ClientFeatures } from "../protocol/client-features.js";
import type { Log } from "../protocol/log.js";

/** The `lockscope` section of the client's configuration, as far as the server heeds it. */
export interface Settings {
  /** `lockscope.enable`: false silences diagnostics, code actions and hovers. */
  readonly enable: boolean;
}

const section = "lockscope";

/**
 * Settings per document: asked of clients that answer `workspace/configuration` (and remembered until they say
 * that it changed), else what came with `initializationOptions` or the last `didChangeConfiguration`.
 */
export class SettingsStore {
  #shared: Settings;
  readonly #byUri = new Map<string, Promise<Settings>>();

  constructor(
    private readonly workspace: Pick<Connection["workspace"], "getConfiguration">,
    private readonly features: ClientFeatures,
    private readonly log: Log,
    initializationOptions: unknown,
  ) {
    this.#shared = settingsFrom(initializationOptions);
  }

  for(uri: string): Promise<Settings> {
    if (!this.features.configuration) return Promise.resolve(this.#shared);
    let settings = this.#byUri.get(uri);
    if (settings === undefined) {
      settings = this.#ask(uri);
      this.#byUri.set(uri, settings);
    }
    return settings;
  }

  async #ask(scopeUri: string): Promise<Settings> {
    try {
      return settingsFrom(await this.workspace.getConfiguration({ scopeUri, section }));
    } catch (error) {
      this.log.failure("workspace/configuration (going on with the defaults)", error);
      return this.#shared;
    }
  }

  /** @param settings what `workspace/didChangeConfiguration` carried. */
  changed(settings: unknown): void {
    this.#byUri.clear();
    if (isRecord(settings) && section in settings) this.#shared = settingsFrom(settings[section]);
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }
}

function settingsFrom(value: unknown): Settings {
  return { enable: !(isRecord(value) && value.enable === false) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
