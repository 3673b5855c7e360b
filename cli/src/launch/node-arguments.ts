const typescript = /\.[cm]?tsx?$/;

/**
 * What Node is given before the program: the instrument first, so that it is there before anything of the
 * program's; for TypeScript the loader of tsx, found from here and not from the program's own dependencies.
 */
export function nodeArguments(program: string): string[] {
  const imports = [new URL("register.mjs", import.meta.url).href];
  if (typescript.test(program)) imports.push(import.meta.resolve("tsx"));
  return ["--enable-source-maps", ...imports.flatMap((url) => ["--import", url])];
}
