declare function load(id: number): Promise<number>;
declare function pause(): Promise<void>;
declare function refresh(token: string): Promise<string>;

let nonce = 0;
let token = "";
const balances: Record<string, number> = {};
const stats = { hits: 0 };

export async function nextNonce(): Promise<number> {
  const mine = nonce;
  await pause();
  nonce = mine + 1; // want: lost-update
  return mine;
}

export async function rotate(): Promise<void> {
  token = await refresh(token); // want: lost-update
}

export async function deposit(account: string, amount: number): Promise<void> {
  const balance = balances[account] ?? 0;
  await pause();
  balances[account] = balance + amount; // want: lost-update
}

export const hit = async (): Promise<void> => {
  const { hits } = stats;
  await pause();
  stats.hits = hits + 1; // want: lost-update
};

export async function sum(ids: readonly number[]): Promise<number> {
  let total = 0;
  await Promise.all(
    ids.map(async (id) => {
      total += await load(id); // want: lost-update
    }),
  );
  return total;
}

export function createAccount() {
  let balance = 0;
  return {
    async withdraw(amount: number): Promise<void> {
      const before = balance;
      await pause();
      balance = before - amount; // want: lost-update
    },
    deposit(amount: number): void {
      balance += amount;
    },
  };
}

export async function twice(): Promise<number> {
  let count = 0;
  const increment = async (): Promise<void> => {
    const before = count;
    await pause();
    count = before + 1; // want: lost-update
  };
  await Promise.all([increment(), increment()]);
  return count;
}

export async function inTurn(ids: readonly number[]): Promise<number> {
  let total = 0;
  for (const id of ids) total += await load(id);
  const add = async (id: number): Promise<void> => {
    total += await load(id);
  };
  for (const id of ids) await add(id);
  return total;
}

export async function sumRight(ids: readonly number[]): Promise<number> {
  let total = 0;
  await Promise.all(
    ids.map(async (id) => {
      const value = await load(id);
      total += value;
    }),
  );
  return total;
}

export async function increase(counter: { n: number }): Promise<void> {
  counter.n = counter.n + (await load(1));
}

async function main(): Promise<void> {
  nonce = nonce + (await load(1));
}
void main();
