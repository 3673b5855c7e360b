/** Gives back what was acquired; does so once, however often it is called. */
export type Releaser = () => void;

/** As async-mutex declares it. A higher `priority` is served first; 0 unless told. */
export interface MutexInterface {
  acquire(priority?: number): Promise<Releaser>;
  runExclusive<T>(callback: () => Promise<T> | T, priority?: number): Promise<T>;
  waitForUnlock(priority?: number): Promise<void>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}

/** As async-mutex declares it. `weight` is how much of the value is taken; 1 unless told. */
export interface SemaphoreInterface {
  acquire(weight?: number, priority?: number): Promise<[number, Releaser]>;
  runExclusive<T>(
    callback: (value: number) => Promise<T> | T,
    weight?: number,
    priority?: number,
  ): Promise<T>;
  waitForUnlock(weight?: number, priority?: number): Promise<void>;
  isLocked(): boolean;
  getValue(): number;
  setValue(value: number): void;
  release(weight?: number): void;
  cancel(): void;
}
