/** How findings reach the client: it pulls them, or they are pushed to it. */
export interface Delivery {
  /** The findings of these open files may differ now. `edited` is the one among them that the user is typing in. */
  changed(files: readonly string[], edited?: string): void;
  opened(file: string): void;
  closed(file: string, uri: string): void;
  dispose(): void;
}
