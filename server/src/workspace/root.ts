import type { Workspace, WorkspaceOptions } from "@lockscope/analyzer";

export type OpenWorkspace = (options: WorkspaceOptions) => Workspace;

/**
 * One folder and the analyzer's workspace on it, opened when the first question comes. `generation` grows with
 * every change of text or disk: a result is good for the generation it was made in and no other.
 */
export class Root {
  #workspace: Workspace | undefined;
  readonly #texts = new Map<string, string>();
  #queue: Promise<unknown> = Promise.resolve();
  generation = 0;

  constructor(
    readonly cwd: string,
    private readonly open: OpenWorkspace,
    private readonly log: (message: string) => void,
  ) {}

  get workspace(): Workspace {
    if (this.#workspace === undefined) {
      const workspace = this.open({ cwd: this.cwd, log: this.log });
      for (const [file, text] of this.#texts) workspace.setText(file, text);
      this.#workspace = workspace;
    }
    return this.#workspace;
  }

  setText(file: string, text: string): void {
    this.generation++;
    this.#texts.set(file, text);
    this.#workspace?.setText(file, text);
  }

  clearText(file: string): void {
    if (!this.#texts.delete(file)) return;
    this.generation++;
    this.#workspace?.clearText(file);
  }

  /** The editor's text of a file, or undefined where the disk counts. */
  textOf(file: string): string | undefined {
    return this.#texts.get(file);
  }

  get empty(): boolean {
    return this.#texts.size === 0;
  }

  filesChanged(files: readonly string[]): void {
    if (files.length === 0) return;
    this.generation++;
    this.#workspace?.filesChanged(files);
  }

  affectedBy(file: string): readonly string[] {
    return this.#workspace?.affectedBy(file) ?? [];
  }

  /** The work on one workspace is done one piece after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // The caller of this turn is told; the next one does not care.
    return turn;
  }

  /** Starts over at the next question: dependencies were installed, nothing resolved before need hold. */
  reload(): void {
    this.generation++;
    this.#workspace?.dispose();
    this.#workspace = undefined;
  }
}
