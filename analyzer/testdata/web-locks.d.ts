/** As much of the browser's library as the test data calls. */
interface Navigator {
  readonly locks: {
    request<T>(name: string, callback: (lock: { readonly name: string } | null) => T): Promise<Awaited<T>>;
    request<T>(
      name: string,
      options: object,
      callback: (lock: { readonly name: string } | null) => T,
    ): Promise<Awaited<T>>;
  };
}
declare var navigator: Navigator;
