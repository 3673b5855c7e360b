/** As much of lodash as the test data calls. */
declare module "lodash" {
  export function clone<T>(value: T): T;
  export function cloneDeep<T>(value: T): T;
  export function pick<T extends object, K extends keyof T>(value: T, ...keys: K[]): Pick<T, K>;
  const lodash: { clone: typeof clone; cloneDeep: typeof cloneDeep; pick: typeof pick };
  export default lodash;
}
