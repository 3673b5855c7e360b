/** Variables as a debug configuration has them; `null` unsets one. */
export type Environment = Readonly<Record<string, string | null | undefined>>;

/**
 * `NODE_OPTIONS` with `--import url` at its end, unless it is there already: the resolving of a debug
 * configuration is run again for each child session. A file URL has its spaces percent-encoded, so it needs none
 * of the quoting on which Node, shells and launchers disagree.
 */
export function withImport(nodeOptions: string | null | undefined, url: string): string {
  const options = nodeOptions?.trim() ?? "";
  const flag = `--import ${url}`;
  if (` ${options} `.includes(` ${flag} `)) return options;
  return options === "" ? flag : `${options} ${flag}`;
}

/** Is a trace already part of this environment? */
export function isTraced(env: Environment | undefined): boolean {
  return typeof env?.LOCKSCOPE_TRACE === "string";
}

/**
 * What a debug configuration's `env` becomes, so that the program and all Node processes that it starts are traced.
 * @param inherited what the program would see if `env` said nothing
 */
export function tracedEnvironment(
  env: Environment | undefined,
  inherited: Environment,
  register: string,
  variables: Readonly<Record<string, string>>,
): Record<string, string | null | undefined> {
  const own = env !== undefined && "NODE_OPTIONS" in env ? env.NODE_OPTIONS : inherited.NODE_OPTIONS;
  return { ...env, ...variables, NODE_OPTIONS: withImport(own, register) };
}
