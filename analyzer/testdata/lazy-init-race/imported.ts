/** A module is the same one however often it is imported; what is made with it is not. */
export class Images {
  private paths: typeof import("node:path") | undefined;
  private join: ((...parts: string[]) => string) | undefined;
  private file: { close(): Promise<void> } | undefined;

  async module(): Promise<string> {
    this.paths ??= await import("node:path");
    return this.paths.sep;
  }

  async member(): Promise<string> {
    if (this.join === undefined) this.join = (await import("node:path")).posix.join;
    return this.join("a", "b");
  }

  async made(): Promise<void> {
    if (this.file === undefined) this.file = await (await import("node:fs/promises")).open("a"); // want: lazy-init-race
    await this.file.close();
  }
}
